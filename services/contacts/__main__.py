"""Runs the contacts service."""

from chassis import server
from services.contacts.service import service

server.run(service)
