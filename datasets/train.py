"""`python -m datasets.train ROLE --data FOLDER --out FOLDER`: makes the weights of one role, from seed and recipe.

Runs in the training environment (`make train-env`). The only importer of ultralytics besides `datasets.export`
(and of the patches in `datasets.training.detector`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import datasets.torchvision_cpu  # noqa: F401  (must come before ultralytics: it makes torchvision importable)

# isort: split
import torch
import yaml
from torch import nn
from ultralytics import YOLO

from datasets.scenes.training_share import view_samples
from datasets.training import detection_sets, outline_sets, photos, views
from datasets.training.classifier import Heads, Recipe, fit, predict
from datasets.training.detector import patch
from datasets.training.samples import Boxes, Sample

BACKBONES = {"yolo11n": 11, "yolo11n-cls": 10}
"""Net -> how many of its first layers a classifier stands on; they end in 256 channels at 1/32."""
HEADS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "view": (("view", views.LABELS),),
    "photo": (("framing", photos.LABELS), ("turn", photos.TURNS)),
}
"""Role of a classifier -> its heads, each with its labels."""
DETECTORS = ("damage", "parts", "plate_detector", "vehicle")


def open_yolo(weights: Path) -> Any:
    """A trained net of ultralytics, as it was saved."""
    return YOLO(str(weights))


def backbone(model: str, init: Path | None) -> nn.Sequential:
    """The feature part of a net, seeded from detector weights where some are given."""
    net = YOLO(f"{model}.yaml", verbose=False)
    net = net.load(str(init)) if init else net
    return nn.Sequential(*list(net.model.model.children())[: BACKBONES[model]])


def classifier(role: str, model: str, init: Path | None = None, frozen: int = 0) -> Heads:
    """The untrained net of a classifier's role."""
    return Heads(backbone(model, init), 256, [len(labels) for _, labels in HEADS[role]], frozen)


def boxes_of(path: Path) -> Boxes:
    """Vehicle boxes that `datasets.pseudo` found: sha256 -> [(box, score)]."""
    read = json.loads(path.read_text())
    return {sha: [((b[0], b[1], b[2], b[3]), b[-1]) for b in found["boxes"]] for sha, found in read.items()}


def train_view(args: argparse.Namespace) -> nn.Module:
    """Nine outputs: the eight views and `high_angle`."""
    boxes = boxes_of(args.boxes)
    train = views.samples(args.data, "train", boxes) + views.street(args.data)
    train += view_samples(args.rendered) if args.rendered else []
    held = views.samples(args.data, "val", boxes)
    pictures, truth = [views.plain(s) for s in held], np.array([s.targets[0] for s in held])

    def check(net: Heads) -> str:
        return f"val accuracy {(predict(net, pictures)[0].argmax(1) == truth).mean():.3f}"

    print(f"{len(train)} train, {len(held)} val", flush=True)
    recipe = Recipe(args.epochs, seed=args.seed, close=views.neighbours())
    return fit(classifier("view", args.model, args.init, args.frozen), train, views.augment, recipe, check)


def train_photo(args: argparse.Namespace) -> nn.Module:
    """Framing and rotation of a whole photo."""
    boxes = boxes_of(args.boxes)

    def made(split: str, documents: int, seed: int) -> list[Sample]:
        found = photos.labelled(args.data, split) + photos.street(args.data, split, boxes)
        return found + photos.documents(documents, seed)

    train, held = photos.repeated(made("train", 240, 1)), made("val", 40, 2)
    pictures, truth = [photos.plain(s) for s in held], np.array([s.targets for s in held])

    def check(net: Heads) -> str:
        guess = np.stack([p.argmax(1) for p in predict(net, pictures)], 1)
        told = truth[:, 0] >= 0
        return f"val framing {(guess == truth)[told, 0].mean():.3f} upright {(guess == truth)[:, 1].mean():.3f}"

    print(f"{len(train)} train, {len(held)} val", flush=True)
    recipe = Recipe(args.epochs, seed=args.seed, close=photos.neighbours())
    return fit(classifier("photo", args.model, args.init, args.frozen), train, photos.augment, recipe, check)


def train_detector(args: argparse.Namespace) -> None:
    """Trains on a written folder (``--set``), or on the folder that the role makes of the data.

    A run that was stopped goes on where its last epoch ended: the same command again, with the same ``--out``.
    """
    last = args.out / "run" / "weights" / "last.pt"
    source = args.set or (
        outline_sets.make(args.data, args.out / "set")
        if args.model.endswith("-seg")
        else detection_sets.make(args.role, args.data, args.out / "set")
    )
    labels: Sequence[str] = list(yaml.safe_load(source.read_text())["names"].values())
    patch(labels)
    # A seed that has the role's own head is trained on; any other gives its features to a new net.
    if stopped(last):
        open_yolo(last).train(resume=True)
        return
    net = open_yolo(args.init) if args.same_head else YOLO(f"{args.model}.yaml", verbose=False).load(str(args.init))
    net.add_callback("on_pretrain_routine_end", lambda t: t.model.to(memory_format=torch.channels_last))
    net.train(data=str(source), **settings(args))


def stopped(last: Path) -> bool:
    """Whether a run left a checkpoint with epochs still to go; a finished one is stripped of its optimizer."""
    return last.is_file() and torch.load(last, map_location="cpu", weights_only=False).get("optimizer") is not None


def settings(args: argparse.Namespace) -> dict[str, Any]:
    """What ultralytics is told. Mixup, copy-paste and vertical flips are left at their default: off."""
    return {
        "epochs": args.epochs,
        "imgsz": args.imgsz,
        "batch": args.batch,
        "seed": args.seed,
        "project": str(args.out.resolve()),
        "name": "run",
        "exist_ok": True,
        "optimizer": "AdamW",
        "lr0": args.rate,
        "cos_lr": True,
        "warmup_epochs": 1.0,
        "close_mosaic": max(args.epochs // 4, 1),
        "degrees": 5.0,
        "cache": "ram",
        "workers": 1,
        "plots": False,
        "val": False,
        "amp": torch.cuda.is_available(),
        "device": 0 if torch.cuda.is_available() else "cpu",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("role", choices=(*HEADS, *DETECTORS))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--init", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--boxes", type=Path, help="vehicle boxes of datasets.pseudo, for view")
    parser.add_argument("--rendered", type=Path, help="crops of datasets.scenes.training_share, for view")
    parser.add_argument("--set", type=Path, help="a written data.yaml, in place of the role's own")
    parser.add_argument("--same-head", action="store_true", help="the seed weights have the role's own labels")
    parser.add_argument("--frozen", type=int, default=0, help="first layers of a classifier that are not trained")
    parser.add_argument("--model", default="yolo11n")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--imgsz", type=int, default=480)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    if args.role in DETECTORS:
        train_detector(args)
        return
    net = {"view": train_view, "photo": train_photo}[args.role](args)
    torch.save(net.state_dict(), args.out / f"{args.role}.pt")


if __name__ == "__main__":
    main()
