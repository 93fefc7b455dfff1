"""Rapport on one box: PostgreSQL, NATS, the edge and our processes, from wheels, under one supervisor."""
