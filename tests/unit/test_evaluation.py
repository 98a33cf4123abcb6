"""Bootstrap, average precision, groups, corrections and the writing of calibrations."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from datasets import corrections
from datasets.calibrate import put, same_share
from datasets.corrections import PhotoCorrection, corrected_boxes, corrected_label, of_photos
from datasets.evaluation import as_json, bar
from datasets.evaluation.bootstrap import draws, interval, mean, share
from datasets.evaluation.coco import Truth, precision
from datasets.evaluation.confusion import by_class, confusion
from datasets.evaluation.detection import worst_of
from datasets.evaluation.groups import groups
from datasets.evaluation.kept import graph_digest
from datasets.evaluation.matching import match, mean_precision
from datasets.evaluation.sheets import Case, worst, write
from datasets.splits import SplitRow, rows
from datasets.training.detection_sets import Labelled
from vision.errors import InputError
from vision.models.card import Card
from vision.models.yolo import Found
from vision.types import Box

LABELS = ("a", "b")


def box(at: tuple[float, float], side: float = 10.0) -> Box:
    return at[0], at[1], at[0] + side, at[1] + side


Picture = tuple[list[tuple[str, tuple[int, int]]], list[tuple[str, tuple[int, int], int]]]
PLACES = st.tuples(st.integers(0, 20), st.integers(0, 20))
TRUTHS = st.lists(st.tuples(st.sampled_from(LABELS), PLACES), max_size=4)
FINDS = st.lists(st.tuples(st.sampled_from(LABELS), PLACES, st.integers(1, 1000)), max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TRUTHS, FINDS), min_size=1, max_size=4))
@example([([("a", (0, 0)), ("a", (2, 2))], [("a", (0, 0), 1), ("a", (0, 2), 1)])])  # as near to both
def test_average_precision_is_that_of_pycocotools(pictures: list[Picture]) -> None:
    truth: list[Truth] = [[(label, box(at)) for label, at in boxes] for boxes, _ in pictures]
    found: list[tuple[Found, ...]] = []
    for k, (_, finds) in enumerate(pictures):
        # Scores differ: of equal ones either order is right.
        told = [Found(label, box(at), (s + k / 10 + i / 100) / 1001) for i, (label, at, s) in enumerate(finds)]
        found.append(tuple(sorted(told, key=lambda f: -f.score)))
    classes = [m for label in LABELS if (m := match(truth, found, label)).truths.sum()]
    if classes and any(found):
        ours = mean_precision(classes, np.ones(len(pictures)))
        assert ours == pytest.approx(precision(truth, found, LABELS).ap50, abs=1e-6)


def test_a_group_is_drawn_as_a_whole() -> None:
    weights = draws(["x", "y", "x", "z"], 50)
    assert (weights[:, 0] == weights[:, 2]).all()
    assert ((weights[:, 0] + weights[:, 1] + weights[:, 3]) == 3).all()
    assert len(np.unique(weights, axis=0)) > 5


def test_an_interval_holds_the_share_and_is_wider_for_fewer_groups() -> None:
    hits = [True] * 80 + [False] * 20
    alone = share(hits, [str(k) for k in range(100)])
    few = share(hits, [str(k % 10 + 10 * (k // 80)) for k in range(100)])
    assert alone["value"] == 0.8
    assert alone["ci95"][0] == pytest.approx(0.72, abs=0.03)
    assert alone["ci95"][1] == pytest.approx(0.88, abs=0.03)
    assert few["ci95"][1] - few["ci95"][0] > alone["ci95"][1] - alone["ci95"][0]


def test_a_share_of_none_or_all_is_no_certainty() -> None:
    """Three kinds of line told, all right: a bootstrap would give 1 to 1, whatever is drawn."""
    assert share([True] * 3, ["x", "y", "z"]) == {"value": 1.0, "ci95": [0.4385, 1.0], "n": 3}
    assert share([False] * 48, [str(k) for k in range(48)])["ci95"] == [0.0, 0.0741]
    assert share([True] * 30, [str(k % 3) for k in range(30)])["ci95"] == [0.4385, 1.0], "three cars, ten photos each"


def test_nothing_has_no_interval() -> None:
    assert share([], []) == {"value": None, "ci95": None, "n": 0}
    assert interval(mean([]), []) is None


def test_photos_of_a_claim_are_one_group() -> None:
    def row(name: str, folder: str = "damage/train") -> SplitRow:
        return SplitRow(name, folder, name, "test")

    names = ("1_100_jpg.a.jpg", "2_102_jpg.b.jpg", "3_104_jpg.c.jpg", "4_107_jpg.d.jpg")
    found = groups([*(row(n) for n in names), row("car-resized1.jpg", "cars"), row("car-resized2.jpg", "cars")])
    assert found[0] == found[1] == found[2] != found[3]
    assert found[4] == found[5]


def test_each_class_by_itself() -> None:
    told = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")]
    found = by_class(told, ["1", "2", "3", "4"], ("a", "b", "c"))
    assert found["a"]["recall"] == 0.5 and found["a"]["precision"] == 1.0
    assert found["b"]["recall"] == 1.0 and found["b"]["precision"] == pytest.approx(0.6667)
    assert "c" not in found
    assert confusion(told) == {"a": {"a": 1, "b": 1}, "b": {"b": 2}}


def test_the_worst_come_first_and_right_answers_never(tmp_path: Path) -> None:
    def case(badness: float) -> Case:
        return Case(badness, lambda: np.zeros((30, 40, 3), np.uint8), ("truth", "answer"), [("t", (1, 1, 9, 9))])

    assert [c.badness for c in worst([case(0), case(1), case(3)])] == [3, 1]
    assert [f.name for f in write([case(k) for k in range(30)], tmp_path, "r")] == ["r_1.png", "r_2.png"]
    assert write([case(0)], tmp_path, "none") == []


def test_missed_and_invented_count_as_bad() -> None:
    truth = [("a", box((0, 0))), ("a", box((50, 50)))]
    told = [Found("a", box((0, 0)), 0.9), Found("a", box((90, 90)), 0.4), Found("a", box((50, 50)), 0.1)]
    assert worst_of(truth, told, 0.3) == pytest.approx(1.4)


def test_bars_and_json_are_short() -> None:
    line = bar("n", 0.95555, 0.96, goal=0.99, ci95=(0.9, 0.98))
    assert line["value"] == 0.9556 and not line["met"] and line["ci95"] == [0.9, 0.98]
    assert "[0.9, 0.98]" in as_json(line) and "n" not in line
    assert bar("n", 0.5, 0.4, n=3)["n"] == 3
    assert json.loads(as_json(line)) == line


def test_corrections_are_of_photos_that_are_there_and_tell_why() -> None:
    known = {r.sha256 for r in rows()}
    for one in of_photos().values():
        assert one.sha256 in known and one.was != one.now and len(one.reason) > 10
    for sha, each in corrections.of_damage().items():
        assert sha in known and all(len(one.reason) > 10 for one in each)
    for sha, characters in corrections.of_plates().items():
        assert sha in known and all(len(one.reason) > 10 and one.was != one.now for one in characters)


def test_a_correction_of_another_label_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one = PhotoCorrection("f" * 64, "framing", "whole", "medium", "cut off at the right")
    monkeypatch.setattr(corrections, "of_photos", lambda: {(one.sha256, one.field): one})
    assert corrected_label(one.sha256, "framing", "whole") == "medium"
    assert corrected_label(one.sha256, "view", "left") == "left"
    with pytest.raises(InputError):
        corrected_label(one.sha256, "framing", "closeup")


def test_damage_boxes_are_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    item = Labelled(SplitRow("s", "damage/val", "f", "test"), (100, 100), ((0, box((0, 0))), (1, box((50, 50)))))

    def given(*each: tuple[str, str, Box]) -> None:
        told = tuple(corrections.BoxCorrection("s", action, kind, at, "looked") for action, kind, at in each)
        monkeypatch.setattr(corrections, "of_damage", lambda: {"s": told})

    given(("drop", "a", box((0, 0))), ("kind", "a", box((50, 50))), ("add", "b", box((80, 80))))
    assert corrected_boxes(item, LABELS).boxes == ((0, box((50, 50))), (1, box((80, 80))))
    given(("drop", "a", box((20, 20))))
    with pytest.raises(InputError):
        corrected_boxes(item, LABELS)


def test_a_limit_is_carried_to_the_same_share() -> None:
    before = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    assert 0.25 < same_share(before, before**2, 0.6) < 0.49
    assert same_share(before, before**2, 0.05) == 0.05


def test_metadata_is_written_beside_the_same_graph(tmp_path: Path) -> None:
    graph = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["y"])],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ("n",))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ("n",))],
    )
    model = helper.make_model(graph)
    helper.set_model_props(model, {"labels": "a", "calibration": "[1.0, 0.0]"})
    file = tmp_path / "role.onnx"
    onnx.save(model, file)
    before = graph_digest(file)
    empty = {"what": "", "inputs": {}, "outputs": [], "labels": ["a"], "data": []}
    empty |= {"recipe": "", "metrics": {"bars": [bar("calibration error", 0.1, 0.05, "<=")]}, "limits": []}
    empty |= {"missed": ["calibration error: 0.100"]}
    card = Card.model_validate({"role": "role", "file": file.name, "sha256": "0" * 64, **empty})
    (tmp_path / "role.card.json").write_text(as_json(card.model_dump()), "utf-8")
    written = put("role", {"calibration": [2.0, -1.0]}, tmp_path)
    props = {p.key: p.value for p in onnx.load(file).metadata_props}
    assert props == {"labels": "a", "calibration": "[2.0, -1.0]"}
    assert graph_digest(file) == before
    assert written.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (written.metrics, written.missed) == ({}, []), "numbers of the old file are not those of the new one"
    assert Card.model_validate_json((tmp_path / "role.card.json").read_bytes()) == written
