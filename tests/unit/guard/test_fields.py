"""Field encryption, search by keyed hash, masking."""

from __future__ import annotations

import base64
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.guard import fields
from service.guard.errors import DecryptionError, KeyFileError
from service.guard.fields import Cell, MasterKeys
from service.guard.masking import Personal, mask, mask_gps

KEYS = MasterKeys("k2", {"k1": b"1" * 32, "k2": b"2" * 32})
CELL = Cell("org1", "plate", "row1")
STORED = fields.encrypt("苏E12F6X", CELL, KEYS)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT, TEXT, TEXT, TEXT)
def test_what_goes_in_comes_out(text: str, organisation: str, column: str, row: str) -> None:
    cell = Cell(organisation, column, row)
    assert fields.decrypt(fields.encrypt(text, cell, KEYS), cell, KEYS) == text


def test_equal_values_do_not_look_equal() -> None:
    assert len({fields.encrypt("苏E12F6X", CELL, KEYS) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "cell",
    [
        replace(CELL, organisation="org2"),
        replace(CELL, column="name"),
        replace(CELL, row="row2"),
        Cell("org1p", "late", "row1"),
        Cell("org1", "plater", "ow1"),
    ],
)
def test_another_cell_cannot_read_it(cell: Cell) -> None:
    with pytest.raises(DecryptionError):
        fields.decrypt(STORED, cell, KEYS)


@given(st.integers(0, len(STORED) - 1), st.characters())
def test_every_character_is_covered(at: int, new: str) -> None:
    stored = STORED[:at] + new + STORED[at + 1 :]
    try:
        assert fields.decrypt(stored, CELL, KEYS) == "苏E12F6X" and base64.urlsafe_b64decode(
            stored[3:]
        ) == base64.urlsafe_b64decode(STORED[3:]), "only the unused bits of base64 may differ"
    except DecryptionError:
        assert stored != STORED


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    for stored in (text, f"k1.{text}"):
        with pytest.raises(DecryptionError):
            fields.decrypt(stored, CELL, KEYS)


def test_rotation() -> None:
    old = fields.encrypt("a", CELL, replace(KEYS, current="k1"))
    assert fields.decrypt(old, CELL, KEYS) == "a"
    assert fields.needs_renewal(old, KEYS) and not fields.needs_renewal(STORED, KEYS)
    with pytest.raises(DecryptionError):
        fields.decrypt(old, CELL, MasterKeys("k2", {"k2": b"2" * 32}))


@pytest.mark.parametrize("text", ["苏E·12F6X", "苏e12f6x", " 苏E 12F6X", "苏Ｅ１２Ｆ６Ｘ"])
def test_search_knows_one_plate_by_every_spelling(text: str) -> None:
    stored = fields.search_hash("苏E12F6X", "org1", "plate", KEYS)
    assert stored in fields.search_hashes(text, "org1", "plate", KEYS)


def test_search_hashes_are_apart() -> None:
    here = [
        ("苏E12F6X", "org1", "plate"),
        ("苏E12F6X", "org2", "plate"),
        ("苏E12F6X", "org1", "name"),
        ("苏E12F61", "org1", "plate"),
    ]
    assert len({fields.search_hash(*one, KEYS) for one in here}) == 4
    old = fields.search_hash("苏E12F6X", "org1", "plate", replace(KEYS, current="k1"))
    assert old in fields.search_hashes("苏E12F6X", "org1", "plate", KEYS), "a row written under the key before is found"


def test_a_key_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    fields.new_key_file(path)
    keys = fields.read_key_file(path)
    assert fields.decrypt(fields.encrypt("a", CELL, keys), CELL, keys) == "a"
    assert repr(keys) == "MasterKeys(current='k1', ids=['k1'])"
    with pytest.raises(FileExistsError):
        fields.new_key_file(path)
    os.chmod(path, 0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        fields.read_key_file(path)


GOOD = base64.b64encode(b"1" * 32).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "current = 'k1'",
        "current = 'k1'\nkeys = 3",
        f"current = 'k2'\n[keys]\nk1 = '{GOOD}'",
        "[keys]\nk1='a b'",
        "current = 'k1'\n[keys]\nk1 = 'c2hvcnRzZWNyZXQ='",
        f"current = 'K 1'\n[keys]\n'K 1' = '{GOOD}'",
        "current = 'k1'\n[keys]\nk1 = 5",
    ],
)
def test_a_bad_key_file_is_told_without_its_content(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.toml"
    path.touch(0o600)
    path.write_text(text)
    with pytest.raises(KeyFileError) as refusal:
        fields.read_key_file(path)
    assert "c2hvcn" not in str(refusal.value) and GOOD not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "kind", "seen"),
    [
        ("苏E12F6X", Personal.PLATE, "苏E·**F6X"),
        ("苏E·992F6", Personal.PLATE, "苏E·**2F6"),
        ("皖AD12345", Personal.PLATE, "皖A·***345"),
        ("使123456", Personal.PLATE, "***"),
        ("", Personal.PLATE, "***"),
        ("not a plate", Personal.PLATE, "***"),
        ("王小明", Personal.NAME, "王**"),
        ("欧阳小明", Personal.NAME, "欧**"),
        ("王", Personal.NAME, "***"),
        ("John Smith", Personal.NAME, "***"),
        ("11010519491231002X", Personal.NUMBER, "**************002X"),
        ("1234567", Personal.NUMBER, "***"),
        ("苏州市人民路1号", Personal.PLACE, "***"),
        ("anything", Personal.TEXT, "***"),
    ],
)
def test_masks(text: str, kind: Personal, seen: str) -> None:
    assert mask(text, kind) == seen


@given(st.text(), st.sampled_from(Personal))
def test_a_mask_never_shows_more_than_five_characters(text: str, kind: Personal) -> None:
    shown = mask(text, kind).replace("*", "").replace("·", "")
    assert len(shown) <= 5 and (len(text) < 2 or shown != text)


def test_places_are_rounded_to_the_city() -> None:
    assert mask_gps(31.29834, 120.58319) == (31.3, 120.6)
