"""How exactly a training calculates: in half the bits where the processor is made for it.

On one that is not, every multiplication in bfloat16 is put together from others: twelve times slower than float32,
measured on an AVX2 machine.
"""

from __future__ import annotations

import torch


def fast(device: str = "cpu") -> torch.autocast:
    """A context in which the forward pass of a training runs: bfloat16 where that is faster, else as it is."""
    made_for_it = device != "cpu" or torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.autocast(device, dtype=torch.bfloat16, enabled=made_for_it)
