"""The services. They meet on the wire only."""
