"""Trains a classifier with one or more heads on one backbone: pictures in memory, plain torch, CPU or GPU.

A sample is a picture (uint8 RGB), a box to look at, and a target per head (-1: not told for this head). The loss is
the sum of the heads' cross entropies with label smoothing; the kept weights are a running average of all steps.
The first layers of a backbone that already knows vehicles may be kept as they are: that halves the time.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from datasets.training.precision import fast
from datasets.training.samples import Sample
from vision.types import Pixels

Augment = Callable[[Sample, np.random.Generator], tuple[Pixels, tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class Recipe:
    epochs: int
    batch: int = 64
    rate: float = 1.5e-3
    decay: float = 0.02
    smoothing: float = 0.05
    seed: int = 0
    close: tuple[tuple[int, int, float], ...] = ()
    """Of the first head's labels: (label, another one, how much of the truth that one is given)."""


class Heads(nn.Module):
    """Backbone features -> global average -> one linear layer a head. Input (N, 3, S, S) float 0..1."""

    def __init__(self, backbone: nn.Sequential, width: int, sizes: Sequence[int], frozen: int = 0) -> None:
        """``frozen``: so many first layers of the backbone are not trained."""
        super().__init__()
        self.backbone = backbone
        self.frozen = frozen
        backbone[:frozen].requires_grad_(False)
        self.drop = nn.Dropout(0.2)
        self.heads = nn.ModuleList(nn.Linear(width, n) for n in sizes)

    def train(self, mode: bool = True) -> Heads:
        """As of any net; what is frozen does not learn the mean and spread of its inputs either."""
        super().train(mode)
        self.backbone[: self.frozen].eval()
        return self

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        features = self.drop(self.backbone(x).mean((2, 3)))
        return tuple(head(features) for head in self.heads)


def tensor(batch: Sequence[Pixels], device: torch.device) -> torch.Tensor:
    x = torch.from_numpy(np.stack(batch)).to(device).permute(0, 3, 1, 2).float() / 255
    return x.contiguous(memory_format=torch.channels_last)


def truths(size: int, smoothing: float, close: Sequence[tuple[int, int, float]] = ()) -> torch.Tensor:
    """For each label the chances (size, size) to learn: its own, what labels close to it get, and all a little."""
    rows = torch.eye(size)
    for label, other, share in close:
        rows[label, other] += share
        rows[label, label] -= share
    return rows * (1 - smoothing) + smoothing / size


def loss_of(
    outputs: Sequence[torch.Tensor],
    targets: torch.Tensor,
    smoothing: float,
    close: Sequence[tuple[int, int, float]] = (),
) -> torch.Tensor:
    """Sum over the heads of the mean cross entropy of those samples for which the head's target is told."""
    total = torch.zeros((), device=targets.device)
    for k, out in enumerate(outputs):
        told = targets[:, k] >= 0
        if told.any():
            wanted = truths(out.shape[1], smoothing, () if k else close).to(targets.device)[targets[told, k]]
            total = total + nn.functional.cross_entropy(out[told].float(), wanted)
    return total


def fit(
    net: Heads, samples: Sequence[Sample], augment: Augment, recipe: Recipe, check: Callable[[Heads], str]
) -> Heads:
    """Trains ``net`` and returns the averaged weights; prints ``check`` of them now and then."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = net.to(device, memory_format=torch.channels_last)
    average = copy.deepcopy(net).eval()
    random = np.random.default_rng(recipe.seed)
    optimiser = torch.optim.AdamW(net.parameters(), recipe.rate, weight_decay=recipe.decay)
    steps = recipe.epochs * (len(samples) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=steps, pct_start=0.1)
    done = 0
    with ThreadPoolExecutor(torch.get_num_threads()) as pool:
        for epoch in range(recipe.epochs):
            started, sum_loss = time.monotonic(), 0.0
            order = random.permutation(len(samples))
            net.train()
            for start in range(0, len(order) - recipe.batch + 1, recipe.batch):
                chosen = [(samples[i], random.spawn(1)[0]) for i in order[start : start + recipe.batch]]
                made = list(pool.map(lambda pair: augment(*pair), chosen))
                targets = torch.tensor([m[1] for m in made], device=device)
                with fast(device.type):
                    outputs = net(tensor([m[0] for m in made], device))
                loss = loss_of(outputs, targets, recipe.smoothing, recipe.close)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_(net.parameters(), 5.0)
                optimiser.step()
                schedule.step()
                done += 1
                follow(average, net, min(0.998, done / (done + 20)))
                sum_loss += float(loss.detach())
            told = check(average) if epoch % 4 == 3 or epoch == recipe.epochs - 1 else ""
            mean = sum_loss * recipe.batch / len(order)
            print(f"epoch {epoch} loss {mean:.3f} {time.monotonic() - started:.0f} s {told}", flush=True)
    return average


@torch.no_grad()
def follow(average: nn.Module, net: nn.Module, keep: float) -> None:
    for old, new in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
        if old.dtype.is_floating_point:
            old.mul_(keep).add_(new, alpha=1 - keep)
        else:
            old.copy_(new)


@torch.no_grad()
def predict(net: Heads, pictures: Sequence[Pixels], batch: int = 64) -> list[np.ndarray]:
    """Softmax of each head over all pictures: arrays (n, classes)."""
    net.eval()
    device = next(net.parameters()).device
    parts: list[list[np.ndarray]] = [[] for _ in net.heads]
    for start in range(0, len(pictures), batch):
        for k, out in enumerate(net(tensor(pictures[start : start + batch], device))):
            parts[k].append(out.float().softmax(1).cpu().numpy())
    return [np.concatenate(p) for p in parts]
