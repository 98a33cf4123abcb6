"""One photo in the sizes that the networks ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from vision.geometry import clip, scaled
from vision.models.yolo import Detector, Found, Sight
from vision.types import Pixels


@dataclass(frozen=True, slots=True, eq=False)
class TwoSizes:
    """One photo, upright, in two sizes: shrunk once for all that look at the whole, not once for each."""

    full: Pixels
    small: Pixels
    """With a longer side of `vision.quality_features.WORKING_SIDE` pixels or less."""
    turned: bool = False
    """Both were turned after ``small`` was made."""

    @property
    def shrunk(self) -> Pixels | None:
        """``small`` where it is exactly what shrinking ``full`` gives: else a value here and there is off by one."""
        return None if self.turned else self.small

    def found(self, detector: Detector) -> tuple[Found, ...]:
        """What a detector finds on the whole photo, in pixels of ``full``."""
        seen, factor = self._for(detector)
        (found,) = detector.detect((seen,))
        return self._enlarged(found, factor)

    def looked(self, detector: Detector) -> tuple[tuple[Found, ...], Sight]:
        """The same, and what the network saw on the way, placed on ``full``."""
        seen, factor = self._for(detector)
        found, sight = detector.look(seen)
        return self._enlarged(found, factor), replace(sight, square=sight.square.on(factor))

    def _for(self, detector: Detector) -> tuple[Pixels, float]:
        """The size that a detector looks at, and how many times as large ``full`` is."""
        seen = self.small if detector.side == max(self.small.shape[:2]) else self.full
        return seen, max(self.full.shape[:2]) / max(seen.shape[:2])

    def _enlarged(self, found: Iterable[Found], factor: float) -> tuple[Found, ...]:
        """In pixels of ``full``: the shorter side of ``small`` was rounded, so what ends at its edge may pass it."""
        height, width = self.full.shape[:2]
        return tuple(
            replace(
                f,
                box_xyxy=clip(scaled(f.box_xyxy, factor), (width, height)),
                polygon=tuple((min(x * factor, width), min(y * factor, height)) for x, y in f.polygon),
            )
            for f in found
        )
