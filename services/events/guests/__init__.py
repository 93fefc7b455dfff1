"""Guests of events: invited and reminded by mail, answering by a link of their own, given places, noted as there."""
