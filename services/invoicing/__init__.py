"""What customers owe: invoices, their numbers and their sums.

Owns invoices and the counter of their numbers. Announces InvoiceCreated, InvoiceUpdated, InvoiceDeleted, and its vote
on every deletion of a contact. Hears contacts: names and readers for its lists, deletions to vote on, and merges, by
which it points its invoices to the survivor, and back.
"""
