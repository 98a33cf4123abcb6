"""Detector training as ultralytics does it, with what two CPU cores need and what left and right need.

On a CPU the forward pass runs in bfloat16 where that is faster (half the time on processors made for it), while the
loss, whose box arithmetic would lose half a cell in bfloat16, stays in float32. A mirrored picture of labels with a
side gets the mirrored labels. Both are patches of ultralytics 8.4, proved to be in force by `datasets.train`.
"""

from __future__ import annotations

import random as stdlib_random
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from ultralytics.data import augment as ultra_augment
from ultralytics.nn.tasks import BaseModel

from datasets.training.mirror import mirrored
from datasets.training.precision import fast


def floats(value: Any) -> Any:
    """The same nest of tensors in float32."""
    if isinstance(value, torch.Tensor):
        return value.float() if value.dtype == torch.bfloat16 else value
    if isinstance(value, dict):
        return {k: floats(v) for k, v in value.items()}
    return type(value)(floats(v) for v in value) if isinstance(value, (list, tuple)) else value


def loss_in_float32(self: Any, batch: dict[str, Any], preds: Any = None) -> Any:
    """`BaseModel.loss` with the forward pass in bfloat16 on a CPU."""
    if getattr(self, "criterion", None) is None:
        self.criterion = self.init_criterion()
    if preds is None:
        image = batch["img"]
        with fast():
            preds = floats(self.forward(image.contiguous(memory_format=torch.channels_last)))
    return self.criterion(preds, batch)


class SidedFlip(ultra_augment.RandomFlip):
    """Mirror that swaps the classes whose name has a side."""

    swap: np.ndarray | None = None
    p: float

    def __call__(self, labels: dict[str, Any]) -> dict[str, Any]:
        flip = stdlib_random.random() < self.p
        chance, self.p = self.p, float(flip)
        out: dict[str, Any] = super().__call__(labels)
        self.p = chance
        if flip and self.direction == "horizontal" and SidedFlip.swap is not None and len(out["cls"]):
            out["cls"] = SidedFlip.swap[out["cls"].astype(int)].astype(out["cls"].dtype)
        return out


def patch(labels: Sequence[str]) -> None:
    """Puts both changes in force for detectors of these labels."""
    BaseModel.loss = loss_in_float32
    SidedFlip.swap = np.array(mirrored(labels))
    ultra_augment.RandomFlip = SidedFlip
