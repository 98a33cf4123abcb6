"""Views told by eye for training: the table, its reader, and what training makes of labels that are close."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.evaluation.views import RING, steps
from datasets.labels import training
from datasets.labels.training import load_training_vehicles, load_training_views
from datasets.splits import rows
from datasets.training import augment, photos, views
from datasets.training.samples import Sample
from datasets.view_labels import MIRROR
from vision.errors import InputError
from vision.types import View

HEAD = "sha256,folder,file,x0,y0,x1,y1,view\n"


def test_each_view_is_of_a_vehicle_of_a_training_photo_and_told_once() -> None:
    told = load_training_views()
    photo = {row.sha256: row for row in rows("street", "train")}
    assert all((photo[v.sha256].folder, photo[v.sha256].file) == (v.folder, v.file) for v in told)
    vehicles = {(v.sha256, v.box_xyxy) for v in load_training_vehicles() if v.source == "looked"}
    assert {(v.sha256, v.box_xyxy) for v in told} <= vehicles
    assert len({(v.sha256, v.box_xyxy) for v in told}) == len(told)
    assert Counter(v.view for v in told)[View.REAR] >= 100


@pytest.mark.parametrize("row", ["a,street,a.jpg,1,2,30,40,behind", "a,street,a.jpg,1,2,,40,rear"])
def test_a_broken_row_is_told_with_its_line(row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "views_train.csv"
    table.write_text(HEAD + row + "\n", encoding="utf-8")
    monkeypatch.setattr(training, "VIEWS", table)
    with pytest.raises(InputError, match=r"views_train\.csv:2"):
        load_training_views()


def test_close_views_stand_side_by_side_and_the_label_keeps_most() -> None:
    close = views.neighbours()
    assert all(steps(views.LABELS[a], views.LABELS[b]) == 1 for a, b, _ in close)
    assert {a for a, _, _ in close} == set(range(len(RING)))
    for labels, pairs in ((views.LABELS, close), (photos.LABELS, photos.neighbours())):
        for k in range(len(labels)):
            assert sum(share for a, _, share in pairs if a == k) <= 0.2


def test_rare_framings_are_seen_more_often() -> None:
    pixels = np.zeros((8, 8, 3), np.uint8)
    items = [photos.of(pixels, kind) for kind in ("interior", "whole", "")]
    seen = Counter(item.targets[0] for item in photos.repeated(items))
    assert seen == {photos.LABELS.index("interior"): 5, photos.LABELS.index("whole"): 1, -1: 1}


@given(st.integers(0, 10_000))
def test_a_cut_box_lies_in_the_box_and_keeps_most_of_it(seed: int) -> None:
    x0, y0, x1, y1 = augment.cut((10.0, 20.0, 110.0, 80.0), np.random.default_rng(seed))
    assert 10 <= x0 < x1 <= 110 and 20 <= y0 < y1 <= 80
    assert (x1 - x0) * (y1 - y0) >= 0.7 * 6000 - 1e-6


@given(st.integers(0, 10_000), st.sampled_from(range(len(views.LABELS))))
def test_a_training_view_keeps_its_size_and_becomes_its_mirror_at_most(seed: int, target: int) -> None:
    item = Sample(np.full((60, 90, 3), 120, np.uint8), (5.0, 5.0, 80.0, 55.0), (target,))
    pixels, (told,) = views.augment(item, np.random.default_rng(seed))
    assert pixels.shape == (views.SIDE, views.SIDE, 3) and pixels.dtype == np.uint8
    label = views.LABELS[target]
    assert views.LABELS[told] in (label, MIRROR.get(label, label))
