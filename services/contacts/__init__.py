"""The customer base: persons and companies, who looks after them and who may see them.

Owns contacts, with their types, temperature levels, tags and fields, and decides their deletion. Announces
ContactCreated, ContactUpdated, ContactAssigned, ContactDeletionRequested, ContactDeletionsRequested,
ContactDeletionCancelled, ContactDeleted, ContactMerged, ContactUnmerged and ContactMailed, who unsubscribed, and what
becomes of types, levels, tags, fields, settings, batches, imports, exports, forms and mailings. Hears invoicing's
votes on deletions, and from identity who works here and whose records go to whom.
"""
