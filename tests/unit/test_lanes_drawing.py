"""Drawn roads: the camera's geometry, what is painted where, and that truth lies where the paint is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.lanes.answers import Answer, Truth
from datasets.lanes.camera import Camera
from datasets.lanes.cutouts import Cutout
from datasets.lanes.draw import CELLS, IGNORED, SIDE, drawn, told
from datasets.lanes.evaluate import scored_kinds, scored_lines, summary
from datasets.lanes.labels import COLUMNS, load_lanes, with_split
from datasets.lanes.lights import STATES, draw_light
from datasets.lanes.markings import LABELS, Layout, Stripe, classes
from datasets.lanes.overdraw import overdrawn
from vision.errors import InputError
from vision.models import lane as network
from vision.standard import shared_limits
from vision.types import Lane, LaneLine, LineColour, LineKind

BACKDROP = np.full((200, 300, 3), (90, 120, 160), np.uint8)
VEHICLE = Cutout(np.full((60, 100, 3), (200, 30, 30), np.uint8), np.ones((60, 100), np.float32))


def test_labels_are_those_of_the_network() -> None:
    assert LABELS == network.LABELS


@given(
    st.floats(0.8, 5),
    st.floats(-1.2, 1.2),
    st.floats(0.02, 0.5),
    st.floats(-0.05, 0.05),
    st.floats(3, 30),
    st.floats(-3, 3),
)
def test_a_spot_of_the_ground_is_seen_by_the_pixel_it_is_projected_to(
    height: float, yaw: float, pitch: float, roll: float, ahead: float, aside: float
) -> None:
    camera = Camera(height, 0.5, yaw, pitch, roll, 250.0, (320, 240))
    c, s = np.cos(yaw), np.sin(yaw)
    spot = float(ahead * c - aside * s), float(0.5 + ahead * s + aside * c), 0.0
    seen = camera.project(spot)
    assert seen is not None
    u, v, depth = seen
    x, y, t = camera.ground()
    if 0 <= u < 320 and 0 <= v < 240:
        near = float(np.hypot(x[int(v), int(u)] - spot[0], y[int(v), int(u)] - spot[1]))
        # one pixel of ground, which grows with the square of the distance
        assert near < 0.05 + 2 * depth * depth / (250 * height)
        assert t[int(v), int(u)] > 0


def test_nothing_of_the_ground_is_above_the_horizon() -> None:
    distance = Camera(1.5, 0, 0, 0, 0, 250.0, (64, 48)).ground()[2]
    assert np.isinf(distance[:24]).all()
    assert np.isfinite(distance[25:]).all()


def road(*stripes: Stripe) -> Layout:
    return Layout(stripes, 0.0, 8.0, -8.0, None, False, False, (), False)


def test_dashes_and_double_lines_are_where_they_should_be() -> None:
    x = np.arange(0, 20, 0.1, dtype=np.float32)
    dashed = Stripe(LABELS.index("dashed_white"), 0.0, 0.2, 4.0, 6.0)
    on = classes(road(dashed), x, np.zeros_like(x)) > 0
    assert [bool(on[int(metre * 10 + 5)]) for metre in (0, 3, 4, 9, 10, 13, 14)] == [1, 1, 0, 0, 1, 1, 0]
    y = np.array([-0.2, -0.11, 0.0, 0.11, 0.2], np.float32)
    double = Stripe(LABELS.index("double_yellow"), 0.0, 0.12, apart_m=0.22)
    assert (classes(road(double), np.zeros_like(y), y) > 0).tolist() == [False, True, False, True, False]


def test_hardly_visible_paint_is_neither_line_nor_nothing() -> None:
    kinds = np.full((8, 8), LABELS.index("solid_white"), np.uint8)
    for left, cell in ((1.0, 1), (0.15, IGNORED), (0.01, 0)):
        assert (told(kinds, np.full((8, 8), left, np.float32)) == cell).all()


@pytest.mark.parametrize("seed", range(6))
def test_a_drawn_picture_is_the_same_for_a_seed_and_keeps_to_the_labels(seed: int) -> None:
    one, again = (drawn([BACKDROP], [VEHICLE], np.random.default_rng(seed)) for _ in range(2))
    assert (one.pixels == again.pixels).all() and (one.lines == again.lines).all()
    assert one.pixels.shape == (SIDE, SIDE, 3) and one.lines.shape == one.light.shape == (CELLS, CELLS)
    assert set(np.unique(one.lines)) <= {*range(len(LABELS)), IGNORED}
    assert set(np.unique(one.light)) <= {0, 1, IGNORED}


def test_nothing_is_painted_over_vehicles() -> None:
    photo = np.full((320, 320, 3), 90, np.uint8)
    for seed in range(8):
        one = overdrawn(photo, [(0.0, 0.0, 320.0, 320.0)], np.random.default_rng(seed))
        assert set(np.unique(one.lines)) == {0}


@pytest.mark.parametrize("height", [4, 12, 60])
def test_a_drawn_light_has_a_state_and_a_housing(height: int) -> None:
    one = draw_light(np.random.default_rng(height), height)
    assert one.state in STATES
    assert one.mask.shape == one.housing.shape == one.pixels.shape[:2]
    assert one.housing.any()


def test_labels_by_hand_are_of_known_photos() -> None:
    labels = load_lanes()
    assert len({label.sha256 for label in labels}) == len(labels)
    assert sum(len(with_split(split)) for split in ("train", "val", "test")) == len(labels)


@pytest.mark.parametrize(
    "row",
    ["a,street,f.jpg,2,,0,", "a,street,f.jpg,0,solid_white,0,", "a,street,f.jpg,1,wavy,0,", "a,street,f,1,,1,blue"],
)
def test_a_wrong_label_is_told_with_its_line(row: str, tmp_path: Path) -> None:
    table = tmp_path / "lanes.csv"
    table.write_text(",".join(COLUMNS) + "\n" + row + "\n")
    with pytest.raises(InputError, match=r"lanes\.csv:2"):
        load_lanes(table)


def answer(lines: bool | None, kinds: tuple[str, ...], *found: LaneLine) -> Answer:
    return Answer(Truth(Path("p"), str(id(found)), "street", lines, kinds), Lane(found))


def line(kind: LineKind, score: float = 1.0, kind_score: float = 1.0) -> LaneLine:
    return LaneLine(LineColour.WHITE, ((0, 0), (1, 1)), score, kind, kind_score)


def test_summary_counts_what_is_told_right_wrong_and_not(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = dict(shared_limits()[1]) | {"lane_score": 0.5, "lane_kind_score": 0.5}
    for module in ("answers", "evaluate"):  # counted the same whatever the product trusts today
        monkeypatch.setattr(f"datasets.lanes.{module}.shared_limits", lambda: ("0", limits))
    dashed = line(LineKind.DASHED_WHITE)
    result = summary(
        [
            answer(True, ("dashed_white",), dashed),
            answer(True, ("solid_white",), dashed),
            answer(True, ("solid_white",), line(LineKind.SOLID_WHITE, kind_score=0.01)),
            answer(False, (), dashed),
            answer(None, (), dashed),
        ]
    )
    assert result["kinds"]["told_that_are_right"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert result["kinds"]["photos_told"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert result["kinds"]["wrong"] == {"solid_white as dashed_white": 1, "no line as dashed_white": 1}
    assert result["kinds"]["told_where_people_could_not_say"] == 1
    assert (result["lines"]["found"]["value"], result["lines"]["false_alarms"]["value"]) == (1.0, 1.0)


def test_a_line_and_its_kind_are_scores_of_their_own() -> None:
    dashed, faint = line(LineKind.DASHED_WHITE, 0.9, 0.7), line(LineKind.SOLID_WHITE, 0.1, 0.8)
    answers = [
        answer(True, ("dashed_white",), dashed, faint),
        answer(True, ("solid_white",), dashed),
        answer(True, (), dashed),
        answer(False, (), faint),
        answer(False, ()),
        answer(None, (), dashed),
    ]
    lines, kinds = scored_lines(answers), scored_kinds(answers)
    assert list(zip(lines.scores, lines.right, strict=True)) == [(0.9, True)] * 3 + [(0.1, False)]
    assert list(zip(kinds.scores, kinds.right, strict=True)) == [(0.7, True), (0.7, False)]


def test_calibration_is_held_against_its_bar_where_anything_is_told() -> None:
    asked = [answer(True, ("dashed_white",), line(LineKind.DASHED_WHITE, 0.9, 0.6)), answer(False, ())]
    bars = {one["name"]: one["value"] for one in summary(asked)["bars"]}
    assert bars["calibration error of the score of lines"] == pytest.approx(0.1)
    assert bars["calibration error of the score of kinds"] == pytest.approx(0.4)
    assert not any("calibration" in one["name"] for one in summary([answer(False, ())])["bars"])
