"""The cache of finished pictures: names, claims by processes that share it, writing in one step. No Blender here."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from datasets.scenes.code_hash import code_hash
from datasets.scenes.plan import Scene, Shot
from datasets.scenes.scene_file import picture_key
from datasets.scenes.seen import Seen
from datasets.scenes.seen_file import Looked, read_seen, write_seen

DRAWING = "datasets.scenes.render_build"
LOOKING = "datasets.scenes.look_truth"
SAMPLES = 10


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a picture (PNG, lossless: a phone's JPEG comes later) and its truth are or will be."""

    picture: Path
    truth: Path

    def drawn(self) -> bool:
        return self.picture.exists()

    def looked(self) -> bool:
        """Whether its truth is there and was found by the code as it is now."""
        return self.truth.exists() and read_seen(self.truth).code == code_hash(LOOKING)

    def seen(self) -> Seen:
        """Raises OSError where it is not there, SeenFileError where it cannot be read."""
        return read_seen(self.truth).seen


def stored(cache: Path, scene: Scene, shot: Shot, samples: int = SAMPLES) -> Stored:
    """The place of a shot's picture in ``cache``; it changes with all code that draws, not with code that looks."""
    key = picture_key(scene, shot, code_hash(DRAWING), samples)
    return Stored(cache / f"{key}.png", cache / f"{key}.json")


def store_truth(place: Stored, seen: Seen) -> None:
    unfinished = place.truth.with_suffix(f".{os.getpid()}.part")
    write_seen(unfinished, Looked(code_hash(LOOKING), seen))
    unfinished.replace(place.truth)


@contextmanager
def claimed(place: Stored) -> Iterator[bool]:
    """True where this process alone may make the picture now, false where another one does.

    The kernel lets go of a dead process's claim, so none is ever stale; the file tells the owner's id to people.
    """
    path = place.picture.with_suffix(".lock")
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        if not _same_file(descriptor, path):  # its last owner finished and removed it meanwhile
            yield False
            return
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield True
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.fstat(descriptor).st_ino == path.stat().st_ino
    except FileNotFoundError:
        return False
