"""The marks of a meeting: blows at the same place and height on both vehicles."""

from __future__ import annotations

import numpy as np

from datasets.scenes.arrange_stand import Meeting, Stand
from datasets.scenes.arrange_touch import Touch
from datasets.scenes.footprints import to_local
from datasets.scenes.paints import paint_named
from datasets.scenes.plan import Blow, Face, Model
from datasets.scenes.spec import Colour

STEEL: Colour = (0.33, 0.33, 0.32)
BARK: Colour = (0.05, 0.035, 0.022)
CONCRETE: Colour = (0.40, 0.39, 0.36)
OBJECT_COLOURS: dict[str, Colour] = {
    "bollard": STEEL, "guardrail": STEEL, "lamp_post": STEEL, "tree": BARK, "wall": CONCRETE,
}  # fmt: skip


def depth_of(speed_kmh: float, sliding: bool) -> float:
    """Dent of a closing speed, metres: nothing up to 4 km/h, 16 cm at most; along a flank less than half of it."""
    dent = min(0.018 + 0.0042 * (speed_kmh - 4), 0.16) if speed_kmh > 4 else 0.0
    return round(0.4 * dent if sliding else dent, 3)


def severity_of(speed_kmh: float, sliding: bool) -> float:
    """What decides whether lamps break and bumpers hang, 0..0.16."""
    hard = min(max(0.0034 * (speed_kmh - 4), 0.0), 0.16)
    return 0.2 * hard if sliding else hard


def height_of(meeting: Meeting) -> float:
    """Of the blow's middle over the ground: the lower of the two bumpers; the door's edge is struck higher."""
    heights = [meeting.a.size.bumper_z] + ([meeting.b.size.bumper_z] if meeting.b else [])
    if meeting.a.open_door:
        return 0.75
    return max(heights) if meeting.sliding else float(np.mean(heights))


def place_on(stand: Stand, face: Face, point: tuple[float, float]) -> float:
    """Where along ``face`` a world point lies, as `Blow.at` counts, -1..1."""
    x, y = to_local(point, stand.xy, stand.heading_deg)
    share = y / (stand.size.width / 2) if face in (Face.FRONT, Face.REAR) else x / (stand.size.length / 2)
    return round(float(np.clip(share, -1, 1)), 3)


def face_at(stand: Stand, face: Face, point: tuple[float, float]) -> Face:
    """``face``, or the flank where a front was slid past so far that the middle of the marks lies behind its corner."""
    x, y = to_local(point, stand.xy, stand.heading_deg)
    if face is not Face.FRONT or stand.size.length / 2 - x < stand.size.nose_bow + 0.1:
        return face
    return Face.LEFT if y > 0 else Face.RIGHT


def blows_of(meeting: Meeting, contact: Touch, z: float, paints: tuple[str, str], rng: np.random.Generator) -> tuple[
    tuple[Blow, ...], tuple[Blow, ...]
]:  # fmt: skip
    """A's and B's. Their ``at`` and ``z`` are one place in the world."""
    depth = depth_of(meeting.speed_kmh, meeting.sliding)
    long = float(rng.uniform(0.5, 1.3)) if meeting.sliding else 0.0
    hard = severity_of(meeting.speed_kmh, meeting.sliding)
    width = float(np.clip(contact.width + 0.25, 0.45, 1.6))
    height = float(rng.uniform(0.18, 0.34)) + 1.2 * depth
    colours = (paint_named(paints[1]).colour if meeting.b else OBJECT_COLOURS[meeting.object_hit],
               paint_named(paints[0]).colour)  # fmt: skip
    on_a = _blow(meeting.a, meeting.face_a, contact, z, (max(width, long), height), (depth, hard), colours[0], rng)
    if meeting.b is None or meeting.face_b is None:
        return (on_a,), ()
    face_b = face_at(meeting.b, meeting.face_b, contact.middle)
    on_b = _blow(meeting.b, face_b, contact, z, (width, height), (depth, hard), colours[1], rng)
    return (on_a,), (on_b, *_graze(meeting, on_b, rng))


def _blow(stand: Stand, face: Face, contact: Touch, z: float, size: tuple[float, float], force: tuple[float, float],
          transfer: Colour, rng: np.random.Generator) -> Blow:  # fmt: skip
    at = place_on(stand, face, contact.middle)
    end = face in (Face.FRONT, Face.REAR)
    car = stand.model is not Model.SCOOTER
    depth, hard = force
    return Blow(
        face=face, at=at, z=round(z, 3), width=round(size[0], 3), height=round(size[1], 3),
        depth=round(depth * (0.9 if end else 1.0), 3),
        transfer=transfer,
        broken_lamp=bool(end and car and abs(at) > 0.4 and hard > 0.03 and rng.random() < 0.75),
        cracked_glass=bool(car and face is Face.FRONT and hard > 0.12 and rng.random() < 0.25),
        hanging_bumper=bool(end and car and hard > 0.07 and rng.random() < 0.45),
        seed=int(rng.integers(1 << 30)),
    )  # fmt: skip


def _graze(meeting: Meeting, on_b: Blow, rng: np.random.Generator) -> tuple[Blow, ...]:
    """Scratches that run on from B's corner over its wing, where the two slid along each other."""
    if not meeting.sliding or abs(on_b.at) < 0.5 or on_b.face is not Face.FRONT:
        return ()
    face = Face.LEFT if on_b.at > 0 else Face.RIGHT
    return (Blow(face, 0.86, on_b.z, round(float(rng.uniform(0.4, 0.8)), 3), round(0.8 * on_b.height, 3), 0.0,
                 on_b.transfer, seed=int(rng.integers(1 << 30))),)  # fmt: skip
