"""Traffic lights as they stand in China: three lamps in a black housing on an arm over the far side of a junction."""

from __future__ import annotations

import math
from itertools import pairwise

from datasets.scenes.blender import Material, material
from datasets.scenes.plan import Road
from datasets.scenes.road_lines import cross_half_width, half_width
from datasets.scenes.road_mesh import Heap

LAMPS = {"red": (1.0, 0.02, 0.01), "yellow": (1.0, 0.48, 0.02), "green": (0.02, 0.95, 0.42)}
OTHER = {"red": "green", "yellow": "red", "green": "red"}
"""What the crossing road sees."""
HEIGHT = 5.9


def build_signals(road: Road, shine: float) -> None:
    """Heads for the main road are objects named signal_<colour>_<n>, those for the crossing road side_light_<n>.

    ``shine``: how strongly a lit lamp glows.
    """
    if not road.signal or road.kind != "junction":
        return
    black = material("signal_black", (0.012, 0.012, 0.013), 0.5)
    steel = material("signal_steel", (0.42, 0.43, 0.44), 0.4, 0.4)
    poles = Heap(steel)
    cross, half = cross_half_width(road), half_width(road)
    for index, way in enumerate((1, -1)):
        # beyond the crossing, at the right kerb, its arm over the lanes that drive towards it
        foot = (road.crossing_x + way * (cross + 1.5), -way * (half + 1.0))
        reach = road.lanes * road.lane_m * 0.75
        _pole(poles, foot, (0, way), reach)
        for number, along in enumerate((reach, reach * 0.35)):
            _head(f"signal_{road.signal}_{index * 2 + number}", (foot[0] - way * 0.18, foot[1] + way * along, HEIGHT),
                  math.pi if way > 0 else 0.0, road.signal, shine, black)  # fmt: skip
    for index, way in enumerate((1, -1)):
        foot = (road.crossing_x + way * (cross + 1.0), way * (half + 1.5))
        _pole(poles, foot, (-way, 0), cross * 0.6)
        place = (foot[0] - way * cross * 0.6, foot[1] - way * 0.18, HEIGHT)
        _head(f"side_light_{index}", place, -way * math.pi / 2, OTHER[road.signal], shine, black)
    poles.build("light_poles")


def _pole(heap: Heap, foot: tuple[float, float], arm: tuple[int, int], reach: float) -> None:
    x, y = foot
    heap.box((x, y, 0.2), (0.45, 0.45, 0.12))
    heap.tube([(x, y, 0.1), (x, y, 3.0), (x, y, 6.2)], [0.13, 0.115, 0.10], sides=12)
    end = (x + arm[0] * (reach + 0.6), y + arm[1] * (reach + 0.6), HEIGHT + 0.15)
    heap.tube(
        [(x, y, HEIGHT), (x + arm[0] * 1.5, y + arm[1] * 1.5, HEIGHT + 0.12), end], [0.08, 0.065, 0.045], sides=12
    )


def _head(name: str, place: tuple[float, float, float], facing: float, lit: str, shine: float, black: Material) -> None:
    """A horizontal housing; red is on the left for who looks at it. ``facing`` in radians from +x."""
    surfaces = [black, *(_lamp(colour, colour == lit, shine) for colour in LAMPS)]
    heap = Heap(*surfaces)
    x, y, z = place
    ahead, left = (math.cos(facing), math.sin(facing)), (-math.sin(facing), math.cos(facing))
    heap.box((x, y, z), (0.16, 1.16, 0.42), 0, facing)
    heap.box((x - ahead[0] * 0.09, y - ahead[1] * 0.09, z), (0.02, 1.34, 0.58), 0, facing)
    for index in range(3):
        # who looks at the head sees its own left where the head's right is
        aside = (index - 1) * 0.37
        middle = (x - left[0] * -aside + ahead[0] * 0.085, y - left[1] * -aside + ahead[1] * 0.085, z)
        _disc(heap, middle, ahead, left, 0.15, index + 1)
        _visor(heap, middle, ahead, left)
    heap.build(name)


def _disc(heap: Heap, middle: tuple[float, float, float], ahead: tuple[float, float], left: tuple[float, float],
          radius: float, surface: int) -> None:  # fmt: skip
    angles = [index * math.pi / 12 for index in range(24)]
    points = [(middle[0] + left[0] * radius * math.cos(a) + ahead[0] * 0.012,
               middle[1] + left[1] * radius * math.cos(a) + ahead[1] * 0.012,
               middle[2] + radius * math.sin(a)) for a in angles]  # fmt: skip
    heap.polygon(points, surface=surface)


def _visor(
    heap: Heap, middle: tuple[float, float, float], ahead: tuple[float, float], left: tuple[float, float]
) -> None:
    """A hood over the upper half of a lamp."""
    angles = [-0.2 + index * (math.pi + 0.4) / 12 for index in range(13)]

    def rim(angle: float, out: float) -> tuple[float, float, float]:
        side = 0.165 * math.cos(angle)
        return (middle[0] + left[0] * side + ahead[0] * out, middle[1] + left[1] * side + ahead[1] * out,
                middle[2] + 0.165 * math.sin(angle))  # fmt: skip

    for a, b in pairwise(angles):
        heap.polygon([rim(a, 0), rim(b, 0), rim(b, 0.17), rim(a, 0.17)])


def _lamp(colour: str, lit: bool, shine: float) -> Material:
    tone = LAMPS[colour]
    made = material(f"lamp_{colour}_{'on' if lit else 'off'}", tuple(0.05 * c + 0.01 for c in tone), 0.25)  # type: ignore[arg-type]
    if lit:
        shader = made.node_tree.nodes["Principled BSDF"]
        shader.inputs["Emission Color"].default_value = (*tone, 1)
        shader.inputs["Emission Strength"].default_value = shine
    return made
