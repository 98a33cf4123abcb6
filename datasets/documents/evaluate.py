"""Measures the reading of documents on the drawn test set: kinds, fields, pages kept apart, flags, time.

The drawer is also the examiner here: layouts and looks are the project's own idea of the real thing.
"""

from __future__ import annotations

import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from datasets.documents.testset import PLACED, Sample, plans
from datasets.documents.testset import sample as draw_sample
from datasets.documents.worst import FLAGGED, again, case, kind_right, told_beyond, told_of
from datasets.evaluation import Report, bar, calibration_bar
from datasets.evaluation.bootstrap import share
from datasets.evaluation.calibration import as_judged, calibration_error
from vision.documents.read import read_paper
from vision.models.session import Session
from vision.models.text import TextReader, text_model_files
from vision.types import Document, Validation

BARRED = ("photocopy", "screen", "glare", "thumb", "cropped")
MOST_FALSE = 0.02


def evaluate(data: Path, split: str = "test", limit: int | None = None) -> Report:
    """Metrics on ``split`` of the drawn set; ``data`` is not needed, the set comes from seeds."""
    find, read = (Session(file) for file in text_model_files())
    reader = TextReader(find, read)
    tally, cases = Tally(), []
    for planned in plans(split, limit):
        sample = draw_sample(*planned)
        started = time.process_time()
        _, documents = read_paper(sample.pixels, reader)
        tally.add(sample, documents, time.process_time() - started)
        cases.append(case(sample, documents, partial(again, *planned)))
    return Report({"split": split, **tally.summary()}, cases, cell_px=560)


class Hits:
    """Yes or no, each with the picture that it comes from."""

    def __init__(self) -> None:
        self.hits: list[bool] = []
        self.pictures: list[str] = []

    def add(self, hit: bool, picture: int) -> None:
        self.hits.append(hit)
        self.pictures.append(str(picture))

    def share(self) -> dict[str, Any]:
        return share(self.hits, self.pictures)


Group = dict[str, Hits]


class Tally:
    """Counts over samples: `add` each, then `summary`."""

    def __init__(self) -> None:
        self.kinds, self.by_page, self.by_key, self.by_defect, self.bars = (_group() for _ in range(5))
        self.raised, self.false, self.beyond = _group(), _group(), _group()
        self.scores: dict[str, list[tuple[float, bool, str]]] = {"fields": [], "the kind": [], "flags": []}
        """Of what is told: score, whether it is right, picture."""
        self.times: list[float] = []
        self.misses: list[str] = []

    def add(self, sample: Sample, documents: tuple[Document, ...], seconds: float) -> None:
        best = documents[0] if documents else None
        self.times.append(seconds)
        right = kind_right(sample, best)
        self.kinds[sample.name or " + ".join(f"{p.kind}/{p.page}" for p in sample.truth.pages)].add(right, sample.seed)
        self.bars["kind and page"].add(right, sample.seed)
        if not right:
            self.misses.append(f"{sample.seed} {sample.defect} {sample.name}: {best and (best.kind, best.pages)}")
        if best is not None:
            self.scores["the kind"].append((best.score, right, str(sample.seed)))
        if sample.defect != "lookalike":
            self._fields(sample, best)
            self._beyond(sample, best)
        raised = {flag.kind: flag.score for flag in sorted(best.flags, key=lambda f: f.score)} if best else {}
        for defect, flag in FLAGGED.items():
            mine = defect == sample.defect
            (self.raised if mine else self.false)[defect].add(flag in raised, sample.seed)
            if flag in raised:
                self.scores["flags"].append((raised[flag], mine, str(sample.seed)))

    def _fields(self, sample: Sample, best: Document | None) -> None:
        seen = told_of(best)
        for page in sample.truth.pages:
            name = f"{page.kind}/{page.page}"
            strange = {field.text for other in sample.truth.pages if other is not page for field in other.fields}
            for field in page.fields:
                told = seen.get((page.page, field.key))
                text, validated = (told.text, told.validated) if told else ("-", Validation.NONE)
                right = text == field.text
                if told is not None and text is not None:
                    self.scores["fields"].append((told.score, right, str(sample.seed)))
                self.by_page[name].add(right, sample.seed)
                self.by_key[f"{name} {field.key}"].add(right, sample.seed)
                self.by_defect[sample.defect].add(right, sample.seed)
                if sample.defect not in PLACED:
                    self.bars["clean" if sample.defect == "none" else "one defect"].add(right, sample.seed)
                if validated is Validation.CHECKSUM:
                    self.bars["wrong checksum"].add(not right, sample.seed)
                if sample.defect == "two pages":
                    self.bars["mixed"].add(not right and text in strange, sample.seed)
                if not right:
                    self.misses.append(f"{sample.seed} {sample.defect} {name} {field.key}: {text}")

    def _beyond(self, sample: Sample, best: Document | None) -> None:
        """What is told although the picture does not show it whole: no field is missed for that, but a text that is
        told with a score misleads as any other."""
        for key, told, printed in told_beyond(sample, best):
            right = told.text == printed
            self.scores["fields"].append((told.score, right, str(sample.seed)))
            self.beyond[sample.defect].add(not right, sample.seed)
            if told.validated is Validation.CHECKSUM:
                self.bars["wrong checksum"].add(not right, sample.seed)
            if not right:
                self.misses.append(f"{sample.seed} {sample.defect} {told.page} {key}: {told.text}, not shown")

    def summary(self) -> dict[str, Any]:
        """All counts as shares with intervals, and the bars."""
        errors = {name: calibration_error(as_judged(told)) for name, told in self.scores.items()}
        return {
            "n": len(self.times),
            "fields by page": _shares(self.by_page),
            "fields by defect": _shares(self.by_defect),
            "wrong texts among those told of what is not shown": _shares(self.beyond),
            "fields that fell short": {k: v for k, v in _shares(self.by_key).items() if v["value"] < 1},
            "kind and page": _shares(self.kinds),
            "flags raised where they must": _shares(self.raised),
            "flags raised where they must not": _shares(self.false),
            "processor seconds, median": round(float(np.median(self.times)), 2),
            "misses": self.misses,
            "calibration": errors,
            "bars": [*self._bars(), *(calibration_bar(f"the score of {k}", e) for k, e in errors.items() if e["n"])],
        }

    def _bars(self) -> list[dict[str, Any]]:
        lines = [
            _bar("kind and page", self.bars["kind and page"], 0.99, ">=", 0.999),
            _bar("field exact match, clean photos", self.bars["clean"], 0.985, ">=", 0.997),
            _bar("field exact match, one defect that hides none", self.bars["one defect"], 0.95, ">=", 0.98),
            _bar("wrong among those proved by check digit", self.bars["wrong checksum"], 0.001, "<=", 0.0),
            _bar("fields mixed between two pages of one photo", self.bars["mixed"], 0.005, "<=", 0.0),
        ]
        for defect in BARRED:
            lines.append(_bar(f"{FLAGGED[defect]}, recall", self.raised[defect], 0.9, ">=", 0.97))
            lines.append(_bar(f"{FLAGGED[defect]}, false alarms", self.false[defect], MOST_FALSE, "<=", 0.0))
        return [line for line in lines if line]


def _group() -> Group:
    return defaultdict(Hits)


def _shares(group: Group) -> dict[str, dict[str, Any]]:
    return {name: hits.share() for name, hits in group.items()}


def _bar(name: str, hits: Hits, asked: float, direction: str, goal: float) -> dict[str, Any]:
    """One line of the card; empty where nothing was there to measure."""
    told = hits.share()
    if not told["n"]:
        return {}
    return bar(name, told["value"], asked, direction, goal=goal, ci95=told["ci95"], n=told["n"])
