"""What each sender has uploaded on a day, for quotas."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text

from service.store.schema import metadata

usage = Table(
    "usage",
    metadata,
    Column("organisation_id", Text, ForeignKey("organisations.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("photos", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
)
"""``day`` counts from 1970 (UTC); ``key`` is the sender as photos note it."""
