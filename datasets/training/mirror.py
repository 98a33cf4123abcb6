"""Labels whose name changes when a picture is mirrored: left parts become right ones."""

from __future__ import annotations

from collections.abc import Sequence


def mirrored(labels: Sequence[str]) -> tuple[int, ...]:
    """For each label's index, the index it has in a mirrored picture."""

    def other(label: str) -> str:
        if "left" in label:
            return label.replace("left", "right")
        return label.replace("right", "left")

    return tuple(labels.index(other(x)) if other(x) in labels else i for i, x in enumerate(labels))
