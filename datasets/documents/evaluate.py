"""Measures the reading of documents on the drawn test set: field exact match, kind and page, time.

The drawer is also the examiner here: layouts and looks are the project's own idea of the real thing.
"""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from datasets.documents.testset import MAIN_PAGES, Sample, samples
from datasets.evaluation import bar
from vision.documents.read import read_paper
from vision.models.session import Session
from vision.models.text import TextReader, text_model_files
from vision.types import Document, DocumentFlagKind, DocumentKind, Validation

Counts = dict[str, list[int]]
"""Name -> right, all."""


def evaluate(data: Path, split: str = "test") -> dict[str, Any]:
    """Metrics on ``split`` of the drawn set; ``data`` is not needed, the set comes from seeds."""
    find, read = (Session(file) for file in text_model_files())
    reader = TextReader(find, read)
    tally = Tally()
    for sample in samples(split):
        started = time.perf_counter()
        _, documents = read_paper(sample.pixels, reader)
        tally.add(sample, documents, time.perf_counter() - started)
    return {"split": split, **tally.summary()}


class Tally:
    """Counts over samples: `add` each, then `summary`."""

    def __init__(self) -> None:
        self.fields: dict[str, Counts] = {name: defaultdict(lambda: [0, 0]) for name in ("page", "key", "defect")}
        self.pages: Counts = defaultdict(lambda: [0, 0])
        self.main = [0, 0]
        self.glare = [0, 0]
        self.false_glare = [0, 0]
        self.proved = [0, 0]
        self.times: dict[str, list[float]] = defaultdict(list)
        self.misses: list[str] = []

    def add(self, sample: Sample, documents: tuple[Document, ...], seconds: float) -> None:
        page = sample.truth.pages[0]
        name = f"{page.kind}/{page.page}"
        best = documents[0] if documents else None
        wanted = page.kind not in (DocumentKind.ID_CARD, DocumentKind.OTHER_DOCUMENT)
        same = best is not None and best.kind is page.kind and (not wanted or best.pages == (page.page,))
        _count(self.pages[name], same)
        self.times[name].append(seconds)
        for field in page.fields:
            seen = best.fields.get(field.key) if best is not None else None
            right = same and seen is not None and seen.text == field.text
            for group, label in (("page", name), ("key", f"{name} {field.key}"), ("defect", sample.defect)):
                _count(self.fields[group][label], right)
            if (page.kind, page.page) in MAIN_PAGES:
                _count(self.main, right)
            if seen is not None and seen.text is not None and seen.validated is Validation.CHECKSUM:
                _count(self.proved, right)
            if not right:
                self.misses.append(f"{sample.seed} {sample.defect} {name} {field.key}: {seen.text if seen else '-'}")
        if wanted:
            flagged = best is not None and any(f.kind is DocumentFlagKind.GLARE_OVER_FIELD for f in best.flags)
            _count(self.glare if sample.defect == "glare" else self.false_glare, flagged)

    def summary(self) -> dict[str, Any]:
        """All counts as shares, and the bars."""
        return {
            "n": sum(total for _, total in self.pages.values()),
            "fields by page": _shares(self.fields["page"]),
            "fields by defect": _shares(self.fields["defect"]),
            "fields that fell short": {k: v for k, v in _shares(self.fields["key"]).items() if v < 1},
            "kind and page": _shares(self.pages),
            "glare flagged, of pictures with a glare patch": _share(self.glare),
            "glare flagged, of pictures without": _share(self.false_glare),
            "wrong among those proved by check digit": 1 - _share(self.proved),
            "seconds, median": {name: round(float(np.median(t)), 2) for name, t in self.times.items()},
            "misses": self.misses,
            "bars": [bar("field exact match, main pages", _share(self.main), 0.90)],
        }


def _count(pair: list[int], right: bool) -> None:
    pair[0] += right
    pair[1] += 1


def _share(pair: list[int]) -> float:
    return pair[0] / pair[1] if pair[1] else 0.0


def _shares(counts: Counts) -> dict[str, float]:
    return {name: round(_share(pair), 4) for name, pair in counts.items()}
