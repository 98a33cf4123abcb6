"""Truth of lane lines on outlined photos and rendered pictures, pixel by pixel."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.lanes.draw import CELLS, IGNORED, SIDE
from datasets.lanes.markings import LABELS, OTHER
from datasets.lanes.outlines import COLUMNS, load_outlines, outline_of, outlined_photos, truth_of
from datasets.lanes.paint import band_truth, known, lighter, part_of
from datasets.lanes.rendered import ground_of, painted
from datasets.scenes.pinhole import pinhole, project
from datasets.scenes.plan import Line, Road, Shot
from datasets.splits import rows
from vision.errors import InputError
from vision.types import Pixels

DASHED, SOLID = LABELS.index("dashed_white"), LABELS.index("solid_white")
ROW = dict(zip(COLUMNS, ("ab", "street", "x.jpg", "dashed_white", "1.5", "10,20 30,40"), strict=True))


def road_with_dashes() -> Pixels:
    """A grey road, 480 x 640, with dashes 80 px long along x = 320."""
    pixels = np.full((480, 640, 3), 90, np.uint8)
    for y in (40, 200, 360):
        pixels[y : y + 80, 314:326] = 210
    return pixels


def band() -> np.ndarray:
    inside = np.zeros((480, 640), np.uint8)
    cv2.line(inside, (320, 20), (320, 460), 1, 44)
    return inside > 0


POINTS = np.array([(320, 20), (320, 240), (320, 460)], np.int32)


def test_paint_is_lighter_than_the_road_and_a_bare_road_is_not() -> None:
    told = lighter(road_with_dashes())
    assert told[80, 320] > 100 and abs(float(told[160, 320])) < 3
    assert float(np.abs(lighter(np.full((60, 80, 3), 120, np.uint8))).max()) == 0


@pytest.mark.parametrize(("kind", "dashed"), [(DASHED, True), (SOLID, False)])
def test_a_gap_is_bare_on_a_dashed_line_and_doubtful_on_a_solid_one(kind: int, dashed: bool) -> None:
    truth = known(road_with_dashes())
    band_truth(truth, band(), POINTS, kind, dashed)
    assert truth.kinds[80, 320] == kind and not truth.ignored[80, 320]
    assert truth.kinds[160, 320] == 0 and truth.ignored[160, 320] != dashed
    assert not truth.ignored[160, 100] and truth.kinds[160, 100] == 0


def test_a_part_holds_the_line_and_asks_of_no_light() -> None:
    truth = known(road_with_dashes())
    band_truth(truth, band(), POINTS, DASHED, True)
    part = part_of(truth, np.random.default_rng(1), least=1.0)
    assert part.pixels.shape == (SIDE, SIDE, 3) and part.lines.shape == (CELLS, CELLS)
    assert (part.lines == DASHED).sum() > 60 and set(np.unique(part.lines)) <= {0, DASHED, IGNORED}
    painted_cells = cv2.resize(part.pixels[..., 0], (CELLS, CELLS), interpolation=cv2.INTER_AREA)[part.lines == DASHED]
    assert painted_cells.mean() > 150
    assert (part.light[40:120] == IGNORED).all()


@pytest.mark.parametrize(
    ("column", "cell"),
    [("kind", "wavy"), ("points_percent", "1,2"), ("points_percent", "1,2 x,4"), ("half_percent", "wide")],
)
def test_a_wrong_cell_is_refused_with_its_line(column: str, cell: str, tmp_path: Path) -> None:
    table = tmp_path / "lines.csv"
    table.write_text(",".join(COLUMNS) + "\n" + ",".join(f'"{v}"' for v in {**ROW, column: cell}.values()) + "\n")
    with pytest.raises(InputError, match=r"lines\.csv:2"):
        load_outlines(table)


def test_a_row_is_in_shares() -> None:
    assert outline_of(ROW).points == ((0.1, 0.2), (0.3, 0.4)) and outline_of(ROW).half == 0.015


def test_only_training_photos_are_outlined() -> None:
    held = {row.sha256 for split in ("val", "test") for row in rows(split=split)}
    assert not held & {one.sha256 for one in load_outlines()}
    assert len(outlined_photos()) == len({one.sha256 for one in load_outlines()})


def test_what_is_unsure_overrules_what_is_outlined() -> None:
    points = "50,4 50,50 50,96"
    line = outline_of({**ROW, "points_percent": points, "half_percent": "3"})
    doubt = outline_of({**ROW, "kind": "unsure", "points_percent": points, "half_percent": "4"})
    pixels = road_with_dashes()
    assert (truth_of(pixels, (line,)).kinds == DASHED).any()
    assert truth_of(pixels, (doubt, line)).ignored[truth_of(pixels, (line,)).kinds == DASHED].all()


@given(st.floats(-8, 8), st.floats(1.0, 3.0), st.floats(5, 30), st.floats(-10, 10))
@settings(max_examples=30, deadline=None)
def test_the_ground_under_a_pixel_projects_to_it(aside: float, height: float, ahead: float, roll: float) -> None:
    shot = Shot("side", (0.0, 0.0, height), (ahead, aside, 0.0), 26.0, roll, (64, 48))
    x, y = ground_of(shot)
    there = np.isfinite(x)
    assert there.any()
    spots, _ = project(pinhole(shot), np.stack([x[there], y[there], np.zeros(there.sum())], 1))
    v, u = np.nonzero(there)
    assert np.abs(spots - np.stack([u + 0.5, v + 0.5], 1)).max() < 0.05


def test_lines_lie_where_the_plan_says() -> None:
    road = Road("street", lanes=2, lane_m=3.5, centre=Line.SOLID_YELLOW, between=Line.DASHED_WHITE, zebra=True)
    x, y = np.array([[30.0, 32.5, 37.5, 30.0, 14.0, np.nan]]), np.array([[0.0, 3.5, 3.5, 1.7, 1.0, 0.0]])
    kinds, doubt = painted(road, x.astype(np.float32), y.astype(np.float32))
    assert [LABELS[k] for k in kinds[0]] == ["solid_yellow", "dashed_white", "none", "none", "none", "none"]
    assert doubt[0].tolist() == [False, False, False, False, True, False]


def test_marks_of_bays_are_other_paint() -> None:
    kinds, _ = painted(Road("car_park"), np.array([[0.0]], np.float32), np.array([[5.0]], np.float32))
    assert kinds[0, 0] == OTHER
