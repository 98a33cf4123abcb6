"""The splits are fixed: every photo once, copies on one side, siblings named."""

from __future__ import annotations

import hashlib

import pytest

from datasets.splits import rows, shared_folder
from datasets.splits.siblings import claim_number, with_siblings

SPLITS = {"train", "val", "test"}


def test_every_photo_has_one_split() -> None:
    split: dict[str, str] = {}
    for row in rows():
        assert row.split in SPLITS
        assert split.setdefault(row.sha256, row.split) == row.split, "equal bytes on two sides"


@pytest.mark.parametrize("folder", ["damage/val", "plates/val"])
def test_what_a_source_calls_validation_is_test(folder: str) -> None:
    assert {r.split for r in rows(folder)} == {"test"}


def test_every_role_has_all_three_parts() -> None:
    damage = {r.split for r in rows() if r.folder.startswith("damage/")}
    assert damage == SPLITS
    for folder in ("cars", "cars_views", "parts/train", "street"):
        assert {r.split for r in rows(folder)} == SPLITS


def test_siblings_are_test_photos_with_a_near_number() -> None:
    tested = {r.sha256: r for r in rows(split="test")}
    numbers = {claim_number(r) for r in rows() if r.split != "test"}
    named = with_siblings()
    assert named <= set(tested)
    numbered = [r for s in named if (r := tested[s]).folder.startswith("damage/")]
    assert numbered
    for row in numbered:
        number = claim_number(row)
        assert number is not None
        assert any(number + k in numbers for k in range(-2, 3))


@pytest.mark.shared
def test_the_table_names_the_files_that_are_there() -> None:
    for row in rows()[::97]:
        assert hashlib.sha256(row.path(shared_folder() / "data").read_bytes()).hexdigest() == row.sha256
