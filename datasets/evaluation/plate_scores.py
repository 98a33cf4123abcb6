"""Raw scores of plate texts on validation pictures: real crops and drawn photos, found and read as the product does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from datasets.evaluation.calibration import Judged
from datasets.plates.answers import judged
from datasets.plates.evaluate import DRAWN_EACH, on_drawn, on_real
from vision.models.calibration import Platt
from vision.models.card import card_of
from vision.models.plate_detector import PlateDetector
from vision.models.plate_reader import PlateReader
from vision.models.plates import find_plates
from vision.models.session import open_model
from vision.types import Pixels, Plate


def scored(data: Path, split: str) -> Judged:
    """Chance before the reader's curve of every text told where a plate is, and whether it is the plate's."""
    detector = PlateDetector(open_model(card_of("plate_detector")))
    reader = PlateReader(open_model(card_of("plate_reader")))

    def find(pixels: Pixels) -> Sequence[Plate]:
        return find_plates(detector, reader, pixels)

    clear, hopeless = on_drawn(find, data.parent, split, DRAWN_EACH[split])
    told = judged((*on_real(find, data, split), *clear, *hopeless))
    return replace(told, scores=Platt(1 / reader.scale, -reader.shift / reader.scale)(told.scores))
