"""Which files are photos, which folders are cases."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from service.case_folder import case_paths, is_photo, open_case, photo_file, read_photo
from vision.errors import InputError
from vision.types import Unreadable, UnreadableReason

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(JPEG)
    return folder


@pytest.mark.parametrize(
    ("name", "content", "photo"),
    [
        ("a.jpg", JPEG, True),
        ("a", JPEG, True),
        ("a.jpg", b"just text", True),  # refused by the decoder, and told: never dropped here
        ("a.pdf", b"%PDF-1.7", True),
        ("empty.jpg", b"", True),
        ("photo.txt", JPEG, True),  # by content, not by name
        ("notes.txt", "现场记录".encode() * 2000, False),
        ("README.md", b"# a case", False),
        ("result.json", b"{}", False),
        ("case.toml", b"", False),
        ("Case.TOML", b"", False),
        (".DS_Store", JPEG, False),
        ("Thumbs.db", JPEG, False),
    ],
)
def test_which_files_count_as_uploads(tmp_path: Path, name: str, content: bytes, photo: bool) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert is_photo(path) is photo


def test_a_folder_and_a_pipe_are_no_photos_but_a_dangling_link_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "gone.jpg")
    assert [is_photo(tmp_path), is_photo(tmp_path / "pipe.jpg"), is_photo(tmp_path / "link.jpg")] == [
        *(False, False, True)
    ]


def test_a_case_is_listed_in_order_with_its_sub_folders(tmp_path: Path) -> None:
    fill(tmp_path, "b.jpg", "a.jpg", "A/licence.jpg", ".hidden/x.jpg", "A/.x.jpg")
    case = open_case(tmp_path)
    assert [case.photo_name(photo) for photo in case.photos] == ["A/licence.jpg", "a.jpg", "b.jpg"]
    assert case.case_file is None
    (tmp_path / "case.toml").write_text("")
    assert open_case(tmp_path).case_file == tmp_path / "case.toml"


def test_a_case_a_case_by_its_file_and_a_folder_of_cases(tmp_path: Path) -> None:
    fill(tmp_path, "one/a.jpg", "two/b/c.jpg", ".git/x.jpg")
    (tmp_path / "README.md").write_text("cases")
    (tmp_path / "nothing").mkdir()
    assert case_paths(tmp_path) == (tmp_path / "one", tmp_path / "two")
    assert case_paths(tmp_path / "one") == (tmp_path / "one",)
    (tmp_path / "case.toml").write_text("")
    assert case_paths(tmp_path) == (tmp_path,)


def test_a_case_file_is_found_however_its_name_is_written(tmp_path: Path) -> None:
    fill(tmp_path, "one/a.jpg", "two/sub/b.jpg")
    for case in ("one", "two"):
        (tmp_path / case / "Case.TOML").write_text("")
        assert open_case(tmp_path / case).case_file == tmp_path / case / "Case.TOML"
        assert case_paths(tmp_path / case) == (tmp_path / case,)
    (tmp_path / "one" / "case.toml").write_text("")
    with pytest.raises(InputError, match="which of them tells"):
        open_case(tmp_path / "one")
    assert open_case(tmp_path / "one", tmp_path / "x.toml").case_file == tmp_path / "x.toml"


def test_two_cases_are_not_judged_as_one(tmp_path: Path) -> None:
    """One photo that lies beside the folders of cases makes one case of them all."""
    fill(tmp_path, "stray.jpg", "one/a.jpg", "two/b.jpg")
    (tmp_path / "two" / "case.toml").write_text("")
    (folder,) = case_paths(tmp_path)
    with pytest.raises(InputError, match=r"two/case\.toml: a case of its own inside a case"):
        open_case(folder)


def test_what_a_link_leads_to_belongs_to_the_case_and_once(tmp_path: Path) -> None:
    fill(tmp_path, "case/a.jpg", "case/z/b.jpg", "papers/licence.jpg", "papers/old/licence.jpg")
    for name, target in (("A", "../papers"), ("B", "../papers"), ("back", "."), ("again", "z")):
        (tmp_path / "case" / name).symlink_to(target)
    case = open_case(tmp_path / "case")
    names = [case.photo_name(photo) for photo in case.photos]
    assert names == ["A/licence.jpg", "A/old/licence.jpg", "a.jpg", "z/b.jpg"]


def test_a_hidden_folder_need_not_be_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "a.jpg", ".trash/b.jpg")
    scandir = os.scandir

    def refused(path: str) -> object:
        if str(path).endswith(".trash"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    assert len(open_case(tmp_path).photos) == 1


def test_what_is_no_folder_of_photos_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG)
    (tmp_path / "e" / "f").mkdir(parents=True)
    for path, reason in (("gone", "no such folder"), ("a.jpg", "not a folder"), ("e", "holds no photos")):
        with pytest.raises(InputError, match=reason):
            case_paths(tmp_path / path)


def test_a_file_is_read_or_hashed_if_it_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(JPEG * 10)
    assert read_photo(path, "a", len(JPEG) * 10) == JPEG * 10
    sha256 = hashlib.sha256(JPEG * 10).hexdigest()
    large = Unreadable("a", UnreadableReason.TOO_LARGE, sha256, len(JPEG) * 10)
    assert read_photo(path, "a", len(JPEG) * 10 - 1) == large


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_photo(tmp_path / "a.jpg", "a", 10)
    with pytest.raises(InputError, match="no such file"):
        photo_file(str(tmp_path / "a.jpg"))
    with pytest.raises(InputError, match="not a file"):
        photo_file(str(tmp_path))


def test_a_name_that_is_not_utf8_stays_printable(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.jpg")).write_bytes(JPEG)
    case = open_case(tmp_path)
    assert case.photo_name(case.photos[0]) == "\\xff.jpg"
