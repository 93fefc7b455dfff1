"""Identity: users, their sessions and API keys, and the portal they share.

It has the rooms of a service and the database `identity`, but lives inside the gateway, which asks it on every
request. Others hear UserCreated and UserUpdated; it hears nobody. See docs/identity.md.
"""
