"""Runs the invoicing service."""

from chassis import server
from services.invoicing.service import service

server.run(service)
