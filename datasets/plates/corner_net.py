"""Finds a plate's corners more exactly on its canvas, and the reader behind it as one network (torch)."""

from __future__ import annotations

import torch
from torch import nn

from datasets.plates.reader_net import READ_WH, ReaderNet, Residual
from vision.models.plate_reader import CANVAS_WH, INSET
from vision.types import PlateKind

OTHER = tuple(PlateKind).index(PlateKind.OTHER)
PASSES = 2
"""Times the corners are corrected: what was far off is seen straight the second time."""
MARGIN = 0.3
"""By how much, in log probability, the given corners must be surer than the corrected ones."""


def _down(inside: int, outside: int, kernel: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(inplace=True),
    )


class CornerNet(nn.Module):
    """(N, 3, 144, 256) float 0..1 -> corners (N, 4, 2) in shares of the canvas; it begins with the detector's."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            _down(3, 16, 5, 3),
            _down(16, 24, 3, 2),
            Residual(24),
            _down(24, 48, 3, 2),
            Residual(48),
            _down(48, 64, 3, 2),
            nn.Flatten(),
            nn.Linear(64 * 6 * 11, 96),
            nn.ReLU(inplace=True),
        )
        self.out = nn.Linear(96, 8)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        self.register_buffer("start", torch.from_numpy(INSET / CANVAS_WH).float())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        moved = self.out(self.features((x - 0.45) * 4)).reshape(-1, 4, 2)
        corners: torch.Tensor = self.start + 0.2 * moved
        return corners


def seen(quad: torch.Tensor, points: torch.Tensor) -> torch.Tensor:
    """Where points of the unit square (N or 1, n, 2) lie when its corners lie at ``quad`` (N, 4, 2), in perspective.

    Heckbert (1989), Fundamentals of texture mapping and image warping, 2.2.3: square to quadrilateral.
    """
    p0, p1, p2, p3 = quad.unbind(1)
    one, two, off = p1 - p2, p3 - p2, p0 - p1 + p2 - p3
    area = one[:, 0] * two[:, 1] - two[:, 0] * one[:, 1]
    g = ((off[:, 0] * two[:, 1] - two[:, 0] * off[:, 1]) / area)[:, None]
    h = ((one[:, 0] * off[:, 1] - off[:, 0] * one[:, 1]) / area)[:, None]
    right, down = p1 - p0 + g * p1, p3 - p0 + h * p3
    u, v = points[..., 0], points[..., 1]
    # Points far outside may lie behind the eye: they are kept before it.
    depth = (g * u + h * v + 1).clamp(min=0.1)
    flat = right[:, None] * u[..., None] + down[:, None] * v[..., None] + p0[:, None]
    return flat / depth[..., None]


def lattice(size_wh: tuple[int, int]) -> torch.Tensor:
    """Centres of the pixels of a picture in shares of it, row by row: (height * width, 2)."""
    u, v = ((torch.arange(n).float() + 0.5) / n for n in size_wh)
    y, x = torch.meshgrid(v, u, indexing="ij")
    return torch.stack([x, y], -1).reshape(-1, 2)


class Pipeline(nn.Module):
    """Canvas -> corners -> flat plate -> characters and kinds; softmax at the fitted temperature.

    Each plate is read by the corrected corners and by those given; the surer reading counts (a bare crop that fills
    its picture has no edge to find corners by).
    """

    def __init__(self, corners: CornerNet, reader: ReaderNet, temperature: float = 1.0) -> None:
        super().__init__()
        self.corners, self.reader, self.temperature = corners, reader, temperature
        inset = torch.from_numpy(INSET / CANVAS_WH).float()
        self.register_buffer("low", inset[0])
        self.register_buffer("size", inset[2] - inset[0])
        self.register_buffer("plate", lattice(READ_WH)[None])
        self.register_buffer("canvas", ((lattice(CANVAS_WH) - inset[0]) / (inset[2] - inset[0]))[None])

    def flat(self, x: torch.Tensor, quad: torch.Tensor, points: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
        """The canvas seen anew: pixel i lies where ``points[:, i]`` of a plate with its corners at ``quad`` does."""
        grid = (seen(quad, points) * 2 - 1).reshape(-1, size[1], size[0], 2)
        return nn.functional.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)

    def find(self, x: torch.Tensor) -> torch.Tensor:
        """Corners (N, 4, 2) in shares of the canvas, corrected `PASSES` times."""
        quad = self.corners(x)
        for _ in range(PASSES - 1):
            again = self.corners(self.flat(x, quad, self.canvas, CANVAS_WH))
            quad = seen(quad, (again - self.low) / self.size)
        return quad

    def read(self, x: torch.Tensor, points: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        chars, kinds = self.reader(self.flat(x, points, self.plate, READ_WH))
        return chars, kinds

    def sure(self, chars: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        """Log chance of the likeliest text on a plate of ours: that nothing is there is no reading, however sure."""
        foreign = kinds.softmax(-1)[:, OTHER].clamp(max=0.9999)
        return chars.log_softmax(-1).amax(-1).sum(-1) + torch.log(1 - foreign)

    def logits(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Of the surer reading: characters, kinds; and the corners it was read by."""
        found = self.find(x)
        given = self.corners.start.expand_as(found)
        one, other = self.read(x, found), self.read(x, given)
        surer = [self.sure(*out) for out in (one, other)]
        # A draw goes to the corrected corners, and so does what is nearly one.
        keep = (surer[0] + MARGIN >= surer[1])[:, None, None]
        chars = torch.where(keep, one[0], other[0])
        kinds = torch.where(keep[:, 0], one[1], other[1])
        return chars, kinds, torch.where(keep, found, given)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        chars, kinds, points = self.logits(x)
        return (chars / self.temperature).softmax(-1), (kinds / self.temperature).softmax(-1), points
