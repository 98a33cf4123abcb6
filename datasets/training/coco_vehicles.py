"""A detector of 80 COCO classes cut down to the five kinds of vehicle: same weights, smaller head."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from vision.types import VehicleKind

COCO = {"bicycle": 1, "car": 2, "motorcycle": 3, "bus": 5, "truck": 7}
"""Class numbers of the 80-class COCO list that detectors use."""
LABELS = tuple(k.value for k in VehicleKind)


def cut(net: Any) -> Any:
    """The same YOLO with a head for `LABELS` only. ``net``: an `ultralytics.YOLO` of 80 classes; changed in place."""
    head = net.model.model[-1]
    chosen = torch.tensor([COCO[label] for label in LABELS])
    for branch in head.cv3:
        old = branch[-1]
        new = nn.Conv2d(old.in_channels, len(LABELS), 1)
        new.weight.data = old.weight.data[chosen].clone()
        new.bias.data = old.bias.data[chosen].clone()
        branch[-1] = new
    head.nc = len(LABELS)
    head.no = head.nc + head.reg_max * 4
    net.model.nc = len(LABELS)
    net.model.names = dict(enumerate(LABELS))
    net.model.yaml["nc"] = len(LABELS)
    return net
