"""Who works here and how they prove it: users, their sessions and API keys, and the portal they share.

Owns the database `identity`. Has the rooms of a service, but is served inside the gateway, which asks it at every call.
Announces UserCreated and UserUpdated.
"""
