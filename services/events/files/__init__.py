"""Documents of records."""
