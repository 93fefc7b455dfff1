"""What each person is told: on the page, and by mail as he wants it; and the mail itself.

It has the rooms and the database of a service, and a process of its own. Owns notifications, who wants to be told what,
how mail leaves, and every mail until it is old. Announces NotificationCreated and NotificationsRead, to the one person
they are for, and what somebody changed of how he is told and how mail leaves. Hears identity: who is who; and from all
services what somebody must be told of. See docs/notifications.md.
"""
