"""Files of records that people bring along: read, looked at, corrected, tried, carried out, and taken back."""
