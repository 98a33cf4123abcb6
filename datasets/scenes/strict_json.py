"""Frozen dataclasses to JSON's plain values and back, strictly: what does not fit is an error with its path."""

from __future__ import annotations

import math
import types
from collections.abc import Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

Allowed: TypeAlias = Mapping[tuple[str, str], Collection[str]]
"""Values of text fields that are closed sets, by (class name, field name)."""


class MisfitError(ValueError):
    """A value that does not fit its type; the message begins with the path to it."""


def to_plain(value: Any) -> Any:
    """Dicts, lists, text and numbers. Floats keep their exact value, so that reading gives an equal object."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: Any, value: Any, path: str, allowed: Allowed) -> Any:
    """An object of type ``kind``: a dataclass, an enum, a tuple, a union with None, str, bool, int or float.

    Raises MisfitError for unknown and missing keys, wrong types and lengths, NaN, and texts outside of ``allowed``.
    """
    if is_dataclass(kind):
        return _object(kind, value, path, allowed)
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple(get_args(kind), value, path, allowed)
    if origin in (Union, types.UnionType):
        (inner,) = (arg for arg in get_args(kind) if arg is not type(None))
        return None if value is None else from_plain(inner, value, path, allowed)
    if issubclass(kind, Enum):
        if value not in [member.value for member in kind]:
            raise MisfitError(f"{path}: {value!r} is none of {', '.join(m.value for m in kind)}")
        return kind(value)
    return _simple(kind, value, path)


def _object(kind: Any, value: Any, path: str, allowed: Allowed) -> Any:
    if not isinstance(value, dict):
        raise MisfitError(f"{path}: an object is needed, not {value!r}")
    known = {f.name: f for f in fields(kind)}
    for key in value.keys() - known.keys():
        raise MisfitError(f"{path}.{key}: no such key")
    hints = get_type_hints(kind)
    given: dict[str, Any] = {}
    for name, known_field in known.items():
        if name not in value:
            if known_field.default is MISSING:
                raise MisfitError(f"{path}.{name}: missing")
            continue
        given[name] = from_plain(hints[name], value[name], f"{path}.{name}", allowed)
        _check_text(kind.__name__, name, given[name], f"{path}.{name}", allowed)
    return kind(**given)


def _check_text(owner: str, name: str, value: Any, path: str, allowed: Allowed) -> None:
    texts = allowed.get((owner, name))
    for text in (value if isinstance(value, tuple) else (value,)) if texts is not None else ():
        if text not in (texts or ()):
            raise MisfitError(f"{path}: {text!r} is none of {', '.join(map(repr, sorted(texts or ())))}")


def _tuple(kinds: tuple[Any, ...], value: Any, path: str, allowed: Allowed) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise MisfitError(f"{path}: a list is needed, not {value!r}")
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    if len(kinds) != len(value):
        raise MisfitError(f"{path}: {len(kinds)} items are needed, not {len(value)}")
    pairs = enumerate(zip(kinds, value, strict=True))
    return tuple(from_plain(kind, item, f"{path}[{index}]", allowed) for index, (kind, item) in pairs)


def _simple(kind: type, value: Any, path: str) -> Any:
    if kind is float and type(value) in (int, float) and math.isfinite(value):
        return float(value)
    if kind is not float and type(value) is kind:
        return value
    raise MisfitError(f"{path}: {kind.__name__} is needed, not {value!r}")
