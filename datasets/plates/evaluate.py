"""`kuaizheng evaluate plates`: what the plate detector and reader get right together, photo in, text out.

A photo is right when the text that its source gives is among the texts read on it: other plates of a scene are
unlabelled, so extra finds are not counted as wrong; where the text is missed, any sure text on the photo counts as
wrong. Drawn photos hold one drawn plate each; those that nobody could read by the rule of `legible` are reported
apart: nothing should be told on them. Of real plates only file names and counts are told, no text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from datasets.evaluation import Report, bar, calibration_bar
from datasets.evaluation.calibration import calibration_error
from datasets.evaluation.sheets import Case
from datasets.plates import testset
from datasets.plates.answers import Answer, by_subset, judged, short, summary, told
from datasets.plates.seed_labels import read_rgb
from vision.geometry import bounds, iou
from vision.models.card import card_of
from vision.models.plate_detector import PlateDetector
from vision.models.plate_reader import PlateReader
from vision.models.plates import find_plates
from vision.models.session import open_model
from vision.types import Pixels, Plate, PlateKind

Find = Callable[[Pixels], Sequence[Plate]]
DRAWN_EACH = {"test": 188, "val": 40}
"""Drawn photos of each of the 16 kinds: 3,008 for test."""
NEAR = 0.4
"""IoU from which a find is the drawn plate."""
DARK = 60
"""Mean grey of the plate under which a drawn one counts as night."""
TILTED = 0.2
"""Sideways slope of the plate's edges from which on a drawn one counts as tilted."""
PEER = Path(__file__).with_name("peer.json")
"""What `compare` measured."""
REAL_COLOURS = ("blue", "yellow")
FREQUENT = ("blue", "yellow_single", "yellow_double", "green_small")
"""The kinds that are not rare."""


def on_real(find: Find, data: Path, split: str = "test") -> list[Answer]:
    """Answers on photos and bare crops with text."""
    found = []
    for row in testset.real(data, split):
        plates = find(read_rgb(row.path))
        shape = "crop" if row.crop else "photo"
        subsets = [row.group, f"{row.group}_{shape}", f"source {row.source}", f"province {row.text[0]}"]
        if row.group in REAL_COLOURS:
            subsets.append("blue_and_yellow")
        boxes = tuple((p.text or "?", bounds(p.corners)) for p in plates)
        found.append(Answer(row.path.name, row.text, tuple(subsets), bool(plates), told(plates), True, boxes))
    return found


def looks(photo: testset.DrawnPhoto) -> tuple[str, ...]:
    """The subsets of a drawn photo."""
    width = float(np.linalg.norm(photo.quad[1] - photo.quad[0]))
    x0, y0, x1, y1 = (max(int(v), 0) for v in bounds(photo.quad))
    edges = [photo.quad[1] - photo.quad[0], photo.quad[2] - photo.quad[3]]
    slope = max(abs(float(y)) / max(abs(float(x)), 1e-6) for x, y in edges)
    sizes = (("under 100 px", 0.0), ("100 to 180 px", 100.0), ("from 180 px", 180.0))
    return (
        photo.kind.value,
        f"province {photo.text[0]}",
        [name for name, least in sizes if width >= least][-1],
        "night" if photo.pixels[y0:y1, x0:x1].mean() < DARK else "day",
        "tilted" if slope >= TILTED else "level",
        "rare kinds" if photo.kind.value not in FREQUENT else "frequent kinds",
    )


def on_drawn(find: Find, shared: Path, split: str = "test", each: int = 40) -> tuple[list[Answer], list[Answer]]:
    """Answers on drawn photos: the legible ones, and those that nobody could read."""
    clear: list[Answer] = []
    hopeless: list[Answer] = []
    for photo in testset.drawn(shared, each, split):
        box = bounds(photo.quad)
        near = [p for p in find(photo.pixels) if iou(bounds(p.corners), box) >= NEAR]
        right = [p.kind for p in near if p.text == photo.text]
        boxes = tuple((p.text or "?", bounds(p.corners)) for p in near)
        one = Answer(photo.name, photo.text, looks(photo), bool(near), told(near), right[:1] == [photo.kind], (*boxes,))
        (clear if photo.legible else hopeless).append(one)
    return clear, hopeless


def drawn_table(clear: Sequence[Answer], hopeless: Sequence[Answer]) -> dict[str, Any]:
    kinds = [k.value for k in PlateKind if k is not PlateKind.OTHER]
    table = {}
    for kind in kinds:
        mine = [a for a in clear if kind in a.subsets]
        told_right = [a.kind_right for a in mine if a.right]
        table[kind] = {**short(mine), "kind_right": round(float(np.mean(told_right)), 4) if told_right else None}
    subsets = {k: v for k, v in by_subset(clear).items() if k not in kinds}
    apart = {
        "n": len(hopeless),
        "nothing_told": sum(not a.texts for a in hopeless),
        "right": sum(a.right for a in hopeless),
        "wrong_at_9": sum(a.wrong_and_sure for a in hopeless),
    }
    return {"legible": summary(clear), "kinds": table, "subsets": subsets, "illegible": apart}


def against_peer(photos: Sequence[Answer], data: Path) -> list[dict[str, Any]]:
    """Our exact match against the peer pair's on the test photos, as `compare` measured it: both are held to the texts
    as the source gives them, for what was put right was found by looking at our answers.
    """
    photos = as_given(photos, data, "test")
    peer = json.loads(PEER.read_text(encoding="utf-8"))["real"]["subsets"]
    lines = []
    for name, subset in (("blue and yellow", "blue_and_yellow"), ("blue, whole photos", "blue_photo")):
        ours = short([a for a in photos if subset in a.subsets])
        told = f"real {name}, exact, against the peer pair"
        lines.append(bar(told, ours["value"], peer[subset]["value"], ci95=ours["ci95"], n=ours["n"]))
    return lines


def without_corrections(photos: Sequence[Answer], data: Path, split: str) -> dict[str, Any]:
    """Blue and yellow plates against the text as the source gives it, and how many texts were put right."""
    common = [a for a in as_given(photos, data, split) if "blue_and_yellow" in a.subsets]
    return {"exact": short(common), "corrected": sum(row.text != row.given for row in testset.real(data, split))}


def as_given(photos: Sequence[Answer], data: Path, split: str) -> list[Answer]:
    """The same answers against the text as the source gives it."""
    given = {row.path.name: row.given for row in testset.real(data, split)}
    return [replace(a, truth=given[a.name]) for a in photos]


def bars(photos: Sequence[Answer], clear: Sequence[Answer], hopeless: Sequence[Answer]) -> list[dict[str, Any]]:
    exact = summary([a for a in photos if "blue_and_yellow" in a.subsets])["exact"]
    rare = [
        (kind.value, short([a for a in clear if kind.value in a.subsets]))
        for kind in PlateKind
        if kind is not PlateKind.OTHER
    ]
    name = "real blue and yellow, exact"
    lines = [bar(name, exact["value"], 0.97, goal=0.99, ci95=exact["ci95"], n=exact["n"])]
    for name, answers in (("real", photos), ("drawn, legible or not", [*clear, *hopeless])):
        wrong = summary(answers)["wrong_text_at_9"]
        said = f"wrong text with score >= .9, {name}"
        lines.append(bar(said, wrong["value"], 0.01, "<=", goal=0.003, ci95=wrong["ci95"], n=wrong["n"]))
    lines += [
        bar(f"drawn {kind}, exact", one["value"], 0.97, goal=0.99, ci95=one["ci95"], n=one["n"]) for kind, one in rare
    ]
    error = calibration_error(judged([*photos, *clear, *hopeless]))
    return [*lines, calibration_bar("the texts' scores", error)]


def cases(answers: Sequence[Answer], data: Path, split: str) -> list[Case]:
    """What was answered wrongly on real photos, the surest first."""
    paths = {row.path.name: row.path for row in testset.real(data, split)}
    return [
        Case(
            1 + max((s for _, s in a.texts), default=0.0) if not a.right else 0.0,
            paths[a.name],
            (f"{a.name[:30]} {a.truth}", " ".join(f"{t} {s:.2f}" for t, s in a.texts) or "nothing told"),
            answer=a.boxes,
        )
        for a in answers
    ]


def evaluate(data: Path, split: str = "test", provider: str | None = None) -> Report:
    """Both parts with the committed weights; ``data`` is the data folder. Raises `ModelError`."""
    detector = PlateDetector(open_model(card_of("plate_detector"), provider))
    reader = PlateReader(open_model(card_of("plate_reader"), provider))

    def find(pixels: Pixels) -> Sequence[Plate]:
        return find_plates(detector, reader, pixels)

    photos = on_real(find, data, split)
    clear, hopeless = on_drawn(find, data.parent, split, DRAWN_EACH[split])
    misses = {
        a.name: f"{a.errors} characters off of {len(a.truth)}, {len(a.texts)} texts told, "
        f"{'sure' if a.wrong_and_sure else 'unsure'}"
        for a in photos
        if not a.right
    }
    metrics = {
        "split": split,
        "n": len(photos),
        "real": {
            **summary(photos),
            "subsets": by_subset(photos),
            "misses": misses,
            "without_corrections": without_corrections(photos, data, split),
        },
        "drawn": {"each": DRAWN_EACH[split], **drawn_table(clear, hopeless)},
        "bars": bars(photos, clear, hopeless) + (against_peer(photos, data) if split == "test" else []),
    }
    return Report(metrics, cases(photos, data, split))
