"""Contacts out of files: what a file says, what its columns mean, what becomes of its rows, and how to take it back."""
