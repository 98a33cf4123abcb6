"""Means of a network's map over a place: average over the cells that a box covers, by their covered share.

After Ren et al., Faster R-CNN, NeurIPS 2015, and He et al., Mask R-CNN, ICCV 2017 (RoIAlign).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vision.types import Box

Floats = npt.NDArray[np.float32]


def covered(low: float, high: float, cells: int) -> Floats:
    """How much of each of ``cells`` on 0..1 lies between the two, as shares of 1; a point takes its one cell."""
    edges = np.arange(cells + 1) / cells
    shares = np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0, None)
    if shares.sum() <= 0:
        shares[min(max(int((low + high) / 2 * cells), 0), cells - 1)] = 1
    return np.asarray(shares / shares.sum(), np.float32)


def pool(values: npt.NDArray[np.floating], place: Box) -> Floats:
    """Mean of a map (channels, h, w) over a place in shares of the square: (channels,)."""
    _, h, w = values.shape
    rows, columns = covered(place[1], place[3], h), covered(place[0], place[2], w)
    return np.asarray((values @ columns) @ rows, np.float32)
