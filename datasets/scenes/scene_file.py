"""Planned scenes as JSON files, and the key under which a scene's picture is cached. No Blender here."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import cast

from datasets.scenes.paints import PAINTS
from datasets.scenes.plan import Scene, Shot
from datasets.scenes.strict_json import MisfitError, from_plain, to_plain
from vision.types import PlateKind

DOORS = ("front_left", "front_right", "rear_left", "rear_right")
ROLES = (
    "front_panorama", "rear_panorama", "side", "other_side", "contact_far", "contact_near", "damage_a", "damage_b",
    "plate_a", "plate_b", "signal", "sign", "object", "landmark", "too_close", "cut_off", "tilted", "wrong_vehicle",
)  # fmt: skip
ALLOWED = {
    ("PlannedVehicle", "party"): ("A", "B", ""),
    ("PlannedVehicle", "paint"): tuple(paint.name for paint in PAINTS),
    ("PlannedVehicle", "plate_kind"): tuple(kind.value for kind in PlateKind),
    ("PlannedVehicle", "lamps"): ("head", "brake", "indicator_left", "indicator_right"),
    ("PlannedVehicle", "open_door"): (*DOORS, ""),
    ("Road", "kind"): ("street", "junction", "car_park"),
    ("Road", "surface"): ("new", "worn", "patched"),
    ("Road", "signal"): ("red", "yellow", "green", ""),
    ("Road", "signs"): ("no_entry", "one_way", "speed_limit", "no_parking", "pedestrians"),
    ("Air", "light"): ("day", "overcast", "dusk", "night"),
    ("Shot", "role"): ROLES,
    ("Scene", "object_hit"): ("bollard", "guardrail", "tree", "lamp_post", "wall", ""),
}
"""Closed sets that `datasets.scenes.plan` keeps as text."""


class SceneFileError(ValueError):
    """A file that holds no scene; the message tells the file and the path in it."""


def write_scenes(path: Path, scenes: tuple[Scene, ...]) -> None:
    """A file with a list of scenes."""
    path.write_text(json.dumps(to_plain(scenes), ensure_ascii=False, indent=1) + "\n", "utf-8")


def parse_scenes(text: str, name: str) -> tuple[Scene, ...]:
    """Scenes of a JSON text: one object or a list of them. ``name`` stands in errors. Raises SceneFileError."""
    try:
        plain = json.loads(text)
        rows = plain if isinstance(plain, list) else [plain]
        scenes = tuple(cast(Scene, from_plain(Scene, row, f"scenes[{n}]", ALLOWED)) for n, row in enumerate(rows))
    except (json.JSONDecodeError, MisfitError) as error:
        raise SceneFileError(f"{name}: {error}") from error
    return scenes


def read_scenes(path: Path) -> tuple[Scene, ...]:
    """Scenes of a file. Raises SceneFileError, OSError."""
    return parse_scenes(path.read_text("utf-8"), str(path))


def scaled(shot: Shot, scale: float) -> Shot:
    """The same shot with another number of pixels."""
    width, height = shot.size_wh
    return replace(shot, size_wh=(round(width * scale), round(height * scale)))


def picture_key(scene: Scene, shot: Shot, code_hash: str, samples: int) -> str:
    """What a picture is stored under: SHA-256 (32 hex digits of it) of all that decides on its pixels.

    The scene's other shots do not, nor does the shot's role.
    """
    row = {
        "scene": to_plain(replace(scene, name="", shots=())),
        "shot": to_plain(replace(shot, role="")),
        "samples": samples,
        "code": code_hash,
    }
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:32]
