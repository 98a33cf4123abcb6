"""Finds a plate's corners more exactly on its canvas, and the reader behind it as one network (torch)."""

from __future__ import annotations

import torch
from torch import nn

from datasets.plates.reader_net import ReaderNet, Residual
from vision.models.plate_reader import CANVAS_WH, INSET

READ_WH = (128, 48)
MARGIN = 0.05
"""By how much, in log probability, the given corners must be surer than the corrected ones."""


def _down(inside: int, outside: int, kernel: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(inplace=True),
    )


class CornerNet(nn.Module):
    """(N, 3, 108, 240) float 0..1 -> corners (N, 4, 2) in shares of the canvas; it begins with the detector's."""

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
            nn.Linear(64 * 5 * 10, 96),
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


def blend() -> torch.Tensor:
    """How much each corner has in each pixel of the flat plate: (48 * 128, 4), bilinear."""
    u, v = ((torch.arange(n).float() + 0.5) / n for n in READ_WH)
    y, x = torch.meshgrid(v, u, indexing="ij")
    return torch.stack([(1 - x) * (1 - y), x * (1 - y), x * y, (1 - x) * y], -1).reshape(-1, 4)


class Pipeline(nn.Module):
    """Canvas -> corners -> flat plate -> characters and kinds; softmax at the fitted temperature.

    Each plate is read by the corrected corners and by those given; the surer reading counts (a bare crop that fills
    its picture has no edge to find corners by).
    """

    def __init__(self, corners: CornerNet, reader: ReaderNet, temperature: float = 1.0) -> None:
        super().__init__()
        self.corners, self.reader, self.temperature = corners, reader, temperature
        self.register_buffer("blend", blend())

    def flat(self, x: torch.Tensor, points: torch.Tensor) -> torch.Tensor:
        grid = (self.blend @ (points * 2 - 1)).reshape(-1, READ_WH[1], READ_WH[0], 2)
        return nn.functional.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)

    def logits(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Of the surer reading: characters, kinds; and the corners it was read by."""
        found = self.corners(x)
        given = self.corners.start.expand_as(found)
        one, other = self.reader(self.flat(x, found)), self.reader(self.flat(x, given))
        surer = [out[0].log_softmax(-1).amax(-1).sum(-1) for out in (one, other)]
        # A draw goes to the corrected corners, and so does what is nearly one.
        keep = (surer[0] + MARGIN >= surer[1])[:, None, None]
        chars = torch.where(keep, one[0], other[0])
        kinds = torch.where(keep[:, 0], one[1], other[1])
        return chars, kinds, torch.where(keep, found, given)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        chars, kinds, points = self.logits(x)
        return (chars / self.temperature).softmax(-1), (kinds / self.temperature).softmax(-1), points
