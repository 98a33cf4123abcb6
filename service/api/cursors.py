"""Cursors of lists that are ordered by time and id: where the last page ended, told to nobody's eyes."""

from __future__ import annotations

import base64
import binascii

from vision.errors import InputError


class CursorError(InputError):
    """A cursor that we never gave."""

    code = "bad_cursor"


def cursor_of(milliseconds: int, row_id: str) -> str:
    """The cursor after a row."""
    return base64.urlsafe_b64encode(f"{milliseconds}:{row_id}".encode()).decode("ascii")


def place_of(cursor: str | None) -> tuple[int, str] | None:
    """Time and id of the last row of the page before. Raises `CursorError`."""
    if cursor is None:
        return None
    try:
        milliseconds, row_id = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").split(":")
        if not (milliseconds.isdigit() and len(milliseconds) < 16 and row_id.isalnum()):
            raise ValueError(cursor)
    except (ValueError, binascii.Error) as error:
        raise CursorError("not a cursor of ours") from error
    return int(milliseconds), row_id
