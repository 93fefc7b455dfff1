"""Runs the notifications service."""

from chassis import server
from gateway.notifications.service import service

server.run(service)
