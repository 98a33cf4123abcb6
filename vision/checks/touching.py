"""Near or far, as the boxes of vehicles tell, and where two of them touch: that is the contact, damage known or not."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, product

from vision.checks.dossier import Dossier
from vision.checks.geometry import TWO_WHEELED, centre, gap_01, main_vehicles, margin_01, plate_box
from vision.checks.parties import is_paper, plate_sure
from vision.checks.struck import STRUCK
from vision.types import Box, FramingKind, PhotoFacts, Vehicle


def touching_place(photo: PhotoFacts, dossier: Dossier) -> Box | None:
    """Where two vehicles meet in the middle of a picture that is too near to hold any vehicle whole; in an accident of
    one vehicle, where it meets what stands beside the road: a second vehicle is a bystander there.

    A detector may also take two vehicles for one: any pair of its boxes will do.
    """
    limits = dossier.limits
    if is_paper(photo, limits) or not all_cut_off(photo, dossier):
        return None
    shown = [vehicle.box_xyxy for vehicle in main_vehicles(photo, limits, limits["vehicle_score"])]
    if limits["parties"] < 2:
        things = [one for one in photo.roadside or () if one.kind in STRUCK and one.score >= limits["object_score"]]
        places = (_between(box, one.box_xyxy, photo, dossier) for box, one in product(shown, things))
    else:
        places = (_meeting(one, other, photo, dossier) for one, other in combinations(shown, 2))
    return next((place for place in places if place is not None), None)


def all_cut_off(photo: PhotoFacts, dossier: Dossier) -> bool:
    """Whether there are vehicles, one of them high, and none fits into the picture: it was taken from near, whatever
    the net says. Two that fill it from edge to edge and are low were photographed side on from some way off."""
    limits = dossier.limits
    shown = main_vehicles(photo, limits, limits["vehicle_score"])
    boxes = [vehicle.box_xyxy for vehicle in shown]
    high = any(y1 - y0 >= limits["near_height_01"] * photo.size_wh[1] for _, y0, _, y1 in boxes)
    cut = all(margin_01(box, photo.size_wh) < limits["border_doubt_01"] for box in boxes)
    return high and cut and not _stands_in_it(shown[0], photo, limits) and not _of_a_plate(photo, limits)


def holds_a_whole_car(photo: PhotoFacts, dossier: Dossier) -> bool:
    """Whether some vehicle of four wheels surely fits into the picture: it was taken from afar."""
    shown = main_vehicles(photo, dossier.limits, dossier.limits["vehicle_score"])
    limit = dossier.limits["border_doubt_01"]
    whole = any(v.kind not in TWO_WHEELED and margin_01(v.box_xyxy, photo.size_wh) >= limit for v in shown)
    return whole or (bool(shown) and _stands_in_it(shown[0], photo, dossier.limits))


def _of_a_plate(photo: PhotoFacts, limits: Mapping[str, float]) -> bool:
    """Whether it was taken for a plate: one is read in its middle, and the net is sure that it is no close-up.

    So is none of 31 near pictures of the contact on rendered training scenes, but five of vehicles from farther off.
    """
    framing = photo.framing
    far = framing.kind in (FramingKind.WHOLE, FramingKind.SCENE) and framing.score >= limits["framing_score"]
    middle = (off_centre_01(plate_box(plate), photo) for plate in photo.plates if plate_sure(plate, limits))
    return far and any(off <= limits["central_01"] for off in middle)


def _stands_in_it(vehicle: Vehicle, photo: PhotoFacts, limits: Mapping[str, float]) -> bool:
    """Whether it is a car whose width and wheels fit into the picture, roof cut off or not, as on one of a plate."""
    x0, _, x1, y1 = vehicle.box_xyxy
    fits = margin_01((x0, y1 / 2, x1, y1), photo.size_wh) >= limits["border_doubt_01"]
    return fits and vehicle.kind not in TWO_WHEELED


def off_centre_01(box: Box, photo: PhotoFacts) -> float:
    """Distance of a box's centre from the picture's, 0 in the middle, 1 at an edge; the larger of both axes."""
    x, y = centre(box)
    width, height = photo.size_wh
    return max(abs(2 * x / width - 1), abs(2 * y / height - 1))


def _meeting(one: Box, other: Box, photo: PhotoFacts, dossier: Dossier) -> Box | None:
    """Of two vehicles side by side. Along the road, one behind the other, boxes overlap without showing where the
    vehicles touch: those count in a closeup only, where nothing but the contact has room."""
    limits, framing = dossier.limits, photo.framing
    left, right = sorted((one, other))
    close = framing.kind is FramingKind.CLOSEUP and framing.score >= limits["framing_score"]
    if not close and _one_behind_the_other(left, right, photo, limits):
        return None
    return _between(left, right, photo, dossier)


def _one_behind_the_other(left: Box, right: Box, photo: PhotoFacts, limits: Mapping[str, float]) -> bool:
    """Whether the nearer one covers much of the other, or stands on the road that much nearer to the camera.

    Two that both reach the lower edge are as near as can be: boxes of cars that stand askew share more there, and
    what they share shows both.
    """
    narrower = min(left[2] - left[0], right[2] - right[0])
    farther, nearer = sorted((left, right), key=lambda box: box[3])
    beside = farther[3] >= (1 - limits["border_doubt_01"]) * photo.size_wh[1]
    share = limits["contact_beside_01"] if beside else limits["contact_overlap_01"]
    covered = left[2] - right[0] > share * narrower
    return covered or nearer[3] - farther[3] > limits["contact_depth_01"] * (farther[3] - farther[1])


def _between(one: Box, other: Box, photo: PhotoFacts, dossier: Dossier) -> Box | None:
    """What lies between two boxes side by side, or what they share, if that is in the central part of the picture."""
    if gap_01(one, other) > dossier.limits["touch_01"]:
        return None
    left, right = sorted((one, other))
    x0, x1 = sorted((right[0], min(left[2], right[2])))
    inner = x0, max(left[1], right[1]), x1, min(left[3], right[3])
    return inner if inner[1] < inner[3] and off_centre_01(inner, photo) <= dossier.limits["central_01"] else None
