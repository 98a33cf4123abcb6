"""Where each character stands on a plate of a kind, in mm, and in which colours (GA 36, from secondary sources)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vision.types import PlateKind

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Cell:
    char: str
    box: tuple[float, float, float, float]
    """x, y, width, height, mm."""
    style: str = "140"
    red: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    size_mm: tuple[float, float]
    cells: tuple[Cell, ...]
    dot_mm: tuple[float, float] | None

    @property
    def double(self) -> bool:
        return self.size_mm[0] / self.size_mm[1] < 2.5


_RED_SUFFIX = frozenset("警领使")


def _row(text: str, xs: list[float], size: tuple[float, float], y: float, style: str) -> tuple[Cell, ...]:
    return tuple(Cell(c, (x, y, *size), style, c in _RED_SUFFIX) for c, x in zip(text, xs, strict=True))


def _single(text: str, dot_after: int) -> Layout:
    """Seven characters on 440 x 140: 45 x 90 each, 12 apart, 34 at the dot; more characters stand narrower."""
    count = len(text)
    width = 45.0 if count <= 7 else 45.0 * 7 / count
    gap = 12.0 if count <= 7 else 10.0
    wide = 440 - 31 - count * width - (count - 2) * gap
    xs, x = [], 15.5
    for i in range(count):
        xs.append(x)
        x += width + (wide if i + 1 == dot_after else gap)
    return Layout((440, 140), _row(text, xs, (width, 90), 25, "140"), (xs[dot_after] - wide / 2, 70))


def _green(text: str) -> Layout:
    xs = [15.5, 69.5, *(161.5 + 52 * k for k in range(6))]
    sizes = [45.0] + [43.0] * 7
    cells = tuple(Cell(c, (x, 25, w, 90), "green") for c, x, w in zip(text, xs, sizes, strict=True))
    return Layout((480, 140), cells, (137, 70))


def _double(text: str, size: tuple[float, float] = (440, 220)) -> Layout:
    """Two characters above, the rest below; given for 440 x 220 and stretched for the motorcycle's 220 x 140."""
    kx, ky = size[0] / 440, size[1] / 220
    top = _row(text[:2], [110 * kx, 250 * kx], (80 * kx, 60 * ky), 15 * ky, "220_up")
    below = text[2:]
    width = 65.0 if len(below) <= 5 else 54.0
    gap = (440 - 55 - width * len(below)) / (len(below) - 1)
    xs = [(27.5 + i * (width + gap)) * kx for i in range(len(below))]
    return Layout(size, top + _row(below, xs, (width * kx, 110 * ky), 90 * ky, "220_down"), (220 * kx, 45 * ky))


def _armed_police(text: str, rng: np.random.Generator) -> Layout:
    """WJ red, then province or region small, then the number."""
    tail = text[-5:]
    middle = text[2:-5]
    cells = [Cell("W", (15.5, 25, 45, 90), "140", True), Cell("J", (68, 25, 42, 90), "140", True)]
    small = 55.0 if middle else 0.0
    if len(middle) == 1:
        cells.append(Cell(middle, (118, 62, 40, 50), "140", bool(rng.random() < 0.8)))
    elif middle:
        up = bool(rng.random() < 0.5)
        boxes = [(120.0, 25 if up else 70, 22.0, 45.0), (146.0, 25 if up else 70, 22.0, 45.0)]
        cells += [Cell(c, b, "140") for c, b in zip(middle, boxes, strict=True)]
    start = 128 + small
    width = min(45.0, (430 - start) / 5 - 8)
    pitch = (430 - start - width) / 4
    cells += [Cell(c, (start + i * pitch, 25, width, 90), "140") for i, c in enumerate(tail)]
    return Layout((440, 140), tuple(cells), (start - 10, 70) if rng.random() < 0.6 else None)


def _army(text: str, rng: np.random.Generator) -> Layout:
    plain = _double(text) if rng.random() < 0.2 else _single(text, 2)
    cells = tuple(Cell(c.char, c.box, c.style, i < 2) for i, c in enumerate(plain.cells))
    return Layout(plain.size_mm, cells, plain.dot_mm)


def layout(text: str, kind: PlateKind, rng: np.random.Generator) -> Layout:
    """The cells of ``text`` on a plate of ``kind``; kinds that come in two forms are drawn at random."""
    match kind:
        case PlateKind.GREEN_SMALL | PlateKind.GREEN_LARGE:
            return _green(text)
        case PlateKind.YELLOW_DOUBLE:
            return _double(text)
        case PlateKind.TRAILER:
            return _double(text) if rng.random() < 0.85 else _single(text, 2)
        case PlateKind.MOTORCYCLE:
            return _double(text, (220, 140))
        case PlateKind.TEMPORARY:
            return _double(text, (220, 140)) if rng.random() < 0.4 else _single(text, 2)
        case PlateKind.WHITE_ARMED_POLICE:
            return _armed_police(text, rng)
        case PlateKind.WHITE_ARMY:
            return _army(text, rng)
        case PlateKind.BLACK_EMBASSY:
            return _single(text, int(rng.choice([1, 3, 4])))
        case _:
            return _single(text, 2)
