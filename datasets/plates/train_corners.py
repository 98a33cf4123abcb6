"""`python -m datasets.plates.train_corners --set DIR --out DIR [--steps N]`: trains the corners' refinement.

Runs in the training environment on folders of `make_corner_set`; writes `corners.pt` (averaged weights).
"""

from __future__ import annotations

import argparse
import copy
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from datasets.plates.corner_net import CornerNet
from datasets.plates.reader_views import tensor
from datasets.plates.train_reader import follow
from datasets.training.precision import fast
from vision.models.plate_reader import CANVAS_WH, INSET

BATCH = 64
RATE = 2e-3
EVERY = 500
"""Steps between reports."""
PLATE = torch.from_numpy((INSET[2] - INSET[0]) / CANVAS_WH).float()
"""The plate's share of the canvas: errors are counted in shares of the plate."""
Floats = npt.NDArray[np.float32]


def light(x: torch.Tensor) -> torch.Tensor:
    """Other light and colours; another view of the same sample."""
    n = x.shape[0]
    gain = torch.exp(torch.randn(n, 1, 1, 1) * 0.2 + torch.randn(n, 3, 1, 1) * 0.06)
    return (((x - 0.5) * torch.exp(torch.randn(n, 1, 1, 1) * 0.2) + 0.5) * gain).clamp(0, 1)


def load(folders: list[Path]) -> tuple[npt.NDArray[np.uint8], Floats]:
    parts = [(np.load(f / "images.npy"), np.load(f / "corners.npy")) for f in folders]
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


@torch.no_grad()
def error(net: CornerNet, images: npt.NDArray[np.uint8], truth: Floats) -> str:
    """Mean absolute error in shares of the plate, x and y, before and after."""
    net.eval()
    found = torch.cat([net(tensor(images[i : i + 256])) for i in range(0, len(images), 256)])
    start = torch.from_numpy(INSET / CANVAS_WH).float()
    told = [((p - torch.from_numpy(truth)).abs().mean((0, 1)) / PLATE).numpy().round(4) for p in (start, found)]
    return f"before {told[0]}, after {told[1]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=3000)
    args = parser.parse_args()
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    images, corners = load([*sorted(args.set.glob("train_[0-9]")), args.set / "train_real"])
    held = {name: load([args.set / name]) for name in ("val", "real_val")}
    net = CornerNet().to(memory_format=torch.channels_last)
    average = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.02)
    args.out.mkdir(parents=True, exist_ok=True)
    for step in range(args.steps):
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * step / args.steps)) + 1e-6
        chosen = np.sort(rng.integers(len(images), size=BATCH))
        net.train()
        with fast():
            moved = net(light(tensor(images[chosen])).contiguous(memory_format=torch.channels_last))
        off = (moved.float() - torch.from_numpy(corners[chosen])) / PLATE
        loss = nn.functional.smooth_l1_loss(off, torch.zeros_like(off), beta=0.02)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        follow(average, net, min(0.996, (step + 1) / (step + 21)))
        if (step + 1) % EVERY == 0 or step + 1 == args.steps:
            report = {name: error(average, *data) for name, data in held.items()}
            print(f"step {step + 1}, loss {loss.item():.4f}, {report}", flush=True)
            torch.save(average.state_dict(), args.out / "corners.pt")


if __name__ == "__main__":
    main()
