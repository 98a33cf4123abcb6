"""What stands beside the road: labels by hand, drawn pictures, and what becomes of a detector's finds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.documents.fonts import installed
from datasets.roadside.draw import drawn_on
from datasets.roadside.labels import COLUMNS, RoadsideLabel, load_roadside, with_row
from datasets.roadside.samples import SIDE, Source, plain, square_of
from datasets.splits import rows
from vision.errors import InputError, ModelError
from vision.models.roadside import LABELS, roadside_detector
from vision.models.session import Session
from vision.models.yolo import Detector, Found
from vision.road import beside_road
from vision.types import Box, LightState

FONTS = pytest.mark.skipif("noto-sans" not in installed(), reason="the font noto-sans is not installed")
ROW = dict(zip(COLUMNS, ("ab", "street", "a.jpg", "pole", "1", "2", "30", "40", ""), strict=True))
BLANK = RoadsideLabel("ab", "street", "a.jpg")


def grey(height: int = 300, width: int = 400) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((height, width, 3), 120, np.uint8)


def test_rows_of_a_photo_add_up() -> None:
    label = with_row(with_row(BLANK, ROW), ROW | {"kind": "traffic_light", "note": "red"})
    label = with_row(label, ROW | {"kind": "tree", "note": "doubtful"})
    assert label.boxes == (("pole", (1, 2, 30, 40)), ("traffic_light", (1, 2, 30, 40)))
    assert (label.state, label.shows("pole"), label.shows("tree"), label.shows("wall")) == ("red", True, None, False)
    assert with_row(BLANK, ROW | {"kind": ""}) == BLANK


@pytest.mark.parametrize("wrong", [{"kind": "cow"}, {"x1": "1"}, {"x0": "a"}, {"note": "purple"}])
def test_a_wrong_row_is_told_with_its_line(wrong: dict[str, str], tmp_path: Path) -> None:
    table = tmp_path / "roadside.csv"
    table.write_text("\n".join([",".join(COLUMNS), ",".join((ROW | wrong).values())]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"roadside\.csv:2"):
        load_roadside(table)


def test_each_photo_of_the_table_is_one_of_the_splits() -> None:
    known = {row.sha256: row for row in rows()}
    labels = load_roadside()
    assert len(labels) > 300
    assert all((known[x.sha256].folder, known[x.sha256].file) == (x.folder, x.file) for x in labels)


@FONTS
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_drawn_things_are_where_they_are_told(seed: int) -> None:
    before = grey()
    after, boxes = drawn_on(before, np.random.default_rng(seed))
    for kind, (x0, y0, x1, y1) in boxes:
        assert 0 <= x0 < x1 <= 400 and 0 <= y0 < y1 <= 300 and 0 <= kind < len(LABELS)
        assert (after[int(y0) : int(np.ceil(y1)), int(x0) : int(np.ceil(x1))] != 120).any()
    again, same = drawn_on(before, np.random.default_rng(seed))
    assert (again == after).all() and same == boxes and (before == 120).all()


@FONTS
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_sample_keeps_a_box_on_its_thing(seed: int) -> None:
    pixels = grey()
    pixels[100:200, 150:250] = (250, 10, 10)
    source = Source(pixels, ((0, (150.0, 100.0, 250.0, 200.0)),), (True,) * len(LABELS), "rendered")
    square = square_of(source, np.random.default_rng(seed))
    assert square.pixels.shape == (SIDE, SIDE, 3)
    for _, (x0, y0, x1, y1) in square.boxes:
        assert 0 <= x0 < x1 <= SIDE + 1e-6 and 0 <= y0 < y1 <= SIDE + 1e-6
    (only,) = plain(source).boxes
    x0, y0, x1, y1 = (round(v) for v in only[1])
    assert (plain(source).pixels[y0 + 2 : y1 - 2, x0 + 2 : x1 - 2] == (250, 10, 10)).all()


@dataclass(frozen=True, slots=True)
class Told:
    """A detector that says what it was told to."""

    found: tuple[Found, ...]

    def detect(self, photos: tuple[object, ...]) -> tuple[tuple[Found, ...], ...]:
        return (self.found,) * len(photos)


def test_finds_are_told_in_pixels_of_the_photo_and_lights_with_their_state() -> None:
    full = grey(600, 800)
    full[20:60, 20:36] = 10
    full[22:32, 22:34] = (255, 20, 20)
    found = (Found("traffic_light", (10, 10, 18, 30), 0.8), Found("pole", (50, 0, 60, 200), 0.7))
    lights, things = beside_road(full, grey(), (), cast(Detector, Told(found)))
    assert [(x.box_xyxy, x.state) for x in lights] == [((20, 20, 36, 60), LightState.RED)]
    assert [(x.kind.value, x.box_xyxy, x.score) for x in things] == [("pole", (100, 0, 120, 400), 0.7)]


def test_what_ends_at_the_edge_stays_on_the_photo() -> None:
    """A photo of 660 x 990 is looked at in 427 x 640: the shorter side is rounded up."""
    found = (Found("pole", (400, 0, 427, 640), 0.7), Found("traffic_light", (410, 10, 427, 50), 0.6))
    lights, things = beside_road(grey(990, 660), grey(640, 427), (), cast(Detector, Told(found)))
    assert [one.box_xyxy[2:] for one in things] == [(660, 990)]
    assert [one.box_xyxy[2] for one in lights] == [660]


@pytest.mark.parametrize(
    ("box", "label", "kept"),
    [
        ((120, 120, 140, 140), "traffic_sign", False),
        ((120, 120, 140, 140), "traffic_light", False),
        ((120, 120, 140, 140), "pole", True),
        ((120, 40, 140, 60), "traffic_sign", True),
        ((90, 120, 115, 140), "traffic_sign", True),
        ((110, 110, 290, 190), "traffic_sign", True),
    ],
)
def test_a_small_sign_within_a_vehicle_is_a_badge(box: Box, label: str, kept: bool) -> None:
    told = cast(Detector, Told((Found(label, box, 0.9),)))
    lights, things = beside_road(grey(), grey(), ((100.0, 100.0, 300.0, 200.0),), told)
    assert bool(lights or things) is kept


def test_another_network_is_refused() -> None:
    with pytest.raises(ModelError, match="roadside"):
        roadside_detector(cast(Session, Labelled(("car", "bus"))))


@dataclass(frozen=True, slots=True)
class Labelled:
    labels: tuple[str, ...]
