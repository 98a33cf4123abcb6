"""`python -m datasets.roadside.train --data DATA --init FILE --out DIR`: trains the detector of roadside things.

Runs in the training environment, one thread, products in bfloat16. ``--rendered``: a folder that
`datasets.scenes.render_roadside` filled; it is read again after each epoch, for it may still be growing. Writes
``roadside.pt``, the running average of all steps, after each epoch, and prints one line.
"""

from __future__ import annotations

import argparse
import copy
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from datasets.roadside.samples import Source, Square, labelled, photos, pool, rendered, square_of
from datasets.training.roadside_net import opened, predictions, prepared, save, seeded

# isort: split
import torch
from torch import nn

BATCH = 8
SHARES = {"photo": 0.42, "rendered": 0.3, "labelled": 0.42}
FULL_SHARE = 40
"""Rendered pictures from which on they have their share; of fewer, less is taken, lest each be learnt by heart."""


def batch_of(squares: Sequence[Square]) -> tuple[torch.Tensor, dict[str, torch.Tensor], torch.Tensor]:
    """Pictures 0..1, ultralytics' targets, and which labels are known (n, 1, labels)."""
    pixels = torch.from_numpy(np.stack([s.pixels for s in squares])).permute(0, 3, 1, 2).float() / 255
    rows = [(i, k, *box) for i, s in enumerate(squares) for k, box in s.boxes]
    told = torch.tensor(rows, dtype=torch.float32).reshape(-1, 6)
    low, high = told[:, 2:4] / pixels.shape[-1], told[:, 4:6] / pixels.shape[-1]
    boxes = torch.cat([(low + high) / 2, high - low], 1)
    known = torch.tensor([s.known for s in squares], dtype=torch.float32)[:, None]
    return pixels, {"batch_idx": told[:, 0], "cls": told[:, 1], "bboxes": boxes}, known


def follow(average: nn.Module, net: nn.Module, keep: float) -> None:
    with torch.no_grad():
        for old, new in zip(average.parameters(), net.parameters(), strict=True):
            if new.requires_grad:
                old.mul_(keep).add_(new, alpha=1 - keep)


def fit(yolo: Any, args: argparse.Namespace) -> None:
    """Trains with one cosine cycle of ``--steps``."""
    net, criterion, known = prepared(yolo)
    average, random = copy.deepcopy(net), np.random.default_rng(args.seed)
    fixed = photos(args.data, args.photos, random) + labelled(args.data)
    trained = [p for p in net.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, args.rate, weight_decay=5e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, args.rate, args.steps, pct_start=0.08)
    sources: list[Source] = []
    shares = SHARES
    start, sums, used = time.monotonic(), np.zeros(3), time.process_time()
    for step in range(args.steps):
        if step % args.every == 0:
            more = rendered(args.rendered) if args.rendered else []
            sources = fixed + more
            shares = SHARES | {"rendered": SHARES["rendered"] * min(1.0, len(more) / FULL_SHARE)}
        squares = [square_of(pool(sources, random, shares), random) for _ in range(BATCH)]
        planes, batch, known.known = batch_of(squares)
        loss, parts = criterion(predictions(net, planes), batch)
        optimizer.zero_grad(set_to_none=True)
        (loss.sum() / BATCH).backward()
        nn.utils.clip_grad_norm_(trained, 10.0)
        optimizer.step()
        schedule.step()
        follow(average, net, min(0.995, (step + 1) / (step + 10)))
        sums += np.array([float(parts[k]) for k in ("box_loss", "cls_loss", "dfl_loss")])
        if (step + 1) % args.every == 0 or step + 1 == args.steps:
            save(yolo, average, args.out / "roadside.pt")
            losses = " ".join(f"{v:.3f}" for v in sums / (step % args.every + 1))
            wall, work = time.monotonic() - start, time.process_time() - used
            print(f"step {step + 1} {losses} {len(sources)} pictures {wall:.0f} s {work:.0f} s of CPU", flush=True)
            sums[:] = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--init", type=Path, required=True, help="COCO's yolo11n, or weights of this role to go on from"
    )
    parser.add_argument("--again", action="store_true", help="the weights are of this role")
    parser.add_argument("--rendered", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--photos", type=int, default=500)
    parser.add_argument("--steps", type=int, default=900)
    parser.add_argument("--every", type=int, default=100)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    fit(opened(args.init) if args.again else seeded(args.init), args)


if __name__ == "__main__":
    main()
