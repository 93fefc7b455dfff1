"""Who did what: every change of any record, hash-chained.

It has the rooms and the database of a service, and a process of its own. Owns the audit entries. Announces
that it was exported. Hears every event of every service but what is only said to carry out another. See docs/audit.md.
"""
