"""All that is not a vehicle: road, houses, trees, lights, signs, and what the accident left."""

from __future__ import annotations

from pathlib import Path

from datasets.scenes.air import is_dark
from datasets.scenes.plan import Scene
from datasets.scenes.road_ground import build_ground
from datasets.scenes.road_objects import build_object_hit
from datasets.scenes.road_traces import build_traces
from datasets.scenes.signals import build_signals
from datasets.scenes.signs import build_signs
from datasets.scenes.surroundings_houses import build_houses
from datasets.scenes.surroundings_lights import build_headlights, build_lamp_posts
from datasets.scenes.surroundings_people import build_people
from datasets.scenes.surroundings_trees import plant

LAMP_WATTS, WINDOW_GLOW, SIGNAL_GLOW = 900.0, 0.35, 9.0
DUSK_SHARE = 0.5
"""Of lamps' light at dusk, when they have just come on."""


def build_surroundings(scene: Scene, textures: Path) -> None:
    """Builds the surroundings into Blender's current scene; pictures are kept in ``textures`` for the next one.

    Light and weather come after everything else with `datasets.scenes.air.set_air`. Names for whoever looks up
    what is seen: line_<type> for lane lines, signal_<colour>_<n> for heads of traffic lights, sign_<name>,
    object_hit_<kind>.
    """
    road, wet = scene.road, scene.road.wet or scene.air.rain
    dark = is_dark(scene.air)
    share = 0.0 if not dark else DUSK_SHARE if scene.air.light == "dusk" else 1.0
    ground = build_ground(road, textures, scene.seed, wet)
    build_houses(road, textures, scene.seed, WINDOW_GLOW * share)
    plant(scene)
    build_lamp_posts(scene, LAMP_WATTS * share)
    if dark:
        build_headlights(scene)
    build_signals(road, SIGNAL_GLOW * (0.35 if dark else 1.0))
    build_signs(road, textures)
    build_object_hit(scene)
    build_traces(scene, ground)
    build_people(scene)
