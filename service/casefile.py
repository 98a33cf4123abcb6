"""Reads ``case.toml``: what the caller says of a case. Every refusal names the file, the line and the reason.

All of it is optional::

    accident_type = "rear_end"
    happened_at = 2026-05-01T08:03:00+08:00

    [[parties]]
    id = "A"
    plate = "皖A12345"
    photos = ["01.jpg", "licences/A.jpg"]
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from vision.errors import InputError
from vision.plate_grammar import normalise
from vision.standard_file import ACCIDENT_TYPES
from vision.types import Case, Party

_CASE_KEYS = {"accident_type", "happened_at", "parties"}
_PARTY_KEYS = {"id", "plate", "photos"}
_PARTY_HEAD = re.compile(r"^\s*\[\[\s*[\"']?parties[\"']?\s*\]\]")


class CaseFileError(InputError):
    """A case.toml is wrong; the message is ``file:line: reason``."""

    code = "bad_case_file"


@dataclass(frozen=True, slots=True)
class _Source:
    """The file's text beside its path, to tell the line of what is refused."""

    path: Path
    text: str

    def refuse(self, reason: str, key: str | None = None, party: int | None = None) -> CaseFileError:
        """``party``: the number of its ``[[parties]]`` block, from 0. A key that is missing gets its block's line."""
        return CaseFileError(f"{self.path}:{self._line(key, party)}: {reason}")

    def _line(self, key: str | None, party: int | None) -> int:
        lines = self.text.splitlines()
        heads = [number for number, line in enumerate(lines, 1) if _PARTY_HEAD.match(line)]
        first, last = 1, heads[0] - 1 if heads else len(lines)
        if party is not None and party < len(heads):
            first, last = heads[party], heads[party + 1] - 1 if party + 1 < len(heads) else len(lines)
        if key is None:
            return first
        wanted = re.compile(rf"^\s*(\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
        return next((n for n in range(first, last + 1) if wanted.match(lines[n - 1])), first)


def read_case(path: Path, photos: Iterable[str] | None = None, on: date | None = None) -> Case:
    """``path``'s case. ``photos``: the names that parties may claim (null: any). Raises `CaseFileError`."""
    try:
        text = path.read_text("utf-8-sig")  # as editors on Windows write it too
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise CaseFileError(f"{path}:{line}: not UTF-8") from error
    except OSError as error:
        raise CaseFileError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, error) from error
    case = _case(_Source(path, text), value, None if photos is None else frozenset(photos))
    return replace(case, on=on)


def _syntax_error(path: Path, text: str, error: tomllib.TOMLDecodeError) -> CaseFileError:
    # Python 3.11 tells the line in the message only, and the end of the file by no number.
    place = re.search(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$", str(error))
    line = place[1] if place and place[1] else str(len(text.splitlines()) or 1)
    return CaseFileError(f"{path}:{line}: {str(error)[: place.start()] if place else error}")


def _case(source: _Source, value: Mapping[str, Any], photos: frozenset[str] | None) -> Case:
    for key in sorted(set(value) - _CASE_KEYS):
        raise source.refuse(f"unknown key {key!r}; known: {', '.join(sorted(_CASE_KEYS))}", key)
    accident_type = value.get("accident_type")
    if accident_type is not None and accident_type not in ACCIDENT_TYPES:
        raise source.refuse(f"accident_type {accident_type!r} is none of: {', '.join(ACCIDENT_TYPES)}", "accident_type")
    blocks = value.get("parties", [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise source.refuse("parties must be written as [[parties]] blocks", "parties")
    parties = tuple(_party(source, number, block, photos) for number, block in enumerate(blocks))
    ids = [party.id for party in parties]
    for number, party_id in enumerate(ids):
        if party_id in ids[:number]:
            raise source.refuse(f"party id {party_id!r} is used twice", "id", number)
    plates = [party.plate for party in parties]
    for number, plate in enumerate(plates):
        if plate is not None and plate in plates[:number]:
            raise source.refuse(f"plate {plate!r} is used twice", "plate", number)
    return Case(accident_type, _happened_at(source, value.get("happened_at")), parties)


def _happened_at(source: _Source, value: object) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise source.refuse(f"happened_at is not a time: {error}", "happened_at") from error
    if not isinstance(value, datetime):
        raise source.refuse("happened_at must be a time such as 2026-05-01T08:03:00+08:00", "happened_at")
    if value.tzinfo is None:
        raise source.refuse("happened_at needs an offset, such as +08:00", "happened_at")
    return value


def _party(source: _Source, number: int, block: Mapping[str, Any], photos: frozenset[str] | None) -> Party:
    for key in sorted(set(block) - _PARTY_KEYS):
        raise source.refuse(f"unknown key {key!r}; known: {', '.join(sorted(_PARTY_KEYS))}", key, number)
    party_id, plate, names = block.get("id"), block.get("plate"), block.get("photos", [])
    if not isinstance(party_id, str) or not party_id.strip():
        raise source.refuse("a party needs an id, such as A", "id", number)
    if plate is not None and (not isinstance(plate, str) or not normalise(plate)):
        raise source.refuse("plate must be the plate's text, such as 皖A12345", "plate", number)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise source.refuse("photos must be a list of file names", "photos", number)
    for name in names if photos is not None else ():
        if name not in (photos or ()):
            raise source.refuse(f"there is no photo {name!r} in the case", "photos", number)
    return Party(party_id.strip(), normalise(plate) if plate else None, tuple(names))
