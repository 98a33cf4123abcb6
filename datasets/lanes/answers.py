"""What is true of a picture and what was told of it: real photos by hand label, rendered scenes by their truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from datasets.evaluation.presence import rendered_roads
from datasets.lanes.labels import KINDS, with_split
from datasets.training.samples import rgb
from vision.lane_lines import lane_of
from vision.models.card import card_of
from vision.models.lane import LaneNet
from vision.models.session import open_model
from vision.models.yolo import Detector
from vision.standard import shared_limits
from vision.types import Lane


@dataclass(frozen=True, slots=True)
class Truth:
    """Null: an officer might say yes or no."""

    picture: Path
    group: str
    where: str
    lines: bool | None
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    truth: Truth
    lane: Lane

    @property
    def line_score(self) -> float:
        return max((line.score for line in self.lane.lines), default=0.0)

    def told(self) -> tuple[str, ...]:
        """Kinds that the checks would take as told, sorted."""
        limits = shared_limits()[1]
        return tuple(
            sorted(
                {
                    line.kind.value
                    for line in self.lane.lines
                    if line.kind is not None
                    and line.score >= limits["lane_score"]
                    and line.kind_score >= limits["lane_kind_score"]
                }
            )
        )


def hand_labelled(data: Path, split: str) -> Iterator[Truth]:
    """Real photos of one split."""
    for label, row in with_split(split):
        where = "street" if label.folder == "street" else "damage"
        yield Truth(row.path(data), row.sha256, where, label.lines, label.kinds)


def rendered(folder: Path) -> Iterator[Truth]:
    """Pictures of rendered scenes (PNG) beside what is seen on them (JSON of `datasets.scenes.seen.Seen`)."""
    for picture, seen in rendered_roads(folder, "lines"):
        kinds = tuple(sorted({kind for kind, _ in seen["lines"] if kind in KINDS}))
        yield Truth(picture, picture.stem, seen.get("light", "day"), bool(kinds), kinds)


def answered(truths: Iterator[Truth], *, calibrated: bool = True) -> list[Answer]:
    """What the product tells of each picture, vehicles and all."""
    net = LaneNet(open_model(card_of("lane")), calibrated=calibrated)
    vehicles = Detector(open_model(card_of("vehicle")), one_kind=True)
    answers = []
    for truth in truths:
        pixels = rgb(truth.picture)
        cells = net.look(pixels)
        (found,) = vehicles.detect((pixels,))
        answers.append(Answer(truth, lane_of(cells, tuple(f.box_xyxy for f in found if f.score >= 0.3))))
    return answers
