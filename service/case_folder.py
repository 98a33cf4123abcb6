"""Which files are photos of which case: one case folder, several, or a folder of them.

Files are told apart by content, later, by the decoder: here every regular file counts as an upload, save hidden
files, ``case.toml``, what file managers leave behind, and notes (a text suffix *and* text inside).
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from vision.errors import InputError
from vision.types import Unreadable, UnreadableReason

CASE_FILE = "case.toml"
_LEFT_BEHIND = frozenset({"thumbs.db", "desktop.ini"})
_NOTE_SUFFIXES = frozenset({".toml", ".json", ".jsonl", ".html", ".md", ".txt", ".csv", ".yaml", ".yml", ".py"})
_NOTE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class CaseFolder:
    """A case on disk. ``photos`` are sorted; a photo's name is its path inside the folder, with ``/``."""

    name: str
    path: Path
    photos: tuple[Path, ...]
    case_file: Path | None

    def photo_name(self, photo: Path) -> str:
        return printable(photo.relative_to(self.path).as_posix())


def case_paths(folder: Path) -> tuple[Path, ...]:
    """The case folders at ``folder``, by name: itself or its sub-folders. Raises `InputError` if it is no folder.

    A folder is a case if it holds a photo or a ``case.toml`` itself (its sub-folders then belong to it); else each of
    its sub-folders that holds any file is one. A case may turn out to have no photos: that is its own, later, error.
    """
    if not folder.is_dir():
        raise InputError(f"{printable(str(folder))}: {'not a folder' if folder.exists() else 'no such folder'}")
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(f"{printable(str(folder))}: cannot be read: {error.strerror}") from error
    inner = [entry for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    if any(map(_is_case_file, entries)) or any(map(is_photo, entries)) or not inner:
        return (folder,)
    cases = tuple(entry for entry in inner if _holds_a_file(entry))
    if not cases:
        raise InputError(f"{printable(str(folder))}: holds no photos")
    return cases


def open_case(folder: Path, case_file: Path | None = None) -> CaseFolder:
    """Lists the case at ``folder``; ``case_file`` tells of it, else its own.

    Raises `InputError` for what cannot be read, and where it is not plain which file tells of which photos.
    """
    files = _files(folder)
    told = case_file or _case_file(folder, [path for path in files if _is_case_file(path)])
    return CaseFolder(printable(str(folder)), folder, tuple(filter(is_photo, files)), told)


def _case_file(folder: Path, found: list[Path]) -> Path | None:
    for path in found:
        if path.parent != folder:
            # Two cases judged as one would find in each other what each lacks.
            raise InputError(f"{printable(str(path))}: a case of its own inside a case: check the two apart")
    if len(found) > 1:
        raise InputError(f"{printable(str(folder))}: holds {found[0].name} and {found[1].name}: which of them tells?")
    return found[0] if found else None


def _is_case_file(path: Path) -> bool:
    """As other systems write it, too: passed over, it would leave out what is said of the parties."""
    return path.name.lower() == CASE_FILE and path.is_file()


def _holds_a_file(folder: Path) -> bool:
    try:
        return bool(_files(folder))
    except InputError:
        return True  # `open_case` tells why it cannot be read


def _files(folder: Path) -> list[Path]:
    """All files below, sorted, without hidden ones and those in hidden folders; a link to a folder is followed.

    A folder that cannot be read is told, not left out; one that several links lead to is looked into once.
    """

    def refuse(error: OSError) -> None:
        raise InputError(f"{printable(str(error.filename))}: cannot be read: {error.strerror}") from error

    found: list[Path] = []
    been: set[str] = set()
    for root, below, names in os.walk(folder, onerror=refuse, followlinks=True):
        real = os.path.realpath(root)
        new = real not in been
        been.add(real)
        inner = [name for name in below if new and not name.startswith(".")]
        below[:] = sorted(inner, key=partial(_links_last, root))
        found += [Path(root) / name for name in names if new and not name.startswith(".")]
    return sorted(found)


def _links_last(root: str, name: str) -> tuple[bool, str]:
    return os.path.islink(os.path.join(root, name)), name


def is_photo(path: Path) -> bool:
    """Whether the file at ``path`` counts as an upload. One that cannot be opened does: reading it tells why."""
    name = path.name.lower()
    if name.startswith(".") or name == CASE_FILE or name in _LEFT_BEHIND:
        return False
    if not path.is_file():
        return path.is_symlink() and not path.exists()
    return path.suffix.lower() not in _NOTE_SUFFIXES or not _is_text(path)


def would_count(path: Path) -> bool:
    """Whether a file written at ``path`` would take the place of an upload or a case file, or be taken for one."""
    return path.name.lower() == CASE_FILE or path.suffix.lower() not in _NOTE_SUFFIXES or is_photo(path)


def _is_text(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(_NOTE_BYTES)
    except OSError:
        return False
    # The last character may be cut in two.
    return b"\0" not in start and "�" not in start.decode("utf-8", "replace")[:-1]


def read_photo(path: Path, name: str, max_bytes: int) -> bytes | Unreadable:
    """The file's bytes, or what becomes of a file over ``max_bytes``, which is hashed without being held.

    Raises `InputError` if the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size <= max_bytes:
                return file.read(max_bytes + 1)
            return Unreadable(name, UnreadableReason.TOO_LARGE, hashlib.file_digest(file, "sha256").hexdigest(), size)
    except OSError as error:
        raise InputError(f"{printable(str(path))}: cannot be read: {error.strerror}") from error


def printable(path: str) -> str:
    """``path`` with bytes that are not UTF-8 written as ``\\xNN``: such a name must not break an output stream."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def photo_file(path: str) -> Path:
    """The file at ``path``. Raises `InputError` unless it can be read."""
    file = Path(path)
    if not file.is_file():
        raise InputError(f"{printable(path)}: {'not a file' if file.exists() else 'no such file'}")
    if not os.access(file, os.R_OK):
        raise InputError(f"{printable(path)}: cannot be read")
    return file
