"""The parts of the API Improvement Proposals that every list and update shares: one file each."""
