"""`python -m datasets.plates.make_corner_set --out DIR [--seed N] [--parts N]`: plates cut out by wrong corners.

Folders `train_*`, `val`, `real_val` as of `make_reader_set`, but ``images.npy`` holds the plate with a margin (N, 144,
256, 3) and ``corners.npy`` float32 (N, 4, 2) where its corners truly are there, in shares of width and height. The
corners' errors are spread as the detector's on validation pictures. `other` samples are foreign plates.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from datasets.plates.make_reader_set import encode
from datasets.plates.place import Quad, rectangle
from datasets.plates.reader_samples import KINDS, Stock, drawn_scene, real_crops, stock
from datasets.plates.wear import camera
from datasets.splits import shared_folder
from vision.models.plate_reader import CANVAS_WH, INSET
from vision.types import Pixels, PlateKind

PART = 4000
PARTS = 3
REPEATS = 3
"""Times each real train crop is seen, by other corners."""


@dataclass(frozen=True, slots=True)
class Sample:
    pixels: Pixels
    corners: npt.NDArray[np.float32]
    text: str
    kind: PlateKind


def off(quad: Quad, rng: np.random.Generator) -> Quad:
    """The corners as the detector may give them: turned, scaled, shifted, twisted, leaning."""
    size = float(rng.choice([0.15, 0.5, 1.0, 1.8]))
    roll, tall, down, twist = rng.normal((0, -0.04, 0, 0), (0.2, 0.1, 0.045, 0.08)) * size
    wide, aside, lean = rng.normal(0, (0.045, 0.022, 0.045)) * size
    right = ((quad[1] - quad[0]) + (quad[2] - quad[3])) / 2
    below = ((quad[3] - quad[0]) + (quad[2] - quad[1])) / 2
    out = quad.astype(np.float64)
    for i, (sx, sy) in enumerate(((-1, -1), (1, -1), (1, 1), (-1, 1))):
        dy = roll / 2 * sx + tall / 2 * sy + down + twist / 2 * sx * sy
        out[i] += right * (wide / 2 * sx + aside + lean / 2 * sy) + below * dy
    return (out + rng.normal(0, 0.004, (4, 2)) * float(np.linalg.norm(right))).astype(np.float32)


def canvas(picture: Pixels, truth: Quad, rng: np.random.Generator) -> tuple[Pixels, npt.NDArray[np.float32]]:
    """The plate cut out by wrong corners with its margin, and the true corners there in shares."""
    turn = cv2.getPerspectiveTransform(off(truth, rng), INSET)
    flags = cv2.INTER_LINEAR
    made = cv2.warpPerspective(picture, turn, CANVAS_WH, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.perspectiveTransform(truth[None].astype(np.float32), turn)[0]
    return np.asarray(made, np.uint8), np.asarray(seen / np.array(CANVAS_WH), np.float32)


def sample(store: Stock, rng: np.random.Generator) -> Sample:
    if store.foreign and rng.random() < 0.1:
        picture, quad = store.foreign[int(rng.integers(len(store.foreign)))]
        return Sample(*canvas(camera(picture, rng, 0.5), quad, rng), "", PlateKind.OTHER)
    plate, scene, quad = drawn_scene(store, rng)
    return Sample(*canvas(scene, quad, rng), plate.text, plate.kind)


def real(shared: Path, split: str, repeats: int, seed: int) -> list[Sample]:
    """Real crops, each ``repeats`` times; where the seed saw no corners the whole picture is no truth."""
    rng = np.random.default_rng(seed)
    return [
        Sample(*canvas(camera(pixels, rng, 0.5) if split == "train" else pixels, quad, rng), text, kind)
        for pixels, quad, text, kind in real_crops(shared, split)
        if not np.array_equal(quad, rectangle(pixels.shape[1], pixels.shape[0]))
        for _ in range(repeats)
    ]


def save(folder: Path, samples: list[Sample]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "images.npy", np.stack([s.pixels for s in samples]))
    np.save(folder / "corners.npy", np.stack([s.corners for s in samples]))
    np.save(folder / "codes.npy", np.stack([encode(s.text) for s in samples]))
    np.save(folder / "kinds.npy", np.array([KINDS.index(s.kind) for s in samples], np.uint8))


def _part(job: tuple[Path, Path, str, int, int]) -> None:
    shared, out, split, count, seed = job
    cv2.setNumThreads(1)
    rng, store = np.random.default_rng(seed), stock(shared, split)
    save(out, [sample(store, rng) for _ in range(count)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=shared_folder())
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=500)
    parser.add_argument("--parts", type=int, default=PARTS, help="of PART drawn samples each; 0 to export a reader")
    args = parser.parse_args()
    jobs = [(args.shared, args.out / f"train_{i}", "train", PART, args.seed + i) for i in range(args.parts)]
    jobs.append((args.shared, args.out / "val", "val", PART // 2, args.seed + 1000))
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(_part, jobs))
    save(args.out / "train_real", real(args.shared, "train", REPEATS, args.seed))
    save(args.out / "real_val", real(args.shared, "val", 1, args.seed))


if __name__ == "__main__":
    main()
