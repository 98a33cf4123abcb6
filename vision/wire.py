"""Nouns to JSON and back: the facts contract and the assessment, with stable key order and sensible rounding.

Pixels keep one decimal, degrees of latitude and longitude six, everything else four: what a later reader could not
tell apart anyway does not change a stored line. The same nouns always give the same text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from vision.errors import InputError
from vision.types import Assessment, PhotoFacts, Unreadable

Json: TypeAlias = dict[str, Any]
Noun = TypeVar("Noun")

_FACTS = TypeAdapter(PhotoFacts)
_ASSESSMENT = TypeAdapter(Assessment)
_UNREADABLE = TypeAdapter(Unreadable)

_DECIMALS = {"box_xyxy": 1, "boxes": 1, "corners": 1, "polygon": 1, "points": 1, "gps": 6}
_DECIMALS_ELSE = 4

_FACTS_KEYS = (
    *("photo", "sha256", "size_wh", "warnings", "phash", "taken_at", "gps", "device", "framing", "quality", "rotation"),
    *("vehicles", "damages", "plates", "document", "more_documents"),
    *("lane", "traffic_light", "roadside", "text_lines", "models"),
)
_DOCUMENT_KEYS = ("kind", "score", "box_xyxy", "pages", "flags", "fields", "repeats")
_REPEAT_KEYS = ("key", "page", "text", "raw", "score", "box_xyxy", "validated")


def facts_to_json(facts: PhotoFacts | Unreadable) -> Json:
    """One line of the facts contract; ``text_lines`` only if it was asked for, ``unreadable`` only if it is."""
    if isinstance(facts, Unreadable):
        return {"photo": facts.photo, "unreadable": facts.unreadable.value}
    line = _ordered(_dump(_FACTS, facts), _FACTS_KEYS)
    line["document"] = _document(line["document"]) if line["document"] else None
    line["more_documents"] = [_document(document) for document in line["more_documents"]]
    line["models"] = dict(sorted(line["models"].items()))
    if facts.text_lines is None:
        del line["text_lines"]
    return line


def facts_from_json(line: str | bytes | Mapping[str, Any]) -> PhotoFacts | Unreadable:
    """The inverse of `facts_to_json`. Raises `InputError` for a line that is not of the contract.

    The contract's line of an unreadable photo has no hash and no size: they come back empty and 0.
    """
    value = _loaded(line)
    if "unreadable" in value:
        return _load(_UNREADABLE, {"sha256": "", "size_bytes": 0, **value})
    return _load(_FACTS, value)


def as_stored(facts: PhotoFacts | Unreadable) -> PhotoFacts | Unreadable:
    """Facts with the decimals that are stored: judged now or from the archive, they give the same assessment."""
    return facts if isinstance(facts, Unreadable) else facts_from_json(facts_to_json(facts))


def assessment_to_json(assessment: Assessment) -> Json:
    """Every field of the assessment under its own name; unreadables in full."""
    value = _dump(_ASSESSMENT, assessment)
    value["models"] = dict(sorted(value["models"].items()))
    return value


def assessment_from_json(text: str | bytes | Mapping[str, Any]) -> Assessment:
    """The inverse of `assessment_to_json`; further keys (a case's name) are left aside. Raises `InputError`."""
    return _load(_ASSESSMENT, _loaded(text))


def line(value: Mapping[str, Any]) -> str:
    """One JSON line, without the newline: what `value` holds, in its order, as UTF-8 text a person can read."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
    # A file name that is not UTF-8 arrives with lone surrogates, which no output stream takes.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") if _has_surrogates(text) else text


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _dump(adapter: TypeAdapter[Noun], value: Noun) -> Json:
    try:
        dumped: Json = adapter.dump_python(value, mode="json", warnings="error")
    except PydanticSerializationError as error:
        raise TypeError(f"not of the contract: {error}") from error
    return {key: _rounded(item, _DECIMALS.get(key, _DECIMALS_ELSE)) for key, item in dumped.items()}


def _rounded(value: Any, decimals: int) -> Any:
    if isinstance(value, float):
        # + 0.0 turns -0.0 into 0.0, so that equal numbers are equal text.
        return round(value, decimals) + 0.0
    if isinstance(value, list):
        return [_rounded(item, decimals) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item, _DECIMALS.get(key, _DECIMALS_ELSE)) for key, item in value.items()}
    return value


def _document(document: Json) -> Json:
    ordered = _ordered(document, _DOCUMENT_KEYS)
    ordered["repeats"] = [_ordered(repeat, _REPEAT_KEYS) for repeat in document["repeats"]]
    return ordered


def _ordered(value: Json, keys: tuple[str, ...]) -> Json:
    if set(value) != set(keys):
        raise TypeError(f"the contract's keys and the type's fields differ: {sorted(set(value) ^ set(keys))}")
    return {key: value[key] for key in keys}


def _loaded(text: str | bytes | Mapping[str, Any]) -> Json:
    if isinstance(text, Mapping):
        return dict(text)
    try:
        value = json.loads(text)
    except ValueError as error:
        raise InputError(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InputError("not a JSON object")
    return value


def _load(adapter: TypeAdapter[Noun], value: Json) -> Noun:
    try:
        # Through JSON text, so that lists become tuples and strings times, but no string becomes a number.
        return adapter.validate_json(json.dumps(value))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise InputError(f"{where}: {first['msg']}") from error
