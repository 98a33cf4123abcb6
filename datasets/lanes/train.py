"""`python -m datasets.lanes.train --data DATA --out DIR`: draws the training set and trains the lane network.

Runs in the training environment, one thread, products in bfloat16. Prints one line an epoch and writes ``lane.pt``
after each.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from datasets.lanes.draw import IGNORED
from datasets.lanes.net import LaneNet
from datasets.lanes.samples import make, stacked, vehicle_boxes
from datasets.training.precision import fast

BATCH = 8
Arrays = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.uint8]]
NOTHING = 0.2
"""Weight of cells without paint in the loss; most hold nothing."""
LAMP = 8.0
"""Weight of cells on a light, which are few."""


def loss_of(out: tuple[torch.Tensor, torch.Tensor], lines: torch.Tensor, light: torch.Tensor) -> torch.Tensor:
    """Where paint is, which kind it is, and where lights are; IGNORED cells do not count.

    Cross-entropy of all classes, and once more of the kinds where there is paint; the share of paint and of lights that
    overlaps (Dice).
    """
    logits, lamp = out
    told, painted = lines != IGNORED, (lines > 0) & (lines != IGNORED)
    weights = torch.ones(logits.shape[1])
    weights[0] = NOTHING
    where = nn.functional.cross_entropy(logits, lines, weights, ignore_index=IGNORED)
    kinds = logits.permute(0, 2, 3, 1)[painted][:, 1:]
    kind = nn.functional.cross_entropy(kinds, lines[painted] - 1) if len(kinds) else logits.sum() * 0
    paint = 1 - logits.softmax(1)[:, 0]
    asked, target = light != IGNORED, (light == 1).float()
    weight = torch.tensor(LAMP)
    lights = nn.functional.binary_cross_entropy_with_logits(lamp[:, 0][asked], target[asked], pos_weight=weight)
    return (
        torch.nan_to_num(where)
        + 0.5 * kind
        + 0.5 * _apart(paint[told], painted[told].float())
        + 2 * torch.nan_to_num(lights)  # of a batch in which nobody knows of lights
        + _apart(lamp[:, 0].sigmoid()[asked], target[asked])
    )


def _apart(chance: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """1 - Dice, 0 where both are the same."""
    return 1 - (2 * (chance * truth).sum() + 1) / ((chance + truth).sum() + 1)


def batch_of(arrays: Arrays, chosen: npt.NDArray[np.intp], random: np.random.Generator) -> tuple[torch.Tensor, ...]:
    """Pictures in 0..1 and both truths; in training half are mirrored and all are lit a little differently."""
    pixels, lines, light = (torch.from_numpy(a[chosen]) for a in arrays)
    planes = pixels.permute(0, 3, 1, 2).float() / 255
    gain = torch.from_numpy(random.uniform(0.8, 1.25, (len(chosen), 3, 1, 1)).astype(np.float32))
    shift = torch.from_numpy(random.uniform(-0.08, 0.08, (len(chosen), 1, 1, 1)).astype(np.float32))
    planes = (planes * gain.mean(1, keepdim=True).lerp(gain, 0.3) + shift).clamp(0, 1)
    lines, light = lines.long(), light.long()
    if random.random() < 0.5:
        planes, lines, light = planes.flip(3), lines.flip(2), light.flip(2)
    return planes.contiguous(memory_format=torch.channels_last), lines, light


def fit(net: LaneNet, arrays: Arrays, epochs: int, rate: float, seed: int, out: Path) -> None:
    """Trains in place with one cosine cycle."""
    random = np.random.default_rng(seed)
    steps = len(arrays[0]) // BATCH
    optimizer = torch.optim.AdamW(net.parameters(), rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, epochs * steps, pct_start=0.1)
    for epoch in range(epochs):
        net.train()
        start, total = time.monotonic(), 0.0
        order = random.permutation(len(arrays[0]))[: steps * BATCH].reshape(steps, BATCH)
        for chosen in order:
            planes, lines, light = batch_of(arrays, chosen, random)
            with fast():
                logits, lamp = net(planes)
            loss = loss_of((logits.float(), lamp.float()), lines, light)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        torch.save(net.state_dict(), out / "lane.pt")
        print(f"epoch {epoch} loss {total / steps:.4f} {time.monotonic() - start:.0f} s", flush=True)


def loaded(path: Path) -> Arrays:
    with np.load(path) as file:
        return file["pixels"], file["lines"], file["light"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--roads", type=int, default=2200)
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--set", type=Path, nargs="*", help="drawn sets (npz), in place of drawing one")
    parser.add_argument("--boxes", type=Path, help="vehicle boxes of datasets.pseudo")
    parser.add_argument("--init", type=Path, help="weights to go on from")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    sets = [loaded(p) for p in args.set or ()]
    boxes = vehicle_boxes(args.boxes) if args.boxes else {}
    sets = sets or [stacked(list(make(args.data, args.roads, args.photos, args.seed, boxes)))]
    arrays = tuple(np.concatenate([s[i] for s in sets]) for i in range(3))
    net = LaneNet().to(memory_format=torch.channels_last)
    if args.init:
        net.load_state_dict(torch.load(args.init, map_location="cpu"))
    fit(net, (arrays[0], arrays[1], arrays[2]), args.epochs, args.rate, args.seed, args.out)


if __name__ == "__main__":
    main()
