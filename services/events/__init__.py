"""Gatherings of customers, and of every record what happened with it and which documents belong to it.

Owns events, their tags and fields, their guests, the history and its categories, and files. Announces what becomes of
them, who was given an event, of what its guests were reminded, and who is to know of an entry. Hears contacts (titles,
readers, persons of companies, merges, mailings), invoicing, and notifications (what became of mail to guests): what
others do is written into the history of the contact that it was done with.
"""
