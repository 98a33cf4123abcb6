"""The form of ids that programs make: long and hexadecimal, so that no plate, name or number of a person fits."""

from __future__ import annotations

import re
from typing import Final

_MINTED: Final = re.compile(
    r"([a-z]{2,8}_)?[0-9a-f]{24,64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII
)
"""24 and more: identity numbers have 18 characters, policy numbers up to 22."""


def minted(value: object) -> bool:
    """Whether ``value`` is such an id: 24 to 64 hex digits, perhaps after ``word_``, or a UUID."""
    return isinstance(value, str) and _MINTED.fullmatch(value) is not None
