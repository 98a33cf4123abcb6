"""case.toml: what is read, and that every refusal names the file, the line and the reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from service.casefile import CaseFileError, read_case
from vision.plate_grammar import normalise
from vision.types import Case, Party

GOOD = """\
accident_type = "rear_end"
happened_at = 2026-05-01T08:03:00+08:00

[[parties]]
id = "A"
plate = "皖A·12345"
photos = ["01.jpg", "A/licence.jpg"]

[[parties]]
id = "B"
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "case.toml"
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


def test_everything_is_read(tmp_path: Path) -> None:
    when = datetime(2026, 5, 1, 8, 3, tzinfo=timezone(timedelta(hours=8)))
    parties = (Party("A", "皖A12345", ("01.jpg", "A/licence.jpg")), Party("B"))
    assert read_case(write(tmp_path, GOOD), ["01.jpg", "A/licence.jpg", "other.jpg"]) == Case("rear_end", when, parties)


def test_everything_is_optional(tmp_path: Path) -> None:
    day = date(2026, 5, 2)
    assert read_case(write(tmp_path, ""), [], day) == Case(on=day)


def test_a_time_may_be_written_as_text(tmp_path: Path) -> None:
    case = read_case(write(tmp_path, 'happened_at = "2026-05-01T08:03:00Z"'))
    assert case.happened_at == datetime(2026, 5, 1, 8, 3, tzinfo=timezone.utc)  # noqa: UP017 - mypy knows both


WRONG: list[tuple[str | bytes, int, str]] = [
    ('\naccident_type = "crash"', 2, "accident_type 'crash' is none of"),
    ("accident_type = 3", 1, "is none of"),
    ("happened_at = 2026-05-01T08:03:00", 1, "offset"),
    ("happened_at = 2026-05-01", 1, "must be a time"),
    ('happened_at = "yesterday"', 1, "not a time"),
    ("happened_at = 5", 1, "must be a time"),
    ("# note\n\nwhen = 5", 3, "unknown key 'when'"),
    ('parties = ["A"]', 1, r"\[\[parties\]\]"),
    ("[parties]\nid = 'A'", 1, r"\[\[parties\]\]"),
    ("[[parties]]\nplate = '皖A12345'", 1, "needs an id"),
    ("[[parties]]\nid = ''", 2, "needs an id"),
    ("[[parties]]\nid = 'A'\n[[parties]]\nid = 'A'", 4, "used twice"),
    ("[[parties]]\nid='A'\nplate='皖A·12345'\n[[parties]]\nid='B'\nplate='皖A12345'", 6, "'皖A12345' is used twice"),
    ("[[parties]]\nid = 'A'\n\n[[parties]]\nid = 'B'\ncar = 1", 6, "unknown key 'car'"),
    ("[[parties]]\nid = 'A'\nplate = 7", 3, "plate must be"),
    ("[[parties]]\nid = 'A'\nplate = ' ·'", 3, "plate must be"),
    ("[[parties]]\nid = 'A'\nphotos = 'a.jpg'", 3, "list of file names"),
    ("[[parties]]\nid = 'A'\nphotos = ['b.jpg']", 3, "no photo 'b.jpg'"),
    ("a = 1\nb = = 2", 2, "Invalid value"),
    ("a = 1\n[[parties", 2, "Expected"),
    ('a = 1\nb = "open', 2, "Unterminated"),
    (b"# fine\nid = '\xff'", 2, "not UTF-8"),
]


@pytest.mark.parametrize(("text", "line", "reason"), WRONG)
def test_a_refusal_names_file_line_and_reason(tmp_path: Path, text: str | bytes, line: int, reason: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(CaseFileError, match=reason) as refused:
        read_case(path, ["a.jpg"])
    assert str(refused.value).startswith(f"{path}:{line}: ")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match="cannot be read: No such file"):
        read_case(tmp_path / "case.toml")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("皖A·12345", "皖A12345"),
        ("皖a 12345", "皖A12345"),
        ("粤B•D12345", "粤BD12345"),
        ("京A-88888", "京A88888"),
        ("苏Ａ８Ｋ２Ｆ６", "苏A8K2F6"),
    ],
)
def test_plates_as_people_write_them(written: str, text: str) -> None:
    assert normalise(written) == text


def test_a_file_that_begins_with_a_mark_of_its_byte_order(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text('accident_type = "rear_end"\n', encoding="utf-8-sig")
    assert read_case(path, []).accident_type == "rear_end"
