"""Telling other systems: thin payloads, signatures, retries, and an address check before any connection."""
