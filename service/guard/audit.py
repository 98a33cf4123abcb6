"""The audit log: a hash chain of records for each organisation, and signed checkpoints of its head.

`next_record` is pure: the store reads the chain's head under a lock, and writes the next record in the transaction
of what it records. Details hold ids and codes, never plates or names: a chain cannot forget.

Checkpoints are signed with Ed25519, not an HMAC: who checks the log then needs the public key alone and cannot forge
with it. What they are for, `service.guard.audit_check` tells; `due` says how soon to make the next.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from vision.errors import InputError

Detail = str | int | bool | None
EVERY_RECORDS: Final = 1000
EVERY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """What happened: ``actor`` did ``action`` to ``subject``; all are ids and codes of ours."""

    actor: str
    action: str
    subject: str
    details: Mapping[str, Detail]
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: its last record's sequence (0 before the first) and hash."""

    chain: str
    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One link. ``sequence`` counts from 1; ``at`` is RFC 3339 in UTC; hashes are 64 hex digits."""

    chain: str
    sequence: int
    at: str
    actor: str
    action: str
    subject: str
    details: Mapping[str, Detail]
    request_id: str
    previous_hash: str
    hash: str

    @property
    def head(self) -> Head:
        """The chain's end right after this record."""
        return Head(self.chain, self.sequence, self.hash)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``signature`` (128 hex digits) says: at ``at`` the chain's record ``sequence`` had this ``hash``."""

    chain: str
    sequence: int
    hash: str
    at: str
    key_id: str
    signature: str


def genesis(chain: str) -> Head:
    """Before a chain's first record; each chain has a hash of its own, so that none can stand in for another."""
    return Head(chain, 0, hashlib.sha256(b"kuaizheng audit 1\n" + chain.encode()).hexdigest())


def canonical(values: Mapping[str, object]) -> bytes:
    """JSON with sorted keys, without spaces, ASCII only: equal values give equal bytes on every machine."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def next_record(last: Head, event: AuditEvent, now: datetime) -> AuditRecord:
    """The record after ``last``. Raises `InputError` for details that are not plain."""
    for name, value in event.details.items():
        if not isinstance(name, str) or not isinstance(value, str | int | None):
            raise InputError("audit details are texts, whole numbers, yes and no")
    fields: dict[str, object] = {
        "chain": last.chain,
        "sequence": last.sequence + 1,
        "at": _time(now),
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "details": dict(event.details),
        "request_id": event.request_id,
        "previous_hash": last.hash,
    }
    return AuditRecord(**fields, hash=hashlib.sha256(canonical(fields)).hexdigest())  # type: ignore[arg-type]


def record_hash(record: AuditRecord) -> str:
    """What the hash of ``record`` must be."""
    names = ("chain", "sequence", "at", "actor", "action", "subject", "request_id", "previous_hash")
    values: dict[str, object] = {name: getattr(record, name) for name in names}
    return hashlib.sha256(canonical(values | {"details": dict(record.details)})).hexdigest()


def sign_checkpoint(head: Head, key_id: str, key: Ed25519PrivateKey, now: datetime) -> Checkpoint:
    """A signed statement of the chain's head."""
    unsigned = Checkpoint(head.chain, head.sequence, head.hash, _time(now), key_id, "")
    return Checkpoint(head.chain, head.sequence, head.hash, unsigned.at, key_id, key.sign(_statement(unsigned)).hex())


def due(last: Checkpoint | None, head: Head, now: datetime) -> bool:
    """Whether the head needs a checkpoint: 1,000 records or 10 minutes since the last, if there is anything new."""
    told = last.sequence if last else 0
    if head.sequence <= told:
        return False
    if last is None or head.sequence - told >= EVERY_RECORDS:
        return True
    return now - datetime.fromisoformat(last.at) >= EVERY


def is_signed(checkpoint: Checkpoint, chain: str, public_keys: Mapping[str, Ed25519PublicKey]) -> bool:
    """Whether it is of this chain, and of one of these keys (by id)."""
    key = public_keys.get(checkpoint.key_id)
    if key is None or checkpoint.chain != chain:
        return False
    try:
        key.verify(bytes.fromhex(checkpoint.signature), _statement(checkpoint))
    except (InvalidSignature, ValueError):
        return False
    return True


def _statement(checkpoint: Checkpoint) -> bytes:
    names = ("chain", "sequence", "hash", "at", "key_id")
    return b"kuaizheng checkpoint 1\n" + canonical({name: getattr(checkpoint, name) for name in names})


def _time(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise InputError("a time of the audit log needs its zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
