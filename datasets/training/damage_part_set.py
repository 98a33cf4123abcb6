"""Training set of `datasets.train_damage_part`: what the shipped parts network sees at each labelled damage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from datasets.evaluation.damage_parts import Seated, load
from datasets.evaluation.groups import groups
from datasets.evaluation.kept import Kept
from datasets.training.detection_sets import PART_LABELS
from datasets.training.mirror import mirrored
from datasets.training.samples import rgb
from vision.models.card import card_of
from vision.models.damage_part import NONE, features
from vision.models.session import open_model
from vision.models.yolo import Detector
from vision.types import Box

Array = npt.NDArray[np.float32]
TABLE = Path(__file__).parents[1] / "labels" / "damage_parts_train.csv"
LABELS = (*PART_LABELS, NONE)


@dataclass(frozen=True, slots=True, eq=False)
class Set:
    inputs: Array
    right: Array
    """(n, labels): 1 for each label that is right."""
    weights: Array
    """A photo with n damages weighs as the root of n, not as n."""
    claims: npt.NDArray[np.int64]
    mirrored: npt.NDArray[np.bool_]

    def part(self, chosen: npt.NDArray[np.bool_]) -> Set:
        return Set(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def read(data: Path) -> Set:
    """Features of every labelled damage of the train part, and of its mirror image."""
    detector, kept = Detector(open_model(card_of("parts"))), Kept("damage_part_features", card_of("parts"))
    by_photo: dict[str, list[Seated]] = {}
    for item in load(data, "train", TABLE):
        by_photo.setdefault(item.photo.sha256, []).append(item)
    swap = mirrored(LABELS)
    names = groups([items[0].photo for items in by_photo.values()])
    inputs: list[list[float]] = []
    rows: list[tuple[list[float], float, int, bool]] = []
    for items, name in zip(by_photo.values(), names, strict=True):
        for flip in (False, True):

            def look(items: list[Seated] = items, flip: bool = flip) -> list[list[float]]:
                pixels = rgb(items[0].photo.path(data))
                _, sight = detector.look(np.ascontiguousarray(pixels[:, ::-1]) if flip else pixels)
                boxes = [turned(i.box_xyxy, pixels.shape[1]) if flip else i.box_xyxy for i in items]
                return [[float(v) for v in features(sight, box)] for box in boxes]

            inputs += kept.get(f"{items[0].photo.sha256} {flip}", look)
            for item in items:
                told = [LABELS.index(part) for part in item.parts]
                right = np.eye(len(LABELS))[[swap[k] if flip else k for k in told]].max(0)
                rows.append((right.tolist(), len(items) ** -0.5, names.index(name), flip))
    kept.save()
    right, weights, claims, flips = zip(*rows, strict=True)
    return Set(
        np.array(inputs, np.float32), np.array(right, np.float32), np.array(weights, np.float32),
        np.array(claims), np.array(flips),
    )  # fmt: skip


def turned(box: Box, width: float) -> Box:
    """The box in the mirrored picture."""
    return width - box[2], box[1], width - box[0], box[3]
