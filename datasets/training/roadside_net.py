"""The detector of roadside things: COCO's yolo11n whose head keeps the classes that resemble ours, trained above its
backbone. On a photo of which only some kinds of things are known, the others neither count as there nor as absent."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import datasets.torchvision_cpu  # noqa: F401  (must come before ultralytics: it makes torchvision importable)

# isort: split
import torch
from torch import nn
from ultralytics import YOLO
from ultralytics.utils.loss import v8DetectionLoss

from datasets.training.detector import floats
from datasets.training.precision import fast
from vision.models.roadside import LABELS

RESEMBLES = {
    "traffic_light": 9, "traffic_sign": 11, "pole": 12, "tree": 58, "bollard": 10, "guard_rail": 13, "wall": 13,
}  # fmt: skip
"""COCO's traffic light, stop sign, parking meter, potted plant, fire hydrant, bench."""
BACKBONE = 10
"""Layers that stay as they are."""
GAINS = SimpleNamespace(box=7.5, cls=0.5, dfl=1.5)


class KnownOnly(nn.Module):
    """Cross-entropy (batch, cells, labels) that is zero where it is not known whether such a thing is there."""

    def __init__(self) -> None:
        super().__init__()
        self.known = torch.ones(1, 1, len(LABELS))

    def forward(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        loss = nn.functional.binary_cross_entropy_with_logits(scores, targets, reduction="none")
        return loss * torch.maximum(self.known, (targets > 0).float())


def seeded(init: Path) -> Any:
    """The detector of COCO with our labels, as an object of ultralytics."""
    yolo = YOLO(str(init))
    net = yolo.model
    head = net.model[-1]
    rows = torch.tensor([RESEMBLES[label] for label in LABELS])
    for branch in head.cv3:
        old: nn.Conv2d = branch[-1]
        new = nn.Conv2d(old.in_channels, len(LABELS), 1)
        with torch.no_grad():
            assert old.bias is not None and new.bias is not None
            new.weight.copy_(old.weight[rows])
            new.bias.copy_(old.bias[rows])
        branch[-1] = new
    head.nc, head.no = len(LABELS), len(LABELS) + 4 * head.reg_max
    net.nc, net.yaml["nc"], net.names = len(LABELS), len(LABELS), dict(enumerate(LABELS))
    return yolo


def opened(weights: Path) -> Any:
    """What `save` wrote."""
    return YOLO(str(weights))


def prepared(yolo: Any) -> tuple[nn.Module, v8DetectionLoss, KnownOnly]:
    """The net ready for training above its backbone, its loss, and what tells the loss which labels are known.

    Running means of normalisation stay those of COCO: batches are too small to measure better ones.
    """
    net: Any = yolo.model.float().to(memory_format=torch.channels_last)
    net.args = GAINS
    net.eval()
    net.model[-1].train()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    for i, layer in enumerate(net.model):
        layer.requires_grad_(i >= BACKBONE)
    net.model[-1].dfl.requires_grad_(False)
    loss, known = v8DetectionLoss(net), KnownOnly()
    loss.bce = known
    return net, loss, known


def predictions(net: Any, planes: torch.Tensor) -> Any:
    """Raw predictions in float32 of pictures (n, 3, h, w) 0..1, through the backbone without gradients."""
    kept: list[Any] = []
    x: Any = planes.contiguous(memory_format=torch.channels_last)
    with fast():
        for i, layer in enumerate(net.model):
            with torch.set_grad_enabled(i >= BACKBONE):
                source = layer.f
                if source != -1:
                    x = kept[source] if isinstance(source, int) else [x if j == -1 else kept[j] for j in source]
                x = layer(x)
                kept.append(x if i in net.save else None)
    return floats(x)


def save(yolo: Any, average: nn.Module, path: Path) -> None:
    """Weights in ultralytics' own form, for `datasets.export`."""
    trained, yolo.model = yolo.model, average
    try:
        yolo.save(str(path))
    finally:
        yolo.model = trained
