"""`kuaizheng evaluate plates`: what the plate detector and reader get right together, photo in, text out.

A photo is right when the text that its source gives is among the texts read on it: other plates of a scene are
unlabelled, so extra finds are not counted as wrong. Drawn photos hold one drawn plate each. Of real plates
only file names and counts are told, no text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from datasets.evaluation import bar
from datasets.plates import testset
from datasets.plates.seed_labels import read_rgb
from vision.geometry import bounds, iou
from vision.models.card import card_of
from vision.models.plate_detector import PlateDetector
from vision.models.plate_reader import PlateReader
from vision.models.plates import find_plates
from vision.models.session import open_model
from vision.types import Pixels, Plate

Find = Callable[[Pixels], Sequence[Plate]]
DRAWN_EACH = 40
NEAR = 0.4
"""IoU from which a find is the drawn plate."""


def share(hits: Sequence[bool]) -> float:
    """Share of hits, 4 digits; 0 of nothing is 0."""
    return round(sum(hits) / len(hits), 4) if hits else 0.0


def nearest(text: str, read: Sequence[str]) -> int:
    """How many characters of ``text`` stand at their place in the best of ``read``."""
    return max((sum(a == b for a, b in zip(text, r, strict=False)) for r in read), default=0)


def on_real(find: Find, data: Path, split: str = "test") -> dict[str, Any]:
    """Exact match by colour group, photos and bare crops apart; green and rare ones and all misses one by one."""
    groups: dict[str, list[bool]] = defaultdict(list)
    misses: dict[str, str] = {}
    listed: dict[str, bool] = {}
    for row in testset.real(data, split):
        plates = find(read_rgb(row.path))
        texts = [p.text for p in plates if p.text is not None]
        right = row.text in texts
        for group in (row.group, f"{row.group}_{'crop' if row.crop else 'photo'}"):
            groups[group].append(right)
        if row.group in ("blue", "yellow"):
            groups["blue_and_yellow"].append(right)
        else:
            listed[f"{row.path.name} ({row.colour})"] = right
        if not right:
            told = f"{nearest(row.text, texts)} of {len(row.text)} characters" if texts else "no text told"
            misses[row.path.name] = f"{told}, {len(plates)} finds"
    exact = {g: {"exact": share(hits), "photos": len(hits)} for g, hits in sorted(groups.items())}
    return {"exact_match": exact, "green_and_rare_one_by_one": listed, "misses": misses}


def on_drawn(find: Find, shared: Path, split: str = "test", each: int = DRAWN_EACH) -> dict[str, Any]:
    """Per kind: found at IoU >= .4, text right, kind right of those, wrong text told."""
    kinds: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for photo in testset.drawn(shared, each, split):
        box = bounds(photo.quad)
        near = [p for p in find(photo.pixels) if iou(bounds(p.corners), box) >= NEAR]
        right = [p for p in near if p.text == photo.text]
        one = kinds[photo.kind.value]
        one["found"].append(bool(near))
        one["exact"].append(bool(right))
        one["kind_of_exact"] += [p.kind is photo.kind for p in right[:1]]
        one["wrong_text"].append(any(p.text not in (None, photo.text) for p in near) and not right)
    table = {kind: {name: share(hits) for name, hits in one.items()} for kind, one in kinds.items()}
    green = [h for k in ("green_small", "green_large") for h in kinds[k]["exact"]]
    everything = [h for one in kinds.values() for h in one["exact"]]
    found = [h for one in kinds.values() for h in one["found"]]
    return {
        "each": each,
        "kinds": table,
        "green_exact": share(green),
        "all_exact": share(everything),
        "all_found": share(found),
    }


def evaluate(data: Path, split: str = "test", provider: str | None = None) -> dict[str, Any]:
    """Both parts with the committed weights; ``data`` is the data folder. Raises `ModelError`."""
    detector = PlateDetector(open_model(card_of("plate_detector"), provider))
    reader = PlateReader(open_model(card_of("plate_reader"), provider))

    def find(pixels: Pixels) -> Sequence[Plate]:
        return find_plates(detector, reader, pixels)

    photos = on_real(find, data, split)
    plates = on_drawn(find, data.parent, split)
    exact = photos["exact_match"]
    return {
        "split": split,
        "n": len(testset.real(data, split)),
        "real": photos,
        "drawn": plates,
        "bars": [
            bar("real blue and yellow, exact", exact["blue_and_yellow"]["exact"], 0.92),
            bar("drawn green, exact", plates["green_exact"], 0.95),
            bar("drawn plates of all kinds found at IoU .4", plates["all_found"], 0.95),
        ],
    }
