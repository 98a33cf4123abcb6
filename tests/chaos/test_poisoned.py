"""2,000 poisoned files: no crash of ours, no child over its time or memory."""

from __future__ import annotations

from tests.acceptance.test_poisoned import hurt
from vision.image import close_decoders

COUNT = 2_000


def test_poisoned_files() -> None:
    ends = hurt(seed=20260501, count=COUNT)
    close_decoders()
    print(f"{COUNT} poisoned files ended as: {', '.join(f'{count} {end}' for end, count in ends.most_common())}")
    assert sum(ends.values()) == COUNT
