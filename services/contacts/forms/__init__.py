"""Contacts from websites: what a form asks for, what it looks like, and what becomes of what visitors enter."""
