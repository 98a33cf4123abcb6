"""The network: a small encoder and decoder with two heads, lane lines and traffic lights, at half the input's size."""

from __future__ import annotations

import torch
from torch import nn

from datasets.lanes.markings import LABELS

WIDTHS = (16, 32, 64, 96, 128)
"""Channels at 1/2, 1/4, 1/8, 1/16 and 1/32."""


def _block(before: int, after: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)
    )


class LaneNet(nn.Module):
    """(n, 3, s, s) in 0..1 to logits of lines (n, labels, s/2, s/2) and of a light (n, 1, s/2, s/2)."""

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d, e = WIDTHS
        self.down = nn.ModuleList(
            [
                _block(3, a, 2),
                nn.Sequential(_block(a, b, 2), _block(b, b)),
                nn.Sequential(_block(b, c, 2), _block(c, c)),
                nn.Sequential(_block(c, d, 2), _block(d, d)),
                nn.Sequential(_block(d, e, 2), _block(e, e)),
            ]
        )
        self.side = nn.ModuleList([nn.Conv2d(w, n, 1) for w, n in ((d, d), (c, c), (b, b), (a, a))])
        self.narrow = nn.ModuleList([nn.Conv2d(w, n, 1) for w, n in ((e, d), (d, c), (c, b), (b, a))])
        self.up = nn.ModuleList([_block(w, w) for w in (d, c, b, a)])
        self.lines = nn.Conv2d(a, len(LABELS), 1)
        self.light = nn.Conv2d(a, 1, 1)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        seen = []
        for step in self.down:
            x = step(x)
            seen.append(x)
        for side, narrow, up, skip in zip(self.side, self.narrow, self.up, seen[-2::-1], strict=True):
            x = nn.functional.interpolate(narrow(x), scale_factor=2.0, mode="nearest")
            x = up(x + side(skip))
        return self.lines(x), self.light(x)
