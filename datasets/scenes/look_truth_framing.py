"""How a picture is framed, told from the boxes of its vehicles. No Blender here."""

from __future__ import annotations

from collections.abc import Sequence

from datasets.scenes.seen import Box, SeenVehicle

WHOLE = 0.9
"""Share of a vehicle that is in the picture where it counts as whole."""
LARGE = 0.30
"""Share of the picture that a vehicle's box takes where it is a picture of that vehicle."""
NOT_TINY = 0.05
HALF, HALVES = 0.42, 0.65
"""Share of the largest vehicle, or of both parties together, above which a picture shows more than a detail."""


def framing(vehicles: Sequence[SeenVehicle], size_wh: tuple[int, int]) -> str:
    """``scene``, ``whole``, ``medium`` or ``closeup``.

    - Both parties whole, or no vehicle of 5 % of the picture: scene.
    - The vehicle that takes most of the picture is whole: ``whole`` where its box takes 30 % of it, else scene.
    - It is not, but another one that takes 5 % is whole: scene.
    - Else medium where over 42 % of the largest one or, of both parties together, 65 % of one vehicle are in the
      picture; closeup below that.
    """
    parties = {vehicle.party for vehicle in vehicles if vehicle.party and _inside(vehicle, size_wh) >= WHOLE}
    sized = sorted(((_taken(vehicle.box_xyxy, size_wh), n) for n, vehicle in enumerate(vehicles)), reverse=True)
    if len(parties) >= 2 or not sized or sized[0][0] < NOT_TINY:
        return "scene"
    share, largest = sized[0]
    inside = _inside(vehicles[largest], size_wh)
    if inside >= WHOLE:
        return "whole" if share >= LARGE else "scene"
    if any(share >= NOT_TINY and _inside(vehicles[n], size_wh) >= WHOLE for share, n in sized[1:]):
        return "scene"
    together = sum(_inside(vehicle, size_wh) for vehicle in vehicles if vehicle.party)
    return "medium" if inside >= HALF or together >= HALVES else "closeup"


def _taken(box: Box, size_wh: tuple[int, int]) -> float:
    return _area(_clip(box, size_wh)) / (size_wh[0] * size_wh[1])


def _inside(vehicle: SeenVehicle, size_wh: tuple[int, int]) -> float:
    """Share of it that is in the picture: of its box, or of its surface, which is more where perspective swells the
    box of a vehicle beside the camera."""
    share = _area(_clip(vehicle.whole_xyxy, size_wh)) / max(_area(vehicle.whole_xyxy), 1.0)
    return max(share, vehicle.visible_01)


def _clip(box: Box, size_wh: tuple[int, int]) -> Box:
    return max(box[0], 0.0), max(box[1], 0.0), min(box[2], float(size_wh[0])), min(box[3], float(size_wh[1]))


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)
