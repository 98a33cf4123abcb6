"""`python -m datasets.quality_eval DATA`: the quality role on degraded twins of test photos, and on the real bad ones.

Positives are the twins of a kind, negatives the test photos labelled ok: both as they are and, the harder and truer
case, both with a sensor's grain and a JPEG of quality 85 after it (``noisy``). False alarms on drawn documents beside.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from datasets.degrade import KINDS
from datasets.documents.fonts import HELD_OUT
from datasets.evaluation import Report, bar, calibration_bar
from datasets.evaluation.auc import area_under_curve
from datasets.evaluation.bootstrap import interval, share
from datasets.evaluation.calibration import Judged, as_judged, calibration_error
from datasets.evaluation.groups import groups
from datasets.evaluation.sheets import write
from datasets.quality_photos import QualityPhoto, drawn_documents, photos
from datasets.quality_twins import ORIGINAL, SCORES, Twins, cases, twins
from vision.quality import measure
from vision.types import Quality

FOLDERS = ("damage/train", "damage/val", "cars")
MUST, GOAL = 0.96, 0.99
REAL_MUST, REAL_GOAL = 20 / 25, 24 / 25
"""Share of the hand-labelled bad photos, of all splits, that must be told for what they are."""
LABELLED = ("blur", "dark", "glare")
"""Faults that photos are labelled with by hand."""
DOCUMENTS_SEED = 77
SPLITS = {"train": "fitted on it", "val": "no part", "test": "no part"}
"""What part a hand-labelled bad photo of a split took: limits are chosen on good ones only."""
Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def evaluate(data: Path, split: str = "test", every: int = 1) -> Report:
    """Measure the quality role.

    Args:
        data: folder of damage/, cars/ and views.csv.
        split: ``test`` for the card; ``val`` while something is still being chosen.
        every: take every so manieth photo.

    Returns:
        ``auc`` per kind of degradation (all, noisy: of every third photo, and per folder), ``found`` and
        ``false_alarms`` (shares at the model's limits), ``real`` (the hand-labelled bad photos of all
        splits, one by one, with the part they took), ``calibration`` (on all photos of the split), ``n``.
    """
    shown = photos(data, split, FOLDERS)
    good = [photo for photo in shown if photo.quality == "ok"][::every]
    plain = [twins(photo, noisy=False) for photo in good]
    noisy = [twins(photo, noisy=True) for photo in good[::3]]
    cars = np.asarray([photo.row.folder == "cars" for photo in good])
    papers = [measure(pixels) for pixels in drawn_documents(max(60 // every, 8), DOCUMENTS_SEED, HELD_OUT)]
    bad = [photo for part in SPLITS for photo in photos(data, part, FOLDERS) if photo.quality != "ok"]
    seen = [(photo, measure(photo.pixels())) for photo in bad]
    real = [_real(*one) for one in seen]
    error = calibration_error(scored([(photo, measure(photo.pixels())) for photo in shown]))
    aucs = {kind: _aucs(kind, verdict, plain, noisy, cars) for kind, verdict, _ in KINDS}
    metrics = {
        "split": split,
        "n": len(good),
        "auc": aucs,
        "found": {kind: _share([of[kind] for of in plain], verdict) for kind, verdict, _ in KINDS},
        "false_alarms": {
            "photos": _alarms([of[ORIGINAL] for of in plain]),
            "noisy photos": _alarms([of[ORIGINAL] for of in noisy]),
            "documents": _alarms(papers),
        },
        "real": real,
        "calibration": error,
        "bars": [
            *_bars(aucs, plain, groups([photo.row for photo in good])),
            _real_bar(real),
            calibration_bar("the scores of blur, dark and glare on real photos", error),
        ],
    }
    return Report(metrics, cases(list(zip(good, plain, strict=True)), seen))


def scored(seen: Sequence[tuple[QualityPhoto, Quality]]) -> Judged:
    """Score of each fault that photos are labelled with, and whether this photo is; all photos of a split, of which
    nearly all are good, as in use.
    """
    names = groups([photo.row for photo, _ in seen])
    return as_judged(
        [
            (SCORES[kind](quality), photo.quality == kind, name)
            for (photo, quality), name in zip(seen, names, strict=True)
            for kind in LABELLED
        ]
    )


def _aucs(kind: str, verdict: str, plain: list[Twins], noisy: list[Twins], cars: Mask) -> dict[str, float]:
    bad, ok = (_column(plain, which, verdict) for which in (kind, ORIGINAL))
    pairs = {
        "all": (bad, ok),
        "noisy": (_column(noisy, kind, verdict), _column(noisy, ORIGINAL, verdict)),
        "damage": (bad[~cars], ok[~cars]),
        "cars": (bad[cars], ok[cars]),
    }
    return {name: round(area_under_curve(*pair), 4) for name, pair in pairs.items()}


def _alarms(measured: list[Quality]) -> dict[str, float]:
    return {kind: _share(measured, kind) for kind in SCORES}


def _share(measured: list[Quality], verdict: str) -> float:
    return round(float(np.mean([quality.verdict == verdict for quality in measured])), 4)


def _bars(measured: dict[str, dict[str, float]], of: list[Twins], names: Sequence[str]) -> list[dict[str, Any]]:
    verdicts = {kind: verdict for kind, verdict, _ in KINDS}
    lines = []
    for kind, value in measured.items():
        bad, ok = (_column(of, which, verdicts[kind]) for which in (kind, ORIGINAL))
        ci95 = interval(partial(_resampled, bad, ok), names)
        lines.append(bar(f"AUC {kind}", value["all"], MUST, goal=GOAL, ci95=ci95))
    return lines


def _resampled(bad: Scores, ok: Scores, weights: Scores) -> float:
    """A resample counts each photo's twin and its original so many times."""
    return area_under_curve(bad, ok, weights, weights)


def _real_bar(real: list[dict[str, Any]]) -> dict[str, Any]:
    told = share([one["told"] == one["labelled"] for one in real], [one["sha256"] for one in real])
    name = f"hand-labelled bad photos told right, of {told['n']} of all splits"
    return bar(name, told["value"], REAL_MUST, goal=REAL_GOAL, ci95=told["ci95"], n=told["n"])


def _column(measured: list[Twins], kind: str, verdict: str) -> Scores:
    return np.asarray([SCORES[verdict](of[kind]) for of in measured], np.float64)


def _real(photo: QualityPhoto, seen: Quality) -> dict[str, Any]:
    scores = {name: round(of(seen), 3) for name, of in SCORES.items()}
    part = {"split": photo.row.split, "took": SPLITS[photo.row.split]}
    return {"sha256": photo.row.sha256[:12], **part, "labelled": photo.quality, "told": seen.verdict.value, **scores}


def report(result: dict[str, Any]) -> str:
    """The result as lines for a terminal."""
    lines = [f"quality on {result['split']}, {result['n']} photos labelled ok and their twins"]
    lines += [f"{'kind':<12} {'AUC':>7} {'noisy':>9} {'damage':>7} {'cars':>7} {'found':>6}"]
    for kind, value in result["auc"].items():
        numbers = f"{value['all']:7.4f} {value['noisy']:9.4f} {value['damage']:7.4f} {value['cars']:7.4f}"
        lines.append(f"{kind:<12} {numbers} {result['found'][kind]:6.2f}{'' if value['all'] >= MUST else '  short'}")
    lines.append(f"false alarms {result['false_alarms']}")
    return "\n".join([*lines, *(str(row) for row in result["real"])])


def main() -> None:
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--split", default="test", choices=("train", "val", "test"))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--sheet", type=Path, help="a folder for pictures of the 40 worst answers")
    asked = parser.parse_args()
    result = evaluate(asked.data, asked.split, asked.every)
    print(report(result.metrics))
    if asked.json:
        asked.json.write_text(json.dumps(result.metrics, indent=1) + "\n", "utf-8")
    if asked.sheet:
        write(result.cases, asked.sheet, f"quality_{asked.split}")


if __name__ == "__main__":
    main()
