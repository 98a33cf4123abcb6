"""`python -m datasets.plates.train_reader --set DIR --out DIR [--steps N]`: trains the plate reader.

Runs in the training environment on folders of `make_reader_set`. The same set, seed and number of steps give the same
run; one that was broken off goes on from its last checkpoint. Writes `reader.pt` (averaged weights).
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
from datasets.plates.reader_views import askew, flat, jitter, tensor
from datasets.training.precision import fast

REAL_SHARE = 0.2
"""Share of a batch that is real crops."""
BATCH = 96
RATE = 2e-3
WARM = 200
"""Steps until the learning rate is full."""
EVERY = 500
"""Steps between reports, at which the run can be taken up again."""
OPENED = 32_000
"""Drawn samples that each report adds to those in use: a run may begin while its set is still being made."""
Images = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Set:
    images: tuple[Images, ...]
    """Of each folder, (N, h, w, 3) uint8 RGB, read from disk as it is needed."""
    starts: npt.NDArray[np.int64]
    """Number of the first sample of each folder."""
    codes: npt.NDArray[np.uint8]
    kinds: npt.NDArray[np.uint8]

    def pick(self, chosen: npt.NDArray[np.int64]) -> Images:
        """The chosen samples' pictures."""
        part = np.searchsorted(self.starts, chosen, side="right") - 1
        return np.stack([self.images[p][i - self.starts[p]] for p, i in zip(part, chosen, strict=True)])


def load(folders: list[Path]) -> Set:
    """The folders' samples one after the other."""
    images = tuple(np.load(f / "images.npy", mmap_mode="r") for f in folders)
    codes, kinds = (np.concatenate([np.load(f / f"{name}.npy") for f in folders]) for name in ("codes", "kinds"))
    return Set(images, np.cumsum([0, *(len(i) for i in images[:-1])]), codes, kinds)


def chances(data: Set) -> npt.NDArray[np.float64]:
    """How often each sample of ``data`` is drawn: all of a province together as the root of their number.

    Of the real crops four of five are from two provinces, and a reader that saw them so would guess these two.
    """
    _, province, count = np.unique(data.codes[:, 0], return_inverse=True, return_counts=True)
    weights = 1 / np.sqrt(count[province])
    return np.asarray(weights / weights.sum(), np.float64)


def drawn_parts(folder: Path) -> Set:
    """The drawn parts that are complete."""
    return load([p for p in sorted(folder.glob("train_[0-9]*")) if (p / "kinds.npy").exists()])


def loss_of(chars: torch.Tensor, kinds: torch.Tensor, codes: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    text = nn.functional.cross_entropy(chars.flatten(0, 1).float(), codes.flatten())
    return text + 0.1 * nn.functional.cross_entropy(kinds.float(), truth)


@torch.no_grad()
def answers(net: nn.Module, data: Set) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits of characters and kinds of plates cut out by their true corners."""
    net.eval()
    parts = []
    for i in range(0, len(data.kinds), 250):
        frames = tensor(data.pick(np.arange(i, min(i + 250, len(data.kinds)))))
        parts.append(net(flat(frames, torch.zeros(len(frames), 2, 3))))
    return torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts])


def exact(net: nn.Module, data: Set) -> tuple[float, float]:
    """Share of samples whose whole text, and whose kind, is right."""
    chars, kinds = answers(net, data)
    whole = (chars.argmax(-1).numpy() == data.codes).all(1).mean()
    return round(float(whole), 4), round(float((kinds.argmax(-1).numpy() == data.kinds).mean()), 4)


@torch.no_grad()
def follow(average: nn.Module, net: nn.Module, keep: float) -> None:
    for old, new in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
        if old.dtype.is_floating_point:
            old.mul_(keep).add_(new, alpha=1 - keep)
        else:
            old.copy_(new)


def batch(
    drawn: Set, pool: int, real: Set, often: npt.NDArray[np.float64], rng: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pictures, codes and kinds; drawn samples are taken from the first ``pool``, real ones by their `chances`."""
    count = round(BATCH * REAL_SHARE)
    i, j = rng.integers(pool, size=BATCH - count), rng.choice(len(real.kinds), size=count, p=often)
    x = jitter(askew(tensor(np.concatenate([real.pick(j), drawn.pick(i)]))))
    codes, kinds = (np.concatenate(p) for p in ((real.codes[j], drawn.codes[i]), (real.kinds[j], drawn.kinds[i])))
    return (
        x.contiguous(memory_format=torch.channels_last),
        torch.from_numpy(codes).long(),
        torch.from_numpy(kinds).long(),
    )


@dataclass(slots=True)
class Run:
    """What a checkpoint holds."""

    net: ReaderNet
    average: ReaderNet
    optimiser: torch.optim.AdamW
    rate: float = RATE
    step: int = 0

    def save(self, out: Path) -> None:
        state = {"net": self.net.state_dict(), "average": self.average.state_dict(), "step": self.step}
        torch.save({**state, "optimiser": self.optimiser.state_dict()}, out / "last.tmp")
        (out / "last.tmp").replace(out / "last.pt")
        torch.save(self.average.state_dict(), out / "reader.pt")

    def resume(self, path: Path) -> None:
        state = torch.load(path)
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step = int(state["step"])


def begin(init: Path | None, rate: float) -> Run:
    """From weights that an earlier run wrote, else from none."""
    net = ReaderNet().to(memory_format=torch.channels_last)
    if init is not None:
        net.load_state_dict(torch.load(init, map_location="cpu"))
    return Run(net, copy.deepcopy(net), torch.optim.AdamW(net.parameters(), rate, weight_decay=0.02), rate)


def step(run: Run, drawn: Set, real: Set, often: npt.NDArray[np.float64], steps: int) -> float:
    """One step of ``steps``; the loss. Samples and their views follow from the step's number."""
    torch.manual_seed(run.step)
    pool = min(len(drawn.kinds), OPENED * (1 + run.step // EVERY))
    x, codes, kinds = batch(drawn, pool, real, often, np.random.default_rng([0, run.step]))
    for group in run.optimiser.param_groups:
        warm = min(1.0, (run.step + 1) / WARM)
        group["lr"] = run.rate * warm * (0.5 + 0.5 * math.cos(math.pi * run.step / steps)) + 1e-6
    run.net.train()
    with fast():
        chars_out, kinds_out = run.net(x)
    loss = loss_of(chars_out, kinds_out, codes, kinds)
    run.optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(run.net.parameters(), 2.0)
    run.optimiser.step()
    run.step += 1
    follow(run.average, run.net, min(0.998, run.step / (run.step + 20)))
    return float(loss.detach())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=6_000)
    parser.add_argument("--until", type=int, help="stop at this step already; the learning rate falls as for all steps")
    parser.add_argument("--init", type=Path, help="a reader.pt to go on from, with a new fall of the learning rate")
    parser.add_argument("--rate", type=float, default=RATE)
    args = parser.parse_args()
    torch.manual_seed(0)
    drawn, real = drawn_parts(args.set), load([args.set / "train_real"])
    held = {"drawn": load([args.set / "val"]), "real": load([args.set / "real_val"])}
    run, begun, often = begin(args.init, args.rate), time.monotonic(), chances(real)
    print(
        f"{len(drawn.kinds)} drawn, {len(real.kinds)} real, {sum(p.numel() for p in run.net.parameters())} parameters"
    )
    args.out.mkdir(parents=True, exist_ok=True)
    if (args.out / "last.pt").exists():
        run.resume(args.out / "last.pt")
    losses: list[float] = []
    last = args.until or args.steps
    while run.step < last:
        losses.append(step(run, drawn, real, often, args.steps))
        if run.step % EVERY == 0 or run.step == last:
            scores = {name: exact(run.average, data) for name, data in held.items()}
            minutes, loss = (time.monotonic() - begun) / 60, float(np.mean(losses[-EVERY:]))
            print(f"{minutes:.1f} min, step {run.step}, loss {loss:.3f}, exact text and kind {scores}", flush=True)
            run.save(args.out)
            drawn = drawn_parts(args.set)


if __name__ == "__main__":
    main()
