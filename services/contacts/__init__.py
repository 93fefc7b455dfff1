"""The customer base: persons and companies, who looks after them and who may see them.

Owns contacts and decides their deletion. Announces ContactCreated, ContactUpdated, ContactAssigned,
ContactDeletionRequested, ContactDeletionCancelled and ContactDeleted. Hears invoicing's votes on deletions, and from
identity who works here and whose records go to whom.
"""
