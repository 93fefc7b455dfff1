"""Gatherings of customers, and of every record what happened with it and which documents belong to it.

Owns events, their tags and fields, files of them that come in and go out, the history and its categories, and
documents. Announces what becomes of them, who was given an event and who is to know of an entry. Hears contacts
(titles, readers, persons of companies, merges, mailings) and invoicing: what others do is written into the history of
the contact that it was done with.
"""
