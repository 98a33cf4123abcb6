"""`python -m datasets.plates.make_reader_set --out DIR [--seed N] [--parts N]`: the plate reader's training set.

Writes folders `train_*`, `val`, `real_val`, each with ``images.npy`` uint8 RGB (N, 88, 200, 3), ``codes.npy`` uint8
(N, 9) into "blank + ALPHABET" and ``kinds.npy`` uint8 (N,) into the order of `PlateKind`. Drawn plates are put into
train photos in perspective, seen through a camera, and cut out with a margin by their true corners; training cuts
them anew by wrong ones. Real train crops are repeated with other errors. What is no whole Chinese plate (pieces,
foreign and upside-down plates, street) is kind ``other`` and has no text.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from datasets.plates.reader_samples import KINDS, Sample, framed, make, real_crops, repeated, stock
from datasets.splits import shared_folder
from vision.plate_grammar import ALPHABET, MAX_LENGTH

PART: Final = 8000
Codes = npt.NDArray[np.uint8]


def encode(text: str) -> Codes:
    """Text as codes into blank + ALPHABET, padded with blanks to `MAX_LENGTH`."""
    codes = np.zeros(MAX_LENGTH, np.uint8)
    codes[: len(text)] = [ALPHABET.index(c) + 1 for c in text]
    return codes


def save(folder: Path, samples: list[Sample]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "images.npy", np.stack([s.pixels for s in samples]))
    np.save(folder / "codes.npy", np.stack([encode(s.text) for s in samples]))
    np.save(folder / "kinds.npy", np.array([KINDS.index(s.kind) for s in samples], np.uint8))


def _part(job: tuple[Path, Path, str, int, int]) -> None:
    shared, out, split, count, seed = job
    cv2.setNumThreads(1)
    save(out, make(stock(shared, split), count, seed))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=shared_folder())
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--parts", type=int, default=8, help="of PART drawn samples each")
    parser.add_argument("--repeats", type=int, default=8)
    args = parser.parse_args()
    save(args.out / "real_val", [Sample(framed(p, q), t, k) for p, q, t, k in real_crops(args.shared, "val")])
    save(args.out / "train_real", repeated(args.shared, args.repeats, args.seed))
    jobs = [(args.shared, args.out / "val", "val", PART // 4, args.seed + 1000)]
    jobs += [(args.shared, args.out / f"train_{i:02d}", "train", PART, args.seed + i) for i in range(args.parts)]
    # Forked children would wait for threads of OpenCV that they do not have.
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(_part, jobs))


if __name__ == "__main__":
    main()
