"""`python -m datasets.plates.train_reader --set DIR --out DIR [--minutes M]`: trains the plate reader.

Runs in the training environment on folders of `make_reader_set`. The learning rate falls with the share of the time
budget that is used, so a run ends when it was told to on any machine. Writes `reader.pt` (averaged weights).
"""

from __future__ import annotations

import argparse
import copy
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from datasets.plates.reader_net import ReaderNet
from vision.types import PlateKind

REAL_SHARE = 0.22
"""Share of a batch that is real crops."""
BATCH = 96
HARD: dict[PlateKind, float] = {
    PlateKind.YELLOW_DOUBLE: 2.5,
    PlateKind.TRAILER: 2.5,
    PlateKind.MOTORCYCLE: 3.0,
    PlateKind.TEMPORARY: 2.0,
    PlateKind.WHITE_ARMED_POLICE: 3.0,
}
"""Kinds drawn into batches more often than they are in the set: their characters do not stand in the common places."""


@dataclass(frozen=True, slots=True)
class Set:
    images: npt.NDArray[np.uint8]
    codes: npt.NDArray[np.uint8]
    kinds: npt.NDArray[np.uint8]


def load(folders: list[Path]) -> Set:
    """The folders' samples one after the other."""
    parts = [[np.load(f / f"{name}.npy") for f in folders] for name in ("images", "codes", "kinds")]
    return Set(*(np.concatenate(p) for p in parts))


def tensor(images: npt.NDArray[np.uint8]) -> torch.Tensor:
    x = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
    return x.contiguous(memory_format=torch.channels_last)


def askew(x: torch.Tensor) -> torch.Tensor:
    """The same plates cut out by worse corners: leaning, turned, shifted and scaled, as the detector's are off.

    The spread is twice what the refinement of the corners leaves on validation plates: 3 % of height, 2 % of width.
    """
    n = x.shape[0]
    spread = torch.tensor([[0.03, 0.04, 0.025], [0.08, 0.05, 0.05]])
    change = torch.randn(n, 2, 3) * spread * (torch.rand(n, 1, 1) < 0.75)
    grid = nn.functional.affine_grid(torch.eye(2, 3) + change, list(x.shape), align_corners=False)
    return nn.functional.grid_sample(x, grid, padding_mode="border", align_corners=False)


def jitter(x: torch.Tensor) -> torch.Tensor:
    """Other light, colours, a shift of a few pixels and sometimes a patch over it; another view of the same sample."""
    n = x.shape[0]
    gain = torch.exp(torch.randn(n, 1, 1, 1) * 0.15 + torch.randn(n, 3, 1, 1) * 0.05)
    x = ((x - 0.5) * torch.exp(torch.randn(n, 1, 1, 1) * 0.15) + 0.5) * gain + torch.randn(n, 1, 1, 1) * 0.04
    x = x + torch.randn(x.shape) * (torch.rand(n, 1, 1, 1) * 0.04)
    x = askew(x)
    if torch.rand(()) < 0.3:
        top, left = int(torch.randint(0, 38, ())), int(torch.randint(0, 114, ()))
        x[: n // 4, :, top : top + 10, left : left + 12] = torch.rand(n // 4, 3, 1, 1)
    return x.clamp(0, 1)


def loss_of(chars: torch.Tensor, kinds: torch.Tensor, codes: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    text = nn.functional.cross_entropy(chars.flatten(0, 1).float(), codes.flatten(), label_smoothing=0.03)
    return text + 0.15 * nn.functional.cross_entropy(kinds.float(), truth, label_smoothing=0.03)


@torch.no_grad()
def answers(net: nn.Module, images: npt.NDArray[np.uint8]) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits of characters and kinds."""
    net.eval()
    parts = [net(tensor(images[i : i + 256])) for i in range(0, len(images), 256)]
    return torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts])


def exact(net: nn.Module, data: Set) -> tuple[float, float]:
    """Share of samples whose whole text, and whose kind, is right."""
    chars, kinds = answers(net, data.images)
    whole = (chars.argmax(-1).numpy() == data.codes).all(1).mean()
    return float(whole), float((kinds.argmax(-1).numpy() == data.kinds).mean())


@torch.no_grad()
def follow(average: nn.Module, net: nn.Module, keep: float) -> None:
    for old, new in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
        if old.dtype.is_floating_point:
            old.mul_(keep).add_(new, alpha=1 - keep)
        else:
            old.copy_(new)


def chances(kinds: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """How likely each sample is to be drawn into a batch, running sum."""
    weights = np.array([HARD.get(kind, 1.0) for kind in PlateKind])[kinds]
    return np.asarray(np.cumsum(weights) / weights.sum(), np.float64)


def batch(
    drawn: Set, real: Set, sums: npt.NDArray[np.float64], rng: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    count = round(BATCH * REAL_SHARE)
    i = np.minimum(np.searchsorted(sums, np.sort(rng.random(BATCH - count))), len(sums) - 1)
    j = np.sort(rng.integers(len(real.kinds), size=count))
    x = tensor(np.concatenate([real.images[j], drawn.images[i]]))
    codes = torch.from_numpy(np.concatenate([real.codes[j], drawn.codes[i]])).long()
    return (
        jitter(x).contiguous(memory_format=torch.channels_last),
        codes,
        torch.from_numpy(np.concatenate([real.kinds[j], drawn.kinds[i]])).long(),
    )


def fit(net: ReaderNet, drawn: Set, real: Set, held: dict[str, Set], minutes: float, rate: float, out: Path) -> None:
    """Trains for ``minutes`` and writes the averaged weights to ``out`` at every report."""
    rng, average, sums = np.random.default_rng(0), copy.deepcopy(net), chances(drawn.kinds)
    optimiser = torch.optim.AdamW(net.parameters(), rate, weight_decay=0.02)
    begun, told, step, running = time.monotonic(), 0.0, 0, 0.0
    while (used := (time.monotonic() - begun) / 60 / minutes) < 1:
        warm = min(1.0, (step + 1) / 150)
        for group in optimiser.param_groups:
            group["lr"] = rate * warm * (0.5 + 0.5 * math.cos(math.pi * used)) + 1e-6
        x, codes, kinds = batch(drawn, real, sums, rng)
        net.train()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            chars_out, kinds_out = net(x)
        loss = loss_of(chars_out, kinds_out, codes, kinds)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        step += 1
        running = 0.98 * running + 0.02 * float(loss.detach())
        follow(average, net, min(0.998, step / (step + 20)))
        if used - told > 0.1:
            told = used
            report(average, held, step, running, used * minutes, out)
    report(average, held, step, running, minutes, out)


def report(net: ReaderNet, held: dict[str, Set], step: int, loss: float, minutes: float, out: Path) -> None:
    scores = {name: tuple(round(v, 4) for v in exact(net, data)) for name, data in held.items()}
    print(f"{minutes:.1f} min, step {step}, loss {loss:.3f}, exact text and kind {scores}", flush=True)
    torch.save(net.state_dict(), out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--init", type=Path, help="weights to go on from")
    args = parser.parse_args()
    torch.manual_seed(0)
    drawn = load(sorted(args.set.glob("train_[0-9]*")))
    real = load([args.set / "train_real"])
    held = {"drawn": load([args.set / "val"]), "real": load([args.set / "real_val"])}
    net = ReaderNet().to(memory_format=torch.channels_last)
    if args.init:
        # Blocks that the earlier network did not have begin as they are made.
        net.load_state_dict(torch.load(args.init), strict=False)
    print(f"{len(drawn.kinds)} drawn, {len(real.kinds)} real, {sum(p.numel() for p in net.parameters())} parameters")
    args.out.mkdir(parents=True, exist_ok=True)
    fit(net, drawn, real, held, args.minutes, args.rate, args.out / "reader.pt")


if __name__ == "__main__":
    main()
