"""What is seen on a picture as a JSON file beside it, with the hash of the code that looked. No Blender here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from datasets.scenes.seen import Seen
from datasets.scenes.strict_json import MisfitError, from_plain, to_plain


class SeenFileError(ValueError):
    """A file that does not tell what is seen; the message tells the file and the path in it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """``code``: hash of the modules that made ``seen``, so that it is made again when they changed."""

    code: str
    seen: Seen


def write_seen(path: Path, looked: Looked) -> None:
    path.write_text(json.dumps(to_plain(looked), ensure_ascii=False) + "\n", "utf-8")


def parse_seen(text: str, name: str) -> Looked:
    """``name`` stands in errors. Raises SeenFileError."""
    try:
        return cast(Looked, from_plain(Looked, json.loads(text), "$", {}))
    except (json.JSONDecodeError, MisfitError) as error:
        raise SeenFileError(f"{name}: {error}") from error


def read_seen(path: Path) -> Looked:
    """Raises SeenFileError, OSError."""
    return parse_seen(path.read_text("utf-8"), str(path))
