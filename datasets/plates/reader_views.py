"""Pictures of plates as tensors (torch): cut out of their frames by right or wrong corners, in other light."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from datasets.plates.reader_net import READ_WH
from datasets.plates.reader_samples import FRAME_WH, INNER

Images = npt.NDArray[np.uint8]


def tensor(images: Images) -> torch.Tensor:
    x = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
    return x.contiguous(memory_format=torch.channels_last)


def inner() -> torch.Tensor:
    """What `affine_grid` needs to cut the plate out of its frame, (2, 3)."""
    (left, top), (right, bottom) = INNER[0], INNER[2]
    wide, high = FRAME_WH
    return torch.tensor(
        [
            [(right - left) / wide, 0, (left + right) / wide - 1],
            [0, (bottom - top) / high, (top + bottom) / high - 1],
        ]
    ).float()


def flat(frames: torch.Tensor, change: torch.Tensor) -> torch.Tensor:
    """The plates cut out of their frames; ``change`` (N, 2, 3) is added in units of the plate."""
    base = inner()
    scale = torch.stack([base[0, 0], base[1, 1]])
    matrix = torch.cat([torch.eye(2), torch.zeros(2, 1)], 1) + change
    matrix = matrix * scale[None, :, None]
    matrix[:, :, 2] += base[:, 2]
    grid = nn.functional.affine_grid(matrix, [len(frames), 3, READ_WH[1], READ_WH[0]], align_corners=False)
    return nn.functional.grid_sample(frames, grid, padding_mode="border", align_corners=False)


def askew(frames: torch.Tensor) -> torch.Tensor:
    """The plates cut out by corners that are off: leaning, turned, shifted and scaled.

    The spread is twice what the refinement of the corners leaves on validation plates: 3 % of height, 2 % of width.
    """
    n = len(frames)
    spread = torch.tensor([[0.035, 0.04, 0.03], [0.08, 0.06, 0.06]])
    size = (torch.rand(n, 1, 1) < 0.85).float() * (0.5 + torch.rand(n, 1, 1))
    mean = torch.tensor([[0.02, 0, 0], [0, 0.03, 0]])
    return flat(frames, torch.randn(n, 2, 3) * spread * size + mean * (size > 0))


def jitter(x: torch.Tensor) -> torch.Tensor:
    """Other light, colours, noise and sometimes a patch over the plate; another view of the same sample."""
    n = x.shape[0]
    gain = torch.exp(torch.randn(n, 1, 1, 1) * 0.15 + torch.randn(n, 3, 1, 1) * 0.05)
    x = ((x - 0.5) * torch.exp(torch.randn(n, 1, 1, 1) * 0.15) + 0.5) * gain + torch.randn(n, 1, 1, 1) * 0.04
    x = x + torch.randn(x.shape) * (torch.rand(n, 1, 1, 1) * 0.04)
    if torch.rand(()) < 0.3:
        top, left = int(torch.randint(0, 52, ())), int(torch.randint(0, 146, ()))
        x[: n // 4, :, top : top + 12, left : left + 14] = torch.rand(n // 4, 3, 1, 1)
    return x.clamp(0, 1)
