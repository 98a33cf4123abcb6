"""The network of `vision.models.damage_part`: one backbone for both looks, pooled over each and at the place."""

from __future__ import annotations

import torch
from torch import nn

MIDDLE, WIDTHS = 6, (128, 256)
"""Layer of a YOLO11n backbone whose map is at 1/16, and the channels there and at its end, 1/32."""
LEAST = 1e-4
"""Share of a cell that every place covers, so that a place of no size has a mean too."""


class PartNet(nn.Module):
    """Photo (n, 3, S, S), surroundings (n, 3, S, S), places (n, 2, 4) in shares of both: logits (n, labels).

    A photo may be given once for all damages on it: (1, 3, S, S).
    """

    def __init__(self, backbone: nn.Sequential, labels: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.drop = nn.Dropout(0.3)
        size = 2 * (WIDTHS[0] + 2 * WIDTHS[1]) + 8
        self.head = nn.Sequential(nn.Linear(size, 128), nn.SiLU(), nn.Dropout(0.3), nn.Linear(128, labels))

    def maps(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Maps at 1/16 and 1/32 of pictures (n, 3, S, S)."""
        middle = x
        for k, layer in enumerate(self.backbone):
            x = layer(x)
            middle = x if k == MIDDLE else middle
        return middle, x

    def forward(self, afar: torch.Tensor, near: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        count, once = near.shape[0], afar.shape[0]
        middle, top = self.maps(torch.cat([afar, near]))
        sides = []
        for k, (m, t) in enumerate(((middle[:once], top[:once]), (middle[once:], top[once:]))):
            m, t = (v.expand(count, -1, -1, -1) for v in (m, t))
            sides += [t.mean((2, 3)), pooled(t, places[:, k]), pooled(m, places[:, k])]
        out: torch.Tensor = self.head(self.drop(torch.cat([*sides, places.flatten(1)], 1)))
        return out


def pooled(values: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Means (n, channels) of maps (n, channels, h, w) over places (n, 4), by the share of each cell that is covered."""
    columns, rows = (covered(places[:, k], places[:, k + 2], values.shape[3 - k]) for k in (0, 1))
    return ((values * columns[:, None, None, :]).sum(3) * rows[:, None, :]).sum(2)


def covered(low: torch.Tensor, high: torch.Tensor, cells: int) -> torch.Tensor:
    """How much of each of ``cells`` on 0..1 lies between the two, as shares of 1: (n, cells)."""
    edges = torch.arange(cells + 1, dtype=low.dtype) / cells
    shares = torch.minimum(edges[None, 1:], high[:, None]) - torch.maximum(edges[None, :-1], low[:, None])
    shares = shares.clamp(min=LEAST)
    return shares / shares.sum(1, keepdim=True)
