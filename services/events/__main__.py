"""Runs the events service."""

from chassis import server
from services.events.service import service

server.run(service)
