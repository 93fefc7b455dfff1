"""Runs the audit service."""

from chassis import server
from gateway.audit.service import service

server.run(service)
