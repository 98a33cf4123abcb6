"""The plate reader's network (torch): a small CNN, then nine slots that look where their character stands.

A slot attends over the whole feature map, so one or two rows need no cutting apart; each slot answers "blank" or a
character, a tenth one the kind of plate. Positions are learnt: the characters of a kind stand where they always stand.
"""

from __future__ import annotations

import torch
from torch import nn

from vision.plate_grammar import ALPHABET, MAX_LENGTH
from vision.types import PlateKind

WIDTHS = (24, 48, 96)
DIM = 128
HEADS = 4
READ_WH = (160, 64)
GRID = (4, 20)
"""Rows and columns of the feature map of a 64 x 160 picture."""


def _conv(inside: int, outside: int, stride: int | tuple[int, int] = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU(inplace=True)
    )


class Residual(nn.Module):
    """Two 3 x 3 convolutions around which the input goes too."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _conv(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x + self.second(self.first(x)))


class Attention(nn.Module):
    """Multi-head attention in plain matrix products, which any ONNX runtime knows."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(dim, dim) for _ in range(3))
        self.out = nn.Linear(dim, dim)

    def _split(self, x: torch.Tensor) -> torch.Tensor:
        n, length, dim = x.shape
        return x.reshape(n, length, self.heads, dim // self.heads).transpose(1, 2)

    def forward(self, queries: torch.Tensor, memory: torch.Tensor, place: torch.Tensor | None) -> torch.Tensor:
        q, k, v = self._split(self.query(queries)), self._split(self.key(memory)), self._split(self.value(memory))
        match = q @ k.transpose(2, 3) * (q.shape[-1] ** -0.5)
        weights = (match if place is None else match + place).softmax(-1)
        out: torch.Tensor = self.out((weights @ v).transpose(1, 2).flatten(2))
        return out


class Block(nn.Module):
    """Attention and a small perceptron, each after a norm and beside a short cut."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.norm, self.norm_memory, self.norm_out = nn.LayerNorm(dim), nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attention = Attention(dim, HEADS)
        self.mlp = nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Linear(2 * dim, dim))

    def forward(self, x: torch.Tensor, memory: torch.Tensor, place: torch.Tensor | None = None) -> torch.Tensor:
        x = x + self.attention(self.norm(x), self.norm_memory(memory), place)
        out: torch.Tensor = x + self.mlp(self.norm_out(x))
        return out


def places() -> torch.Tensor:
    """Where each slot looks before it has learnt better: (1, heads, slots, cells), left to right; the kind anywhere."""
    column = torch.arange(GRID[1]).repeat(GRID[0]).float() / GRID[1]
    centre = (torch.arange(MAX_LENGTH).float() + 0.5) / (MAX_LENGTH - 1.5)
    near = -(((column[None] - centre[:, None]) / 0.12) ** 2)
    start = torch.cat([near, torch.zeros(1, len(column))])
    return start.expand(1, HEADS, -1, -1).clone().clamp(min=-6)


class ReaderNet(nn.Module):
    """(N, 3, 64, 160) float 0..1, RGB -> logits (N, 9, 1 + characters) and (N, kinds)."""

    def __init__(self) -> None:
        super().__init__()
        a, b, c = WIDTHS
        self.features = nn.Sequential(
            _conv(3, a, 2),
            _conv(a, b, 2),
            Residual(b),
            _conv(b, c, 2),
            Residual(c),
            Residual(c),
            _conv(c, DIM, (2, 1)),
            nn.Conv2d(DIM, DIM, 1),
        )
        self.position = nn.Parameter(torch.randn(1, GRID[0] * GRID[1], DIM) * 0.2)
        self.slots = nn.Parameter(torch.randn(1, MAX_LENGTH + 1, DIM) * 0.5)
        self.place = nn.Parameter(places())
        self.mix, self.look, self.talk, self.again = Block(DIM), Block(DIM), Block(DIM), Block(DIM)
        self.chars = nn.Linear(DIM, 1 + len(ALPHABET))
        self.kinds = nn.Linear(DIM, len(PlateKind))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        memory = self.features((x - 0.45) * 4).flatten(2).transpose(1, 2) + self.position
        memory = self.mix(memory, memory)
        slots = self.look(self.slots.expand(x.shape[0], -1, -1), memory, self.place)
        slots = self.talk(slots, slots)
        # Now that the slots know what plate it is (two rows, a small province), they look where its characters stand.
        slots = self.again(slots, memory)
        return self.chars(slots[:, :-1]), self.kinds(slots[:, -1])
