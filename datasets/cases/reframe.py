"""What is seen on a part of a picture, or on the picture made smaller: the truth of `Seen` moved along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from datasets.scenes.phone_warp import Warp
from datasets.scenes.seen import Box, Polygon, Seen, SeenPlate, SeenVehicle


@dataclass(frozen=True, slots=True)
class Window:
    """The part ``box_xyxy`` (px of the source) shown at ``size_wh``."""

    box_xyxy: Box
    size_wh: tuple[int, int]

    @property
    def scale_xy(self) -> tuple[float, float]:
        left, top, right, bottom = self.box_xyxy
        return self.size_wh[0] / (right - left), self.size_wh[1] / (bottom - top)

    def point(self, xy: tuple[float, float]) -> tuple[float, float]:
        sx, sy = self.scale_xy
        return (xy[0] - self.box_xyxy[0]) * sx, (xy[1] - self.box_xyxy[1]) * sy

    def moved(self, box: Box) -> Box:
        """Beyond the picture's edges where it goes there."""
        return (*self.point(box[:2]), *self.point(box[2:]))

    def clipped(self, box: Box) -> Box | None:
        """Null where nothing of it is in the picture."""
        left, top, right, bottom = self.moved(box)
        width, height = self.size_wh
        inner = max(left, 0.0), max(top, 0.0), min(right, float(width)), min(bottom, float(height))
        return inner if inner[0] < inner[2] and inner[1] < inner[3] else None

    def share(self, box: Box) -> float:
        """Of a box's area that is in the picture."""
        inner = self.clipped(box)
        return 0.0 if inner is None else area(inner) / max(area(self.moved(box)), 1e-9)

    def polygons(self, polygons: Iterable[Polygon]) -> tuple[Polygon, ...]:
        """Moved, and drawn in to the picture's edges."""
        width, height = self.size_wh
        return tuple(
            tuple((min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height))) for x, y in map(self.point, one))
            for one in polygons
        )


def area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def whole_window(seen: Seen, longer_px: int) -> Window:
    """All of a picture, its longer side ``longer_px``."""
    width, height = seen.size_wh
    factor = longer_px / max(width, height)
    return Window((0.0, 0.0, float(width), float(height)), (round(width * factor), round(height * factor)))


def cutting_window(seen: Seen, share: float = 0.35) -> Window:
    """A part of the same shape that cuts ``share`` of the width off the party's vehicle nearest to a side.

    Raises ValueError where no party's vehicle is in the picture.
    """
    width, height = seen.size_wh
    boxes = [v.box_xyxy for v in seen.vehicles if v.party]
    if not boxes:
        raise ValueError("no party's vehicle in the picture")
    left = min(boxes, key=lambda box: box[0])
    right = max(boxes, key=lambda box: box[2])
    from_left = left[0] < width - right[2]
    cut = left[0] + share * (left[2] - left[0]) if from_left else width - (right[2] - share * (right[2] - right[0]))
    wide = width - cut
    high = wide * height / width
    middle = sum(box[1] + box[3] for box in boxes) / 2 / len(boxes)
    top = min(max(middle - high / 2, 0.0), height - high)
    x0 = cut if from_left else 0.0
    return Window((x0, top, x0 + wide, top + high), (round(wide), round(high)))


def zoomed_window(seen: Seen, margin: float = 0.06) -> Window:
    """The smallest part of the same shape that holds the parties' vehicles with a little around them."""
    width, height = seen.size_wh
    boxes = [v.box_xyxy for v in seen.vehicles if v.party] or [(0.0, 0.0, float(width), float(height))]
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[2] for b in boxes), max(b[3] for b in boxes)
    share = min(1.0, max((right - left) / width, (bottom - top) / height) + 2 * margin)
    wide, high = width * share, height * share
    x0 = min(max((left + right - wide) / 2, 0.0), width - wide)
    y0 = min(max((top + bottom - high) / 2, 0.0), height - high)
    return Window((x0, y0, x0 + wide, y0 + high), (round(wide), round(high)))


def reframed(seen: Seen, window: Window) -> Seen:
    """The truth of the picture that ``window`` shows. Pixels of lines are scaled by area, hidden ones not told."""
    sx, sy = window.scale_xy
    width, height = seen.size_wh
    inside = area(window.box_xyxy) / (width * height)
    vehicles = tuple(found for one in seen.vehicles if (found := _vehicle(one, window)) is not None)
    signs = tuple((kind, box) for kind, old in seen.signs if (box := window.clipped(old)) is not None)
    signal = None if seen.signal_xyxy is None else window.clipped(seen.signal_xyxy)
    contact = None if seen.contact_xy is None else window.point(seen.contact_xy)
    if contact is not None and not (0 <= contact[0] < window.size_wh[0] and 0 <= contact[1] < window.size_wh[1]):
        contact = None
    return replace(
        seen,
        size_wh=window.size_wh,
        vehicles=vehicles,
        lines=tuple((kind, round(count * sx * sy * inside)) for kind, count in seen.lines),
        signal=None if signal is None else seen.signal,
        signal_xyxy=signal,
        signs=signs,
        object_xyxy=None if seen.object_xyxy is None else window.clipped(seen.object_xyxy),
        contact_xy=contact,
    )


def _vehicle(one: SeenVehicle, window: Window) -> SeenVehicle | None:
    box = window.clipped(one.box_xyxy)
    if box is None:
        return None
    share = window.share(one.box_xyxy)
    parts = tuple(replace(p, box_xyxy=b) for p in one.parts if (b := window.clipped(p.box_xyxy)) is not None)
    damages = tuple(
        replace(d, box_xyxy=b, polygons=window.polygons(d.polygons))
        for d in one.damages
        if (b := window.clipped(d.box_xyxy)) is not None
    )
    plates = tuple(found for plate in one.plates if (found := _plate(plate, window)) is not None)
    return replace(
        one,
        box_xyxy=box,
        whole_xyxy=window.moved(one.whole_xyxy),
        visible_01=one.visible_01 * share,
        cut=one.cut or share < 0.999,
        polygons=window.polygons(one.polygons),
        parts=parts,
        damages=damages,
        plates=plates,
    )


def _plate(plate: SeenPlate, window: Window) -> SeenPlate | None:
    xs, ys = [x for x, _ in plate.corners], [y for _, y in plate.corners]
    share = window.share((min(xs), min(ys), max(xs), max(ys)))
    if share <= 0:
        return None
    corners = tuple(window.point(xy) for xy in plate.corners)
    return replace(plate, corners=corners, visible_01=plate.visible_01 * share)


def bent(seen: Seen, k1: float) -> Seen:
    """The truth after a lens' radial distortion of up to some percent. Shares, lines and outlines stay as they are."""
    warp = Warp(seen.size_wh, seen.size_wh, k1=k1)

    def point(xy: tuple[float, float]) -> tuple[float, float]:
        ((x, y),) = warp.points(np.array([xy]))
        return float(x), float(y)

    def box(old: Box) -> Box:
        """What reached the picture's edge still does: beyond it the picture is mirrored."""
        new, edges = warp.box(old) or old, (0.0, 0.0, *map(float, seen.size_wh))
        left, top, right, bottom = (e if abs(o - e) < 1 else n for o, n, e in zip(old, new, edges, strict=True))
        return left, top, right, bottom

    vehicles = tuple(
        replace(
            v,
            box_xyxy=box(v.box_xyxy),
            whole_xyxy=v.whole_xyxy if v.cut else (*point(v.whole_xyxy[:2]), *point(v.whole_xyxy[2:])),
            damages=tuple(replace(d, box_xyxy=box(d.box_xyxy)) for d in v.damages),
            plates=tuple(replace(p, corners=tuple(map(point, p.corners))) for p in v.plates),
        )
        for v in seen.vehicles
    )
    return replace(
        seen,
        vehicles=vehicles,
        signal_xyxy=None if seen.signal_xyxy is None else box(seen.signal_xyxy),
        signs=tuple((kind, box(old)) for kind, old in seen.signs),
        object_xyxy=None if seen.object_xyxy is None else box(seen.object_xyxy),
        contact_xy=None if seen.contact_xy is None else point(seen.contact_xy),
    )
