"""The hand-drawn vehicle boxes: the table itself, its reader, and that the validator sees each kind of mistake."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.labels import COLUMNS, STREET, VehicleLabel, by_photo, load_vehicles
from datasets.labels.check import data_problems, iou, table_problems
from datasets.splits import SplitRow, rows, shared_folder
from vision.errors import InputError
from vision.types import VehicleKind

GOOD = VehicleLabel("a" * 64, "cars", "a.jpg", VehicleKind.CAR, (1.0, 2.0, 30.0, 40.0), main=True, truncated=False)
SECOND = replace(GOOD, box_xyxy=(50.0, 2.0, 90.0, 40.0), main=False)
SPLITS = (SplitRow("a" * 64, "cars", "a.jpg", "test"), SplitRow("b" * 64, "street", "b.jpg", "test"))
ROW = "{sha},cars,a.jpg,{kind},{x0},2,30,40,{main},0,"


def test_the_table_has_no_problems_and_the_photos_asked_for() -> None:
    labels = load_vehicles()
    assert table_problems(labels, rows()) == ()
    photos = by_photo(labels)
    street = [sha for sha, found in photos.items() if found[0].folder == STREET]
    assert len(photos) - len(street) == 150
    assert len(street) == 60


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        ((GOOD, SECOND), None),
        ((SECOND,), "0 main vehicles instead of 1"),
        ((GOOD, replace(SECOND, main=True)), "2 main vehicles instead of 1"),
        ((replace(GOOD, sha256="b" * 64, folder=STREET),), "1 main vehicles instead of 0"),
        ((GOOD, replace(GOOD, main=False)), "the same vehicle as line 2"),
        ((replace(GOOD, box_xyxy=(1.0, 2.0, 1.0, 40.0)),), "empty box"),
        ((replace(GOOD, box_xyxy=(-1.0, 2.0, 30.0, 40.0)),), "negative coordinate"),
        ((replace(GOOD, sha256="c" * 64),), "not in the splits"),
        ((GOOD, replace(SECOND, sha256="b" * 64, folder=STREET), SECOND), "not neighbours"),
    ],
)
def test_each_mistake_is_told(labels: tuple[VehicleLabel, ...], problem: str | None) -> None:
    messages = [message for _, message in table_problems(labels, SPLITS)]
    assert any(problem in message for message in messages) if problem else not messages


def test_a_training_photo_is_refused() -> None:
    splits = (replace(SPLITS[0], split="train"),)
    assert table_problems((GOOD,), splits) == ((2, "a.jpg: belongs to train, not to test"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sha256,folder\n", ":1: the columns are"),
        (",".join(COLUMNS) + "\n" + ROW.format(sha="a", kind="tram", x0=1, main=1), ":2: 'tram'"),
        (",".join(COLUMNS) + "\n" + ROW.format(sha="a", kind="car", x0="one", main=1), ":2: invalid literal"),
        (",".join(COLUMNS) + "\n" + ROW.format(sha="a", kind="car", x0=1, main="yes"), ":2: main and truncated"),
        (",".join(COLUMNS) + "\na,cars", ":2: "),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    table = tmp_path / "vehicles.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_vehicles(table)


def test_doubt_about_the_kind_is_not_doubt_about_the_box() -> None:
    van = replace(GOOD, note="van; doubtful kind")
    assert van.doubtful_kind
    assert not van.doubtful_box
    assert replace(GOOD, note="dark; doubtful box").doubtful_box


def test_a_photo_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert data_problems((GOOD,), tmp_path) == ((2, "cars/a.jpg: not there, or not a picture"),)


edge = st.integers(0, 50)
boxes = st.tuples(edge, edge, st.integers(1, 50), st.integers(1, 50)).map(
    lambda b: (float(b[0]), float(b[1]), float(b[0] + b[2]), float(b[1] + b[3]))
)


@given(boxes, boxes)
def test_iou_is_symmetric_and_one_only_of_equals(
    a: tuple[float, float, float, float], b: tuple[float, float, float, float]
) -> None:
    assert iou(a, b) == iou(b, a)
    assert 0 <= iou(a, b) <= 1
    assert (iou(a, b) == 1) == (a == b)


@pytest.mark.shared
def test_boxes_lie_inside_the_photos_they_were_drawn_on() -> None:
    data = shared_folder() / "data"
    if not data.is_dir():
        pytest.skip(f"no photos: {data} is absent")
    labels = load_vehicles()
    assert data_problems(labels, data) == ()
    assert Counter(label.main for label in labels)[True] == 150
