"""`python -m datasets.train_colour --data DATA`: trains `vision.models.colour` from scratch; 15 minutes on one core.

Boxes of main vehicles whose colour an eye told, cut at random, mirrored, lit and tinted a little otherwise. Where the
eye named a second colour that one gets `SECOND` of the truth, so that the net learns what people cannot tell apart.
Validation photos choose nothing here; they are printed. Runs in the training environment.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn import functional

from datasets.colour_set import Painted, painted
from datasets.onnx_files import sealed, uint8_input
from vision.errors import InputError
from vision.models.card import WEIGHTS
from vision.models.squares import SIDE
from vision.types import VehicleColour

LABELS = tuple(VehicleColour)
WIDTHS, POOLED = (24, 48, 64, 96), 64
SECOND, SMOOTHING = 0.3, 0.02
BATCH, RATE, DECAY, DROP = 32, 4e-3, 0.02, 0.3
SEED = 20261122


class ColourNet(nn.Module):
    """(N, 3, S, S) float 0..1 to chances (N, labels): four strided stages, then a weighted and a plain mean of places.

    The weights of places are learnt: paint counts, glass, tyres and road do not.
    """

    def __init__(self) -> None:
        super().__init__()
        sizes = (3, *WIDTHS)
        self.stages = nn.Sequential(*(stage(a, b, twice=k > 0) for k, (a, b) in enumerate(pairwise(sizes))))
        self.where, self.what = nn.Conv2d(WIDTHS[-1], 1, 1), nn.Conv2d(WIDTHS[-1], POOLED, 1)
        self.drop, self.out = nn.Dropout(DROP), nn.Linear(POOLED + WIDTHS[-1], len(LABELS))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.logits(x).softmax(1)

    def logits(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stages(x)
        weights = self.where(x).flatten(2).softmax(-1)
        chosen = (functional.silu(self.what(x)).flatten(2) * weights).sum(-1)
        return self.out(self.drop(torch.cat((chosen, x.mean((2, 3))), 1)))


def stage(a: int, b: int, *, twice: bool) -> nn.Sequential:
    layers = [nn.Conv2d(a, b, 3, 2, 1, bias=False), nn.BatchNorm2d(b), nn.SiLU()]
    if twice:
        layers += [nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b), nn.SiLU()]
    return nn.Sequential(*layers)


def truth(items: Sequence[Painted]) -> torch.Tensor:
    """Chances to learn, (items, labels)."""
    wanted = torch.zeros(len(items), len(LABELS))
    for row, item in zip(wanted, items, strict=True):
        first = item.label.first
        if first.colour is None:
            raise ValueError(f"nobody told the colour of {item.row.file}")
        share = SECOND if first.other not in (None, first.colour) else 0.0
        row[LABELS.index(first.colour)] = 1 - share
        if first.other is not None and share:
            row[LABELS.index(first.other)] = share
    return wanted


def planes(looks: Sequence[np.ndarray]) -> torch.Tensor:
    return torch.from_numpy(np.stack(looks)).permute(0, 3, 1, 2).float() / 255


def varied(x: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """Cut to 75 to 110 % around a shifted middle, mirrored, exposure, tint and contrast a little otherwise."""
    n = len(x)

    def drawn(low: float, high: float, *shape: int) -> torch.Tensor:
        return low + (high - low) * torch.rand(n, *shape, generator=random)

    turn, scale = torch.zeros(n, 2, 3), drawn(0.75, 1.1)
    turn[:, 0, 0], turn[:, 1, 1] = scale * (drawn(0, 1).round() * 2 - 1), scale
    turn[:, :, 2] = drawn(-0.15, 0.15, 2)
    grid = functional.affine_grid(turn, [n, 3, SIDE, SIDE], align_corners=False)
    cut = functional.grid_sample(x, grid, padding_mode="reflection", align_corners=False)
    lit = cut * drawn(0.8, 1.25, 1, 1, 1) * drawn(0.95, 1.05, 3, 1, 1)
    return lit.clamp(0, 1) ** drawn(0.85, 1.15, 1, 1, 1)


def trained(items: Sequence[Painted], held: Sequence[Painted], epochs: int) -> ColourNet:
    torch.manual_seed(SEED)
    random = torch.Generator().manual_seed(SEED)
    net, pictures, wanted = ColourNet(), planes([item.wide for item in items]), truth(items)
    batch = min(BATCH, len(items))
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=epochs * (len(items) // batch))
    for epoch in range(epochs):
        net.train()
        started, order = time.monotonic(), torch.randperm(len(items), generator=random)
        for k in range(0, len(order) - batch + 1, batch):
            chosen = order[k : k + batch]
            logits = net.logits(varied(pictures[chosen], random))
            loss = functional.cross_entropy(logits, wanted[chosen], label_smoothing=SMOOTHING)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        if epoch % 10 == 9 or epoch == epochs - 1:
            print(f"epoch {epoch + 1}: {accepted(net, held)}, {time.monotonic() - started:.1f} s", flush=True)
    return net.eval()


@torch.no_grad()
def accepted(net: ColourNet, held: Sequence[Painted]) -> str:
    best = net.eval()(planes([item.look for item in held])).argmax(1)
    right = [item.label.first.accepts(LABELS[int(k)]) for item, k in zip(held, best, strict=True)]
    return f"{np.mean(right):.3f} of {len(right)} validation photos as an eye accepts"


def graph(net: ColourNet) -> onnx.ModelProto:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.onnx"
        names = {"input_names": ["planes"], "output_names": ["colour"]}
        axes = {name: {0: "n"} for name in ("planes", "colour")}
        torch.onnx.export(
            net, (torch.zeros(1, 3, SIDE, SIDE),), str(path), **names, dynamic_axes=axes, opset_version=17, dynamo=False
        )
        model = onnx.load(path)
    uint8_input(model)
    return sealed(model, LABELS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--photos", type=int, help="only so many of each part: a short run")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "colour.onnx")
    args = parser.parse_args()
    train, held = (painted(args.data, split, at_most=args.photos) for split in ("train", "val"))
    if not train or not held:
        raise InputError(f"no photos of known colour to train on or to hold out in {args.data}")
    print(f"{len(train)} train, {len(held)} val", flush=True)
    onnx.save(graph(trained(train, held, args.epochs)), args.out)


if __name__ == "__main__":
    main()
