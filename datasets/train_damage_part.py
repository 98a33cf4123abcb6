"""`python -m datasets.train_damage_part --data DATA --init parts.pt`: learns `vision.models.damage_part`.

Runs in the training environment, half an hour on two cores. The backbone is that of the parts network; it learns on
from labelled damages and, as many again, from places on parts whose boxes are known. A label may name several parts,
and any of them is right: the loss is minus the logarithm of their joint chance.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from torch import nn

from datasets.onnx_files import sealed
from datasets.train import backbone
from datasets.training.classifier import follow, tensor
from datasets.training.damage_part_net import PartNet
from datasets.training.damage_part_set import (
    LABELS,
    Place,
    Views,
    damages,
    flipped,
    on_a_part,
    parted,
    varied,
)
from datasets.training.precision import fast
from vision.models.card import WEIGHTS
from vision.models.damage_part import SIDE, around, placed, seen, whole
from vision.types import Box, Pixels

EPOCHS, BATCH, PLACES = 20, 32, 1500
"""``PLACES``: on parts, drawn anew for each epoch."""
BODY_RATE, HEAD_RATE, DECAY, SMOOTHING = 4e-4, 1.5e-3, 0.05, 0.03
FOLDS = 4
Array = npt.NDArray[np.float32]
Parted = Sequence[tuple[Pixels, Sequence[tuple[int, Box]], str]]


class Chances(nn.Module):
    """What is exported: photo (1, S, S, 3) and surroundings (n, S, S, 3) uint8 RGB, places (n, 2, 4); chances out."""

    def __init__(self, net: PartNet, temperature: float) -> None:
        super().__init__()
        self.net, self.temperature = net, temperature

    def forward(self, photo: torch.Tensor, near: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        logits = self.net(*(x.permute(0, 3, 1, 2).float() / 255 for x in (photo, near)), places)
        return (logits / self.temperature).softmax(1)


def lost(logits: torch.Tensor, places: Sequence[Place]) -> torch.Tensor:
    """Minus the logarithm of the joint chance of all that is right, (n,)."""
    right = torch.zeros_like(logits)
    for row, place in zip(right, places, strict=True):
        row[list(place.right)] = 1
    return -torch.logsumexp(logits.log_softmax(1).masked_fill(right == 0, -1e9), 1)


def loss_of(logits: torch.Tensor, places: Sequence[Place]) -> torch.Tensor:
    """Their mean by the places' weights, less a share of the mean logarithm of all chances: labels are smoothed."""
    weights = torch.tensor([place.weight for place in places])
    return (lost(logits, places) * weights).sum() / weights.sum() - SMOOTHING * logits.log_softmax(1).mean()


def inputs(views: Sequence[Views]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """What `PartNet` takes: photos and surroundings (n, 3, S, S) in 0..1, places (n, 2, 4)."""
    device = torch.device("cpu")
    places = torch.tensor([v.places for v in views], dtype=torch.float32)
    return tensor([v.afar for v in views], device), tensor([v.near for v in views], device), places


def fit(net: PartNet, told: Sequence[Place], known: Parted, seed: int) -> PartNet:
    """Trains the net and returns the running average of its weights; prints a line an epoch."""
    average, rng = deepcopy(net).eval(), np.random.default_rng(seed)
    batches = (len(told) + PLACES) // BATCH
    optimiser = optimiser_of(net)
    rates = [group["lr"] for group in optimiser.param_groups]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=EPOCHS * batches, pct_start=0.15)
    items: list[Place | None] = [*told, *[None] * PLACES]
    done = 0
    with ThreadPoolExecutor(2) as pool:
        for epoch in range(EPOCHS):
            began, losses = time.monotonic(), []
            order = rng.permutation(len(items))
            net.train()
            for chosen in order[: batches * BATCH].reshape(batches, BATCH):
                made = list(pool.map(lambda one: _made(*one), [(items[k], known, rng.spawn(1)[0]) for k in chosen]))
                losses.append(_step(net, optimiser, made))
                schedule.step()
                done += 1
                follow(average, net, min(0.998, done / (done + 10)))
            print(f"epoch {epoch} loss {np.mean(losses):.3f} {time.monotonic() - began:.0f} s", flush=True)
    return average


def optimiser_of(net: PartNet) -> torch.optim.AdamW:
    """The head's weights learn faster than the backbone, which knows parts already; biases and norms do not decay."""
    plain = [p for p in net.parameters() if p.ndim <= 1]
    body, head = ([p for p in part.parameters() if p.ndim > 1] for part in (net.backbone, net.head))
    kinds = ((body, BODY_RATE, DECAY), (plain, BODY_RATE, 0.0), (head, HEAD_RATE, DECAY))
    return torch.optim.AdamW([{"params": p, "lr": rate, "weight_decay": decay} for p, rate, decay in kinds])


def _step(net: PartNet, optimiser: torch.optim.Optimizer, made: Sequence[tuple[Place, Views]]) -> float:
    with fast():
        logits = net(*inputs([views for _, views in made]))
    loss = loss_of(logits.float(), [place for place, _ in made])
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimiser.step()
    return float(loss.detach())


def _made(place: Place | None, known: Parted, rng: np.random.Generator) -> tuple[Place, Views]:
    if place is None:
        pixels, boxes, _ = known[int(rng.integers(len(known)))]
        place = on_a_part(pixels, boxes, rng)
    place = flipped(place) if rng.random() < 0.5 else place
    return place, varied(place, rng)


def plain(place: Place) -> Views:
    """As the product looks at it."""
    everything, close = whole(place.pixels), around(place.box, place.pixels)
    pictures = seen(place.pixels, everything), seen(place.pixels, close)
    return Views(*pictures, (placed(place.box, everything), placed(place.box, close)))


@torch.no_grad()
def logits_of(net: PartNet, places: Sequence[Place]) -> Array:
    """Logits (n, labels) of places as the product looks at them."""
    parts = [net(*inputs([plain(p) for p in places[k : k + BATCH]])) for k in range(0, len(places), BATCH)]
    return np.asarray(torch.cat(parts).float().numpy(), np.float32)


def temperature_of(logits: Array, places: Sequence[Place]) -> float:
    """That at which what is right was likeliest, after Guo et al., On Calibration of Modern Neural Networks, 2017."""
    given, tried = torch.from_numpy(logits), np.exp(np.linspace(np.log(0.5), np.log(4.0), 60))
    return float(min(tried, key=lambda t: float(lost(given / float(t), places).mean())))


def proof(net: PartNet, told: Sequence[Place], known: Parted, seed: int) -> str:
    """Share told right on the quarter of claims held back, and the temperature that fits them.

    The parts network it starts from has seen boxes of parts on some of these photos, but no damage.
    """
    held = [p for p in told if p.claim % FOLDS == 0]
    shown = {p.photo for p in held}
    rest = [item for item in known if item[2] not in shown]
    logits = logits_of(fit(net, [p for p in told if p.claim % FOLDS], rest, seed), held)
    right = np.array([int(row.argmax()) in p.right for row, p in zip(logits, held, strict=True)])
    none = np.array([p.right == (len(LABELS) - 1,) for p in held])
    shares = f"{right[~none].mean():.3f} of {(~none).sum()} on a part, {right[none].mean():.3f} of {none.sum()} on none"
    return f"{shares}; temperature {temperature_of(logits, held):.2f}"


def graph(net: PartNet, temperature: float) -> onnx.ModelProto:
    """``photo`` (1, S, S, 3) and ``near`` (n, S, S, 3), uint8 RGB, and ``places`` (n, 2, 4) to ``chances``."""
    picture = torch.zeros(1, SIDE, SIDE, 3, dtype=torch.uint8)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.onnx"
        torch.onnx.export(
            Chances(net, temperature).eval(), (picture, picture.repeat(2, 1, 1, 1), torch.zeros(2, 2, 4)), path,
            input_names=["photo", "near", "places"], output_names=["chances"],
            dynamic_axes={"near": {0: "n"}, "places": {0: "n"}, "chances": {0: "n"}},
            opset_version=17, dynamo=False,
        )  # fmt: skip
        model = onnx.load(path)
    return sealed(model, LABELS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--init", type=Path, required=True, help="weights of the parts network, or of COCO's")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--proof", action="store_true", help="only train on three quarters of the claims")
    parser.add_argument("--temperature", type=float, default=1.0, help="that --proof printed")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "damage_part.onnx")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    told, known = damages(args.data), parted(args.data)
    print(f"{len(told)} damages, {len(known)} photos with parts", flush=True)
    net = PartNet(backbone("yolo11n", args.init), len(LABELS)).to(memory_format=torch.channels_last)
    if args.proof:
        print(proof(net, told, known, args.seed), flush=True)
        return
    onnx.save(graph(fit(net, told, known, args.seed), args.temperature), args.out)


if __name__ == "__main__":
    main()
