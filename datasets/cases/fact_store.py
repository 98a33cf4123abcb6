"""Facts of pictures, gathered once for each picture and kept beside the cases: looking is slow, judging is not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path

from vision import facts
from vision.errors import InputError
from vision.image import decode
from vision.models import bundle
from vision.models.bundle import Models
from vision.types import PhotoFacts
from vision.wire import as_stored, facts_from_json, facts_to_json, line

FactsOf = Callable[[Path, date], PhotoFacts]
VISION = Path(facts.__file__).parent
NOT_LOOKING = ("checks", "score.py", "advice.py", "assignment.py", "standard.py", "standard_file.py", "words.py")
"""Parts of the library that judge: they change no fact."""


def fact_store(folder: Path | None) -> FactsOf:
    """Looks with the shipped models; ``folder`` keeps what was seen, null: only this process remembers."""
    models: list[Models] = []
    known: dict[str, PhotoFacts] = {}

    def seen(path: Path, on: date) -> PhotoFacts:
        data = path.read_bytes()
        key = f"{hashlib.sha256(data).hexdigest()}-{on}"
        stored = None if folder is None else folder / f"{key}-{looking_hash()}.json"
        if key not in known and stored is not None and stored.is_file():
            known[key] = _photo(facts_from_json(stored.read_text("utf-8")), path)
        if key not in known:
            if not models:
                models.append(bundle.load())
            known[key] = _photo(_looked(data, path.name, models[0], on), path)
            if stored is not None:
                stored.parent.mkdir(parents=True, exist_ok=True)
                stored.write_text(line(facts_to_json(known[key])), "utf-8")
        return known[key]

    return seen


def _looked(data: bytes, name: str, models: Models, on: date) -> object:
    (found,) = facts.gather([decode(data, name)], models, on=on)
    return as_stored(found)


def _photo(found: object, path: Path) -> PhotoFacts:
    if not isinstance(found, PhotoFacts):
        raise InputError(f"{path}: not readable, so no picture of a case")
    return found


@cache
def looking_hash() -> str:
    """Of all code and weights that decide on a fact (16 hex digits)."""
    digest = hashlib.sha256()
    files: Iterable[Path] = (*VISION.rglob("*.py"), *VISION.rglob("*.onnx"))
    for path in sorted(files):
        inside = path.relative_to(VISION)
        if inside.parts[0] not in NOT_LOOKING:
            digest.update(str(inside).encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
