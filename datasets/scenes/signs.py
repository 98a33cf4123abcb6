"""Road signs of GB 5768, drawn by code, on posts beside the road."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from datasets.scenes.blender import image_node, material
from datasets.scenes.plan import Road
from datasets.scenes.road_lines import half_width, stop_reach
from datasets.scenes.road_mesh import Heap
from datasets.scenes.textures import kept

Pen: TypeAlias = ImageDraw.ImageDraw
PX = 512
RED, BLUE, WHITE, BLACK, YELLOW = (190, 22, 30), (16, 72, 158), (236, 236, 234), (22, 22, 24), (240, 190, 20)
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
SIGN_NAMES = ("no_entry", "one_way", "speed_limit", "no_parking", "pedestrians")
ROUND = ("no_entry", "speed_limit", "no_parking")
SIZE_M = 0.8


def build_signs(road: Road, textures: Path) -> None:
    """A post for each of ``road.signs``, behind the right kerb, facing who drives towards +x: objects sign_<name>."""
    steel = material("sign_post", (0.45, 0.46, 0.47), 0.4, 0.5)
    poles = Heap(steel)
    for index, name in enumerate(road.signs):
        x = (road.crossing_x - stop_reach(road) - 1.5 - index * 9) if stop_reach(road) else 11.0 + index * 14
        y = -half_width(road) - 0.55
        poles.tube([(x, y, 0.1), (x, y, 1.5), (x, y, 2.95)], [0.04, 0.04, 0.04])
        _plate(name, (x - 0.06, y), textures)
    poles.build("sign_posts")


def _plate(name: str, xy: tuple[float, float], textures: Path) -> None:
    path = kept(textures, f"sign-{name}", lambda: draw_sign(name))
    face = material(f"sign_{name}", (0.5, 0.5, 0.5), 0.35)
    face.node_tree.links.new(
        image_node(face, path).outputs[0], face.node_tree.nodes["Principled BSDF"].inputs["Base Color"]
    )
    heap = Heap(face, material("sign_back", (0.4, 0.41, 0.42), 0.5, 0.5))
    x, y = xy
    count = 32 if name in ROUND else 4
    first = 0.0 if count == 32 else math.pi / 4
    reach = 0.5 if count == 32 else math.sqrt(0.5)
    angles = [first + index * 2 * math.pi / count for index in range(count)]
    shape = [(reach * math.cos(a), reach * math.sin(a)) for a in angles]
    for depth, surface in ((0.0, 0), (0.02, 1)):
        points = [(x + depth, y - u * SIZE_M, 2.55 + v * SIZE_M) for u, v in shape]
        heap.polygon(points, [(u + 0.5, v + 0.5) for u, v in shape], surface)
    heap.build(f"sign_{name}")


def draw_sign(name: str) -> npt.NDArray[np.float32]:
    """A sign's face, sRGB 0..1, shape (512, 512, 3). Raises KeyError for a name that is not in `SIGN_NAMES`."""
    image = Image.new("RGB", (PX, PX), WHITE)
    draw: dict[str, Callable[[Pen], None]] = {
        "no_entry": _no_entry, "one_way": _one_way, "speed_limit": _speed_limit, "no_parking": _no_parking,
        "pedestrians": _pedestrians,
    }  # fmt: skip
    draw[name](ImageDraw.Draw(image))
    return np.asarray(np.asarray(image) / 255, np.float32)


def _no_entry(pen: Pen) -> None:
    pen.ellipse((8, 8, 504, 504), RED)
    pen.rectangle((84, 216, 428, 296), WHITE)


def _one_way(pen: Pen) -> None:
    pen.rectangle((10, 10, 502, 502), BLUE)
    pen.polygon([(256, 60), (380, 210), (300, 210), (300, 450), (212, 450), (212, 210), (132, 210)], WHITE)


def _speed_limit(pen: Pen) -> None:
    pen.ellipse((6, 6, 506, 506), RED)
    pen.ellipse((62, 62, 450, 450), WHITE)
    pen.text((256, 250), "40", font=ImageFont.truetype(FONT, 250), fill=BLACK, anchor="mm")


def _no_parking(pen: Pen) -> None:
    pen.ellipse((6, 6, 506, 506), RED)
    pen.ellipse((58, 58, 454, 454), BLUE)
    for sign in (-1, 1):
        pen.line((256 - 150, 256 - sign * 150, 256 + 150, 256 + sign * 150), RED, 52)


def _pedestrians(pen: Pen) -> None:
    pen.rectangle((10, 10, 502, 502), BLUE)
    pen.polygon([(256, 50), (476, 440), (36, 440)], WHITE)
    pen.ellipse((238, 130, 284, 176), BLACK)
    pen.line((258, 176, 246, 290), BLACK, 40)
    pen.line((250, 280, 216, 350, 190, 396), BLACK, 24, joint="curve")
    pen.line((250, 280, 292, 340, 304, 396), BLACK, 24, joint="curve")
    pen.line((256, 190, 212, 250), BLACK, 18)
    pen.line((258, 190, 304, 240, 322, 232), BLACK, 18, joint="curve")
    for x in range(110, 400, 60):
        pen.rectangle((x, 408, x + 30, 428), BLACK)
