"""`python -m datasets.plates.make_detector_set --out DIR [--seed N] [--count N]`: the plate detector's training set.

Ultralytics pose format: images/{train,val}, labels/{train,val}, data.yaml; class 0 one row, 1 two rows; four
keypoints, top left, top right, bottom right, bottom left as the plate is read. The pictures are train photos with
the plates that the seed labelled (`seed_labels`), photos into which drawn plates were warped, bare plate crops,
and photos without any plate. Nothing of a test photo is used.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from datasets.plates.glyphs import Glyphs, glyph_sets
from datasets.plates.scenery import Labelled, composite, drawn_crop, photo, real_crop, sources
from datasets.splits import shared_folder

SHARES = (("composite", 0.5), ("photo", 0.22), ("crop", 0.2), ("drawn_crop", 0.08))


def examples(data: Path, split: str, count: int, glyphs: tuple[Glyphs, ...], seed: int) -> Iterator[Labelled]:
    """``count`` pictures of ``split`` in the shares of `SHARES`; the same for the same seed."""
    rng = np.random.default_rng(seed)
    all_sources = sources(data, split)
    photos = [s for s in all_sources if not s.crop]
    certain = [s for s in photos if not s.doubtful]
    crops = [s for s in all_sources if s.crop]
    names, shares = [n for n, _ in SHARES], [s for _, s in SHARES]
    for _ in range(count):
        what = names[rng.choice(len(names), p=shares)]
        pool = certain if what == "photo" else photos
        if rng.random() < 0.6:
            pool = [s for s in pool if s.plates] or pool
        source = pool[int(rng.integers(len(pool)))]
        if what == "composite":
            yield composite(source, glyphs, rng)
        elif what == "photo":
            yield photo(source)
        elif what == "crop":
            yield real_crop(crops[int(rng.integers(len(crops)))], rng)
        else:
            yield drawn_crop(glyphs, rng)


def label_line(quad: npt.NDArray[np.float32], double: bool, size: tuple[int, int]) -> str:
    """One line of a pose label; points outside the picture are clipped."""
    unit = np.clip(quad / np.array(size), 0, 1)
    (x0, y0), (x1, y1) = unit.min(0), unit.max(0)
    box = f"{(x0 + x1) / 2:.5f} {(y0 + y1) / 2:.5f} {x1 - x0:.5f} {y1 - y0:.5f}"
    return f"{int(double)} {box} " + " ".join(f"{x:.5f} {y:.5f} 2" for x, y in unit)


def write(examples_: Iterator[Labelled], out: Path, split: str, side: int) -> None:
    images, labels = out / "images" / split, out / "labels" / split
    images.mkdir(parents=True, exist_ok=True)
    labels.mkdir(parents=True, exist_ok=True)
    for i, example in enumerate(examples_):
        height, width = example.pixels.shape[:2]
        shrink = min(1.0, side / max(height, width))
        small = cv2.resize(example.pixels, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(images / f"{i:05d}.jpg"), small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
        lines = (label_line(quad, double, (width, height)) for quad, double in example.quads)
        (labels / f"{i:05d}.txt").write_text("".join(f"{line}\n" for line in lines))


YAML = """path: {path}
train: images/train
val: images/val
kpt_shape: [4, 3]
flip_idx: [1, 0, 3, 2]
names:
  0: single
  1: double
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=shared_folder())
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=1600)
    parser.add_argument("--side", type=int, default=640)
    args = parser.parse_args()
    glyphs = glyph_sets(args.shared)
    for split, count, seed in (("train", args.count, args.seed), ("val", args.count // 10, args.seed + 1000)):
        write(examples(args.shared / "data", split, count, glyphs, seed), args.out, split, args.side)
    (args.out / "data.yaml").write_text(YAML.format(path=args.out.resolve()))


if __name__ == "__main__":
    main()
