"""Telling people: the bell, and e-mail through the outbox."""
