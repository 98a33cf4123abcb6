"""The manifest of a case's evidence: each original's SHA-256, when it came, from whom, whether it was withdrawn.

It says nothing personal. The same rows give the same bytes on every machine, so its own hash can be written down.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from service.store.cases import CaseRow
from service.store.photos import PhotoRow

VERSION = 1


def manifest_of(case: CaseRow, photos: Sequence[PhotoRow]) -> dict[str, Any]:
    """What the manifest says; ``photos`` in the order received."""
    return {
        "manifest": VERSION,
        "case": {
            "id": case.id,
            "external_id": case.external_id,
            "accident_type": case.accident_type,
            "happened_at": case.happened_at,
            "standard": case.standard,
            "parties": [party["id"] for party in case.parties],
            "created_at": _time(case.created_ms),
            "state": case.state,
            "closed_at": _time(case.closed_ms),
            "legal_hold": case.legal_hold,
        },
        "photos": [_photo(photo) for photo in photos],
    }


def manifest_bytes(manifest: dict[str, Any]) -> bytes:
    """The manifest as it is given out and hashed: JSON in UTF-8, keys in their order, one line's end at its end."""
    return (json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")


def digest_of(manifest: dict[str, Any]) -> str:
    """SHA-256 of `manifest_bytes`, 64 hex digits."""
    return hashlib.sha256(manifest_bytes(manifest)).hexdigest()


def _photo(photo: PhotoRow) -> dict[str, Any]:
    return {
        "client_id": photo.client_id,
        "sha256": photo.sha256,
        "size_bytes": photo.size_bytes,
        "format": photo.format,
        "received_at": _time(photo.received_ms),
        "received_by": photo.received_by,
        "party": photo.party,
        "shot_hint": photo.shot_hint,
        "withdrawn_at": _time(photo.withdrawn_ms),
    }


def _time(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
