"""The thin payload: ids, numbers and codes from a list, so that no plate or name can leave by this way.

The receiver asks for the rest with its own key. What an uploader or an integrator chose freely (file names, client
ids, external ids) is left out on purpose: people write plates and names there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from service.guard.ids import minted
from vision.errors import InputError

MAX_BYTES: Final = 20_000
MAX_CODES: Final = 100
_CODE: Final = re.compile(r"[a-z][a-z_]{0,63}", re.ASCII)
_REQUIREMENT: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
"""An id of a standard's requirement, or of a standing check."""
_STANDARD: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,63}", re.ASCII)


class Event(StrEnum):
    ASSESSMENT_UPDATED = "assessment.updated"
    PHOTO_REJECTED = "photo.rejected"
    REVIEW_DECIDED = "review.decided"


def _code(value: object) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _requirements(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) <= MAX_CODES and all(map(_requirement, value))


def _requirement(value: object) -> bool:
    return isinstance(value, str) and _REQUIREMENT.fullmatch(value) is not None


def _score(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _standard(value: object) -> bool:
    return isinstance(value, str) and _STANDARD.fullmatch(value) is not None


Rule = Callable[[object], bool]
_CASE: Final[dict[str, Rule]] = {"organisation_id": minted, "case_id": minted}
FIELDS: Final[dict[Event, dict[str, Rule]]] = {
    Event.ASSESSMENT_UPDATED: _CASE
    | {
        "version": _number,
        "score": _score,
        "decision": _code,
        "standard": _standard,
        "standard_version": _standard,
        "requirements_failed": _requirements,
        "requirements_unsure": _requirements,
    },
    Event.PHOTO_REJECTED: _CASE | {"photo_id": minted, "reason": _code},
    Event.REVIEW_DECIDED: _CASE | {"review_id": minted, "assessment_version": _number, "decision": _code},
}


def thin(event: Event, at: datetime, data: Mapping[str, object]) -> bytes:
    """The body to sign and send, at most 20 KB of UTF-8 JSON: ``type``, ``timestamp`` (UTC), ``data``.

    Raises `InputError`, naming the field and never its value, for a field that is not in the list of ``event`` or
    whose value has not that field's form. `case_id` must be there.
    """
    rules = FIELDS[event]
    for name, value in data.items():
        if name not in rules or not rules[name](value):
            told = name if name in rules else "a field that is not in the list"
            raise InputError(f"{event} cannot carry {told}")
    if "case_id" not in data:
        raise InputError(f"{event} needs case_id")
    told_at = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = json.dumps({"type": event.value, "timestamp": told_at, "data": dict(data)}, separators=(",", ":"))
    if len(body) > MAX_BYTES:
        raise InputError(f"{event} is larger than {MAX_BYTES} bytes")
    return body.encode("ascii")
