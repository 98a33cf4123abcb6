"""Raw answers of a network on photos, kept between evaluations where a folder is given (`build/`, never committed).

Kept by what makes them: the graph's bytes without its metadata, so that a new calibration costs no new run, and the
photo's hash. What happens before the network is not part of the name: empty the folder after a change there.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from vision.models.card import Card

T = TypeVar("T")
_folder: list[Path] = []


def keep_in(folder: Path | None) -> None:
    """From now on answers are kept in ``folder``; None: nowhere."""
    _folder[:] = [folder] if folder is not None else []


def graph_digest(path: Path) -> str:
    """sha256 of an ONNX graph without the metadata around it."""
    import onnx  # of the development packages; nobody needs it who keeps nothing

    return hashlib.sha256(onnx.load(path).graph.SerializeToString(deterministic=True)).hexdigest()


class Kept:
    """Answers of the networks of ``cards`` by key; `save` writes them. ``exact``: the calibration matters too."""

    def __init__(self, name: str, *cards: Card, exact: bool = False) -> None:
        self.answers: dict[str, Any] = {}
        self.fresh = False
        digests = [c.sha256 if exact else graph_digest(c.path) for c in cards] if _folder else []
        digest = "-".join(d[:10] for d in digests)
        self.file = _folder[0] / f"{name}-{digest}.pickle" if _folder else None
        if self.file is not None and self.file.exists():
            # Our own file in our own build folder, written by `save` below.
            self.answers = pickle.loads(self.file.read_bytes())

    def get(self, key: str, make: Callable[[], T]) -> T:
        """The answer of that key, made now if nobody has yet."""
        if key not in self.answers:
            self.answers[key] = make()
            self.fresh = True
        answer: T = self.answers[key]
        return answer

    def save(self) -> None:
        if self.file is not None and self.fresh:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.write_bytes(pickle.dumps(self.answers))
            self.fresh = False
