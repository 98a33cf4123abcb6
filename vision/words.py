"""What reason codes and standing checks are called, in Chinese and English (``standards/words.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from vision.types import Text

_FILE = Path(__file__).parent / "standards" / "words.toml"


def reason_words(code: str) -> Text | None:
    """One plain statement of what was found; ``None`` for a code that is not ours."""
    return _table("reasons").get(code)


def standing_title(check: str) -> Text | None:
    """Title of a standing check, which no standard lists; ``None`` for anything else."""
    return _table("standing").get(check)


@cache
def _table(name: str) -> Mapping[str, Text]:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {code: Text(words["zh"], words["en"]) for code, words in tables[name].items()}
