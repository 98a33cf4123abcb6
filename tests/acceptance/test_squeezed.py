"""Plates squeezed as a view from the side squeezes them: what the reader relies on then."""

from __future__ import annotations

import pytest

from datasets.plates.squeezed import at_width, read_rightly
from datasets.splits import shared_folder
from vision.models.card import card_of
from vision.models.plate_reader import PlateReader
from vision.models.session import open_model
from vision.standard import shared_limits


@pytest.mark.shared
def test_at_the_limit_texts_are_right_and_far_below_few_are_told() -> None:
    reader = PlateReader(open_model(card_of("plate_reader"), "cpu"))
    known = list(read_rightly(shared_folder() / "data", reader, at_most=40))
    limit, narrow = (at_width(known, reader, width) for width in (int(shared_limits()[1]["plate_sure_width_px"]), 20))
    assert limit.plates > 30
    assert limit.right >= 0.9 * limit.plates and limit.wrong == 0
    assert narrow.right < 0.2 * narrow.plates
