"""What one picture truly shows of what a standard asks for, in an officer's eyes: whole vehicles, sides, the contact.

Its numbers are its own; the product's are not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from datasets.cases.asked import Asked
from datasets.cases.nouns import Picture
from datasets.cases.reframe import area
from datasets.scenes.seen import Box, SeenPlate, SeenVehicle

UNUSABLE, DOUBTFUL = ("blurred", "dark"), ("glare",)
SAME_HEADING_DEG, NEAR = 50.0, ("closeup", "medium")


class Say(StrEnum):
    """``pending``: cannot be told yet for something else is missing; ``ask``: an officer's question, no photo helps."""

    MET = "met"
    BORDERLINE = "borderline"
    PENDING = "pending"
    LACKING = "lacking"
    ASK = "ask"


_ORDER = (Say.MET, Say.BORDERLINE, Say.PENDING, Say.LACKING, Say.ASK)


def worst(says: Iterable[Say]) -> Say:
    return max(says, key=_ORDER.index, default=Say.MET)


def best(says: Iterable[Say]) -> Say:
    return min(says, key=_ORDER.index, default=Say.LACKING)


def graded(value: float, met: float, borderline: float) -> Say:
    """By two limits; where ``met`` is the smaller one, small is good."""
    sign = 1.0 if met > borderline else -1.0
    if sign * value >= sign * met:
        return Say.MET
    return Say.BORDERLINE if sign * value >= sign * borderline else Say.LACKING


def usable(picture: Picture) -> Say:
    """Another case's photo shows nothing of this one."""
    if picture.old or picture.fault in UNUSABLE:
        return Say.LACKING
    return Say.BORDERLINE if picture.fault in DOUBTFUL else Say.MET


def parties_on(picture: Picture) -> tuple[SeenVehicle, ...]:
    return tuple(vehicle for vehicle in picture.seen.vehicles if vehicle.party)


def whole(vehicle: SeenVehicle, size_wh: tuple[int, int]) -> Say:
    """Not cut by the picture's edge; the other vehicle may hide a part of it. Not so far that nothing can be told."""
    width, height = size_wh
    far = graded((vehicle.box_xyxy[3] - vehicle.box_xyxy[1]) / height, 0.08, 0.05)
    if vehicle.cut:
        box = vehicle.whole_xyxy
        inside = max(box[0], 0.0), max(box[1], 0.0), min(box[2], float(width)), min(box[3], float(height))
        return worst((far, Say.BORDERLINE if area(inside) >= 0.97 * area(box) else Say.LACKING))
    return worst((far, graded(vehicle.visible_01, 0.35, 0.15)))


def off_axis_deg(vehicle: SeenVehicle, face: str) -> float:
    """Angle between the direction in which ``face`` looks and the camera, as the vehicle sees it: 0 is straight on."""
    ahead = {"front": 0.0, "left": 90.0, "rear": 180.0, "right": 270.0}[face]
    return abs((vehicle.bearing_deg - ahead + 180.0) % 360.0 - 180.0)


def view(picture: Picture, asked: Asked, headings_deg: Mapping[str, float]) -> Say:
    """Enough whole vehicles of the parties, from the side that is asked for, on a picture that can be used."""
    count = int(asked.params.get("vehicles", 2))
    shown = [v for v in parties_on(picture) if v.visible_01 >= 0.1]
    wholes = sorted((whole(v, picture.seen.size_wh) for v in shown), key=_ORDER.index)[:count]
    if len(wholes) < count:
        return Say.LACKING
    return worst((*wholes, side(shown, asked, headings_deg), usable(picture)))


def side(shown: list[SeenVehicle], asked: Asked, headings_deg: Mapping[str, float]) -> Say:
    """From ahead or behind. Of two that drove the same way both show the face; else one of them does."""
    faces = asked.texts("faces")
    if not faces:
        return Say.MET
    off = [min(off_axis_deg(v, face) for face in faces) for v in shown]
    seen = [graded(angle, 65.0, 80.0) for angle in off]
    if not same_heading(headings_deg) or best(seen) is not Say.MET:
        said = best(seen)
    else:
        said = Say.MET if max(off) <= 75 else Say.BORDERLINE if max(off) <= 100 else Say.LACKING
    if asked.params.get("straight"):
        said = worst((said, graded(min(off), 25.0, 35.0)))
    if asked.params.get("corner"):  # straight on where a corner is asked for: some would send it back
        said = worst((said, Say.MET if max(off) >= 20 else Say.BORDERLINE))
    return said


def same_heading(headings_deg: Mapping[str, float]) -> bool:
    angles = list(headings_deg.values())
    return len(angles) > 1 and abs((angles[0] - angles[1] + 180) % 360 - 180) <= SAME_HEADING_DEG


def off_centre_01(box: Box, size_wh: tuple[int, int]) -> float:
    """0 in the middle, 1 at an edge."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return max(abs(2 * x / size_wh[0] - 1), abs(2 * y / size_wh[1] - 1))


def longer(box: Box) -> float:
    return max(box[2] - box[0], box[3] - box[1])


def contact_near(picture: Picture) -> Say:
    """From near: the place where they touch, or what was struck, large and in the central two thirds."""
    seen = picture.seen
    found = [Say.LACKING]
    if seen.contact_xy is not None:
        x, y = seen.contact_xy
        central = graded(off_centre_01((x, y, x, y), seen.size_wh), 0.67, 0.8)
        found.append(worst((central, graded(seen.contact_m, 2.5, 4.0))))
    for vehicle in parties_on(picture):
        for damage in vehicle.damages:
            large = graded(longer(damage.box_xyxy) / max(seen.size_wh), 0.12, 0.07)
            sharp = graded(longer(damage.box_xyxy), 60.0, 40.0)
            central = graded(off_centre_01(damage.box_xyxy, seen.size_wh), 0.67, 0.8)
            found.append(worst((large, sharp, central)))
    largest = max((longer(d.box_xyxy) for v in parties_on(picture) for d in v.damages), default=0.0)
    near = best((graded(seen.contact_m, 1.5, 2.5), graded(largest / max(seen.size_wh), 0.25, 0.15)))
    near = Say.MET if seen.framing in NEAR else near
    return worst((best(found), near, usable(picture)))


def contact_far(picture: Picture, count: int) -> Say:
    """All vehicles of the accident and the place where they touch."""
    shown = [v for v in parties_on(picture) if v.visible_01 >= 0.25]
    if len(shown) < count:
        return Say.LACKING
    beside = any(40 <= off_axis_deg(v, "front") <= 140 for v in shown)
    place = Say.MET if picture.seen.contact_xy is not None else Say.BORDERLINE if beside else Say.LACKING
    return worst((place, usable(picture)))


def plate(plate: SeenPlate, picture: Picture) -> Say:
    """Whether a person can read it: height and width of its signs in pixels, what is hidden, the angle."""
    (tl, tr, br, bl) = plate.corners
    high = (_distance(tl, bl) + _distance(tr, br)) / 2
    wide = (_distance(tl, tr) + _distance(bl, br)) / 2
    double = "double" in plate.kind or plate.kind == "motorcycle"
    sign_high = high * (0.27 if double else 0.64)
    sign_wide = wide / (6.5 if double else 8.5)
    return worst(
        (
            graded(sign_high, 10.0, 6.5),
            graded(sign_wide, 5.0, 3.2),
            graded(plate.visible_01, 0.92, 0.75),
            graded(plate.tilt_deg, 60.0, 72.0),
            usable(picture),
        )
    )


def lane_line(picture: Picture) -> Say:
    """Pixels of the best lane line, as on a picture of 1280 x 960."""
    return worst((graded(_lines_px(picture), 800.0, 250.0), usable(picture)))


def traffic_light(picture: Picture) -> Say:
    box = picture.seen.signal_xyxy
    high = 0.0 if box is None or picture.seen.signal is None else longer(box)
    return worst((graded(high, 16.0, 9.0), usable(picture)))


def road_sign(picture: Picture) -> Say:
    """A sign that can be read, or a marking that tells the directions apart."""
    sign = max((longer(box) for _, box in picture.seen.signs), default=0.0)
    said = best((graded(sign, 20.0, 12.0), graded(_lines_px(picture), 800.0, 250.0)))
    return worst((said, usable(picture)))


def object_hit(picture: Picture) -> Say:
    box = picture.seen.object_xyxy
    size = 0.0 if box is None else longer(box) / max(picture.seen.size_wh)
    return worst((graded(size, 0.08, 0.04), usable(picture)))


def _lines_px(picture: Picture) -> float:
    width, height = picture.seen.size_wh
    most = max((count for kind, count in picture.seen.lines if kind != "none"), default=0)
    return most * 1280 * 960 / (width * height)


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)
