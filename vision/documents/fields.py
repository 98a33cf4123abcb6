"""From values beside labels to fields: parsed, repaired by what else the document says, and proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from vision import identifiers
from vision.documents.confusions import UNREAD, Read
from vision.documents.dates import period, policy_period
from vision.documents.layouts import PERIOD
from vision.documents.signs import Piece, box_of, has_hole, score_of, text_of, until_gap
from vision.documents.values import parse
from vision.types import DocumentKind, Field, Page, Validation

MIN_SCORE = 0.85
"""Below this the reader's words, which nothing proves, are not given as read."""
RUNNING = frozenset({"address", "insurer", "owner", "name", "insured", "record", "model"})
"""Values without a grammar: a gap inside means that something there was not read."""
SHORT = frozenset(
    {"plate_number", "sex", "nationality", "vehicle_type", "use_character", "seats", "vehicle_class", "insurer"}
)
"""Values that stand beside another field: what follows after a wide gap belongs to that one."""
EMPTY = frozenset({"", "--", "-", "—", "无", "/"})
"""Printed where a field has no value: gives no key."""


def fields_of(values: Mapping[str, Piece], kind: DocumentKind, page: Page) -> dict[str, Field]:
    """Fields of one page, keys of the contract; text null where the print could not be understood."""
    fields: dict[str, Field] = {}
    for key, signs in values.items():
        while signs and signs[0].text in ":._-·":
            signs = signs[1:]
        if key in SHORT:
            signs = until_gap(signs)
        raw = text_of(signs)
        if raw.strip(":_.· ") in EMPTY:
            continue
        if key == PERIOD:
            both = policy_period(raw) if kind is DocumentKind.INSURANCE_POLICY else period(raw)
            for name, read in zip(("valid_from", "valid_to"), both, strict=True):
                # Beside a number of years no start is printed: its label stands elsewhere.
                if read != UNREAD or not (name in fields or (both[1][0] or "").endswith("年")):
                    fields[name] = _field(read, signs, page)
        elif key not in fields or fields[key].text is None:
            read = parse(key, raw)
            torn = key in RUNNING and has_hole(signs)
            fields[key] = _field(UNREAD if torn else read, signs, page)
    return proved(fields)


def _field(read: Read, signs: Piece, page: Page) -> Field:
    text, validated = read
    # Words without a grammar are only as good as the reader is sure of them.
    if validated is Validation.NONE and score_of(signs) < MIN_SCORE:
        text = None
    return Field(text, text_of(signs), score_of(signs), box_of(signs), page, validated)


def proved(fields: dict[str, Field]) -> dict[str, Field]:
    """Fields that prove or complete each other: ID number with birth date and sex, a period's years."""
    fields = _years_after_start(fields)
    number = fields.get("licence_number")
    if number is None or number.text is None or number.validated is not Validation.CHECKSUM:
        return fields
    born = identifiers.id_birth_date(number.text)
    expected = {"birth_date": born.isoformat() if born else None, "sex": identifiers.id_sex(number.text)}
    for key, text in expected.items():
        seen = fields.get(key)
        if seen is not None and text is not None and (seen.text == text or _nearly(seen.raw, text)):
            fields[key] = replace(seen, text=text, validated=Validation.AGREES_WITH)
    return fields


def _nearly(raw: str, text: str) -> bool:
    """Whether ``raw`` is the date ``text`` with one sign misread."""
    return len(raw) == len(text) > 1 and sum(a != b for a, b in zip(raw, text, strict=True)) <= 1


def _years_after_start(fields: dict[str, Field]) -> dict[str, Field]:
    end, start = fields.get("valid_to"), fields.get("valid_from")
    if end is None or end.text is None or not end.text.endswith("年"):
        return fields
    first = identifiers.parse_date(start.text) if start is not None and start.text else None
    last: date | None = identifiers.add_years(first, int(end.text[:-1])) if first else None
    text = last.isoformat() if last else None
    return {**fields, "valid_to": replace(end, text=text, validated=Validation.GRAMMAR if text else Validation.NONE)}
