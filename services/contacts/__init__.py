"""The customer base: persons and companies, who looks after them and who may see them.

Owns contacts, what administrators decide about them, imports and exports, and decides the deletion of contacts.
Announces ContactCreated, ContactUpdated, ContactAssigned, ContactMerged, ContactUnmerged, ContactDeletionRequested,
ContactDeletionCancelled, ContactDeleted, and what becomes of types, levels, tags, fields, settings, batches, imports
and exports. Hears invoicing's votes on deletions, and from identity who works here and whose records go to whom.
"""
