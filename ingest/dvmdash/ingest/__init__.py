"""Relays and archives in, the event log out."""
