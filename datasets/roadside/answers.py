"""What is true of a picture and what was told of it: real photos by hand label, rendered scenes by their truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from datasets.evaluation.presence import rendered_roads
from datasets.roadside.labels import load_roadside
from datasets.splits import rows
from datasets.training.samples import rgb
from vision.checks.struck import LONG, STRUCK
from vision.geometry import shrunk
from vision.models.card import card_of
from vision.models.roadside import TRAFFIC_LIGHT, roadside_detector
from vision.models.session import open_model
from vision.models.yolo import Detector
from vision.road import IN_THE_WAY, beside_road
from vision.standard import shared_limits
from vision.types import Box, RoadObject, RoadObjectKind, TrafficLight

SIGN = RoadObjectKind.TRAFFIC_SIGN.value
LIMITS = {TRAFFIC_LIGHT: "light_score", SIGN: "sign_score"} | {
    kind.value: "rail_score" if kind in LONG else "object_score" for kind in RoadObjectKind if kind in STRUCK
}
OVERLAP = 0.3
"""Of the smaller box: a struck object's truth is only its part near the blow."""


@dataclass(frozen=True, slots=True)
class Truth:
    """``shown``: kind -> whether it is there, null where an officer might say either; kinds left out are not asked.

    ``struck``: box of the object hit, where it is known. ``state``: of a light, "" where nobody can tell.
    """

    picture: Path
    group: str
    where: str
    shown: Mapping[str, bool | None]
    state: str = ""
    struck: Box | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    truth: Truth
    lights: tuple[TrafficLight, ...]
    things: tuple[RoadObject, ...]

    def score(self, kind: str) -> float:
        """The highest of this kind."""
        if kind == TRAFFIC_LIGHT:
            return max((light.score for light in self.lights), default=0.0)
        return max((thing.score for thing in self.things if thing.kind.value == kind), default=0.0)

    def struck_found(self) -> bool:
        """Whether any object is surely told where the struck one is."""
        at, limits = self.truth.struck, shared_limits()[1]
        return at is not None and any(
            o.score >= limits[LIMITS[o.kind.value]] for o in self.things if o.kind in STRUCK and _meet(o.box_xyxy, at)
        )


def _meet(one: Box, other: Box) -> bool:
    w, h = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))
    return w > 0 and h > 0 and w * h >= OVERLAP * smaller


def hand_labelled(data: Path, split: str) -> Iterator[Truth]:
    """Real photos of one split."""
    known = {row.sha256: row for row in rows(split=split)}
    for label in load_roadside():
        if label.sha256 in known:
            where = "street" if label.folder == "street" else "damage"
            shown = {kind: label.shows(kind) for kind in LIMITS}
            yield Truth(known[label.sha256].path(data), label.sha256, where, shown, label.state)


def rendered(folder: Path) -> Iterator[Truth]:
    """Pictures of rendered scenes (PNG) beside what is seen on them (JSON of `datasets.scenes.seen.Seen`)."""
    for picture, seen in rendered_roads(folder, "signs"):
        shown = {TRAFFIC_LIGHT: seen.get("signal_xyxy") is not None, SIGN: bool(seen["signs"])}
        box = seen.get("object_xyxy")
        struck = None if box is None else (box[0], box[1], box[2], box[3])
        yield Truth(picture, picture.stem, seen.get("light", "day"), shown, seen.get("signal") or "", struck)


def answered(truths: Iterator[Truth]) -> list[Answer]:
    """What the product tells of each picture, vehicles and all."""
    net, answers = roadside_detector(open_model(card_of("roadside"))), []
    vehicles = Detector(open_model(card_of("vehicle")), one_kind=True)
    for truth in truths:
        pixels = rgb(truth.picture)
        (found,) = vehicles.detect((pixels,))
        bodies = tuple(f.box_xyxy for f in found if f.score >= IN_THE_WAY)
        lights, things = beside_road(pixels, shrunk(pixels, 640), bodies, net)
        answers.append(Answer(truth, lights, things))
    return answers
