"""How two readers of damage are compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from datasets.evaluation import damage_readers
from datasets.evaluation.damage_readers import best, readers, second_readings
from datasets.splits import SplitRow, rows
from datasets.training.detection_sets import DAMAGE_LABELS, Labelled
from vision.errors import InputError
from vision.models.yolo import Found
from vision.types import Box

HERE: Box = (0.0, 0.0, 10.0, 10.0)
THERE: Box = (50.0, 50.0, 60.0, 60.0)
DENT = DAMAGE_LABELS.index("dent")


def labelled(sha: str, *boxes: Box) -> Labelled:
    return Labelled(SplitRow(sha, "damage/val", f"{sha}.jpg", "test"), (100, 100), tuple((DENT, box) for box in boxes))


def test_readings_are_of_test_photos_and_none_is_told_twice() -> None:
    tested = {row.sha256 for row in rows(split="test")}
    read = second_readings()
    assert len(read) == 100 and set(read) <= tested
    for boxes in read.values():
        assert len(set(boxes)) == len(boxes)
        assert all(0 <= x0 < x1 <= 640 and 0 <= y0 < y1 <= 640 for _, (x0, y0, x1, y1) in boxes)


def test_people_and_product_are_compared_at_one_count_of_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    read = {"a": [("scratch", HERE)], "b": [("dent", THERE)]}
    monkeypatch.setattr(damage_readers, "second_readings", lambda: read)
    items = [labelled("a", HERE), labelled("b", HERE), labelled("nobody read it twice", HERE)]
    found = [(Found("dent", HERE, 0.9), Found("dent", THERE, 0.2)), (Found("dent", THERE, 0.4),), ()]
    told = readers(items, found)
    assert told["n"] == 2 and told["boxes"] == {"labels": 2, "second reader": 2}
    people, labels = told["second reader against the labels"], told["product against the labels"]
    assert (people["any damage"]["value"], people["of the same kind"]["value"]) == (0.5, 0.0)
    assert (labels["any damage"]["value"], labels["of the same kind"]["value"]) == (0.5, 0.5)
    assert told["product against the second reader"]["any damage"]["value"] == 1.0


def test_the_best_finds_are_those_of_all_photos() -> None:
    low, high = Found("dent", HERE, 0.1), Found("dent", THERE, 0.8)
    assert best([(low,), (high, low)], 1) == [(), (high,)]
    assert best([(low,), (high, low)], 5) == [(low,), (high, low)]


def test_without_photos_read_twice_nothing_is_told() -> None:
    assert readers([labelled("f" * 64, HERE)], [()]) == {}


@pytest.mark.parametrize("row", ["s,damage/val,f,rust,1,1,2,2", "s,damage/val,f,dent,1,1,2,"])
def test_a_broken_table_is_refused_with_its_line(row: str, tmp_path: Path) -> None:
    table = tmp_path / "damage_second.csv"
    table.write_text(f"sha256,folder,file,kind,x0,y0,x1,y1\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"damage_second\.csv:2"):
        second_readings(table)
