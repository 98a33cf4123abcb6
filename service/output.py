"""Where answers go: standard output that may be closed early, and files that appear whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
import unicodedata
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

import typer
from rich.console import Console

from vision.errors import InputError, KuaizhengError

STDOUT = Path("-")
CLOSED_EARLY = 2
"""The reader of our output went away: not every answer was given."""
WIDTH_ELSEWHERE = 120
"""Columns of tables that go to a file or a pipe."""


class OutputError(KuaizhengError):
    """An answer cannot be written."""

    code = "cannot_write"


class TableConsole(Console):
    """Rich's console, wide enough in pipes, and quiet when the reader goes away."""

    def on_broken_pipe(self) -> None:
        _let_go_of_stdout()
        raise typer.Exit(CLOSED_EARLY)


def console(*, error: bool = False) -> TableConsole:
    stream = sys.stderr if error else sys.stdout
    return TableConsole(stderr=error, highlight=False, width=None if stream.isatty() else WIDTH_ELSEWHERE)


def print_line(text: str) -> None:
    """One line to standard output at once: a reader in a pipe works while we do."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError as error:
        _let_go_of_stdout()
        raise typer.Exit(CLOSED_EARLY) from error


def complain(text: str) -> None:
    """One line to standard error."""
    sys.stderr.write(f"kuaizheng: {visible(text)}\n")


def visible(text: str) -> str:
    """``text`` with what steers a terminal, or turns the direction of writing, spelled out: others name the photos."""
    return "".join(
        one.encode("unicode_escape").decode("ascii") if unicodedata.category(one) in ("Cc", "Cf") else one
        for one in text
    )


def _let_go_of_stdout() -> None:
    # What is left in the buffer is flushed at exit, into nothing.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_whole(path: Path, text: str) -> None:
    """Writes beside ``path`` and renames, so that nobody reads half a file. Raises `OutputError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", prefix=".", delete=False) as file:
            try:
                file.write(text)
                os.fchmod(file.fileno(), 0o666 & ~_umask())
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class Lines:
    """JSON Lines to a file, to standard output (``-``), or nowhere; each line is out before the next case starts."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        if self._path is not None and self._path != STDOUT:
            try:
                self._file = self._path.open("w", encoding="utf-8")
            except OSError as error:
                raise OutputError(f"{self._path}: {error.strerror}") from error
        return self

    def write(self, text: str) -> None:
        if self._path == STDOUT:
            print_line(text)
        elif self._file is not None:
            try:
                self._file.write(text + "\n")
                self._file.flush()
            except OSError as error:
                raise OutputError(f"{self._path}: {error.strerror}") from error

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()


def sheet_paths(out: Path, cases: tuple[str, ...], several: bool) -> tuple[Path, ...]:
    """Where each case's sheet goes: ``out`` itself for one case, else ``out/NAME.html``, no name twice.

    Raises `InputError` if ``out`` is a file where a folder is needed.
    """
    if not several and not out.is_dir():
        return (out,)
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: several cases need a folder for their sheets, this is a file")
    taken: set[str] = set()
    paths = []
    for case in cases:
        stem = name = Path(case).resolve().name or "case"
        number = 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name)
        paths.append(out / f"{name}.html")
    return tuple(paths)
