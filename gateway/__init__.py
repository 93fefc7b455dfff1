"""The HTTP for people and programs: REST made from the contract, who is asking, and pushed changes."""
