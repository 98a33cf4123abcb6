"""Raw scores of plate texts on validation pictures: real crops and drawn photos, found and read as the product does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from datasets.evaluation.calibration import Floats, Truths
from datasets.plates.evaluate import DRAWN_EACH, on_drawn, on_real
from vision.models.calibration import Platt
from vision.models.card import card_of
from vision.models.plate_detector import PlateDetector
from vision.models.plate_reader import PlateReader
from vision.models.plates import find_plates
from vision.models.session import open_model
from vision.types import Pixels, Plate


def scored(data: Path, split: str) -> tuple[Floats, Truths]:
    """Chance before the reader's curve of every text told where a plate is, and whether it is the plate's."""
    detector = PlateDetector(open_model(card_of("plate_detector")))
    reader = PlateReader(open_model(card_of("plate_reader")))

    def find(pixels: Pixels) -> Sequence[Plate]:
        return find_plates(detector, reader, pixels)

    clear, hopeless = on_drawn(find, data.parent, split, DRAWN_EACH[split])
    judged = [j for a in (*on_real(find, data, split), *clear, *hopeless) if (j := a.judged) is not None]
    back = Platt(1 / reader.scale, -reader.shift / reader.scale)
    return back(np.array([score for score, _ in judged])), np.array([right for _, right in judged], bool)
