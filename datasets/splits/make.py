"""`python -m datasets.splits.make DATA`: writes photos.csv once; refuses to change a row that is there.

Photos that look alike (perceptual hash of the picture or of its mirror image within `NEAR` bits, or equal plate
text among plate photos) form one group, and a group has one split. Groups with a photo of a folder that its source
calls a validation part go to test; the rest of such a source is train or val. Other folders are drawn by seed.
Cost: pairwise hashes, n^2/2 with n about 6,000: a few seconds.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from datasets.splits import TABLE

SEED = 20261121
NEAR = 8
FOLDERS = (
    "damage/train",
    "damage/val",
    "cars",
    "cars_views",
    "parts/train",
    "street",
    "damage_inspection",
    "damage_scratch_closeups",
    "plates/crops_train",
    "plates/val",
)
TEST_FOLDERS = ("damage/val", "plates/val")
"""Validation parts of their sources: our test."""
SHARES = {"damage/train": (0.0, 0.12), "plates/crops_train": (0.0, 0.08)}
"""Folder to (test share, val share); the default is (.2, .1)."""
RANK = {"train": 0, "val": 1, "test": 2}


def dct_hash(grey: npt.NDArray[np.uint8]) -> int:
    """64-bit perceptual hash: sign of the 8x8 lowest DCT coefficients of a 32x32 picture against their median."""
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:8, :8].ravel()
    return int("".join("1" if b else "0" for b in low > np.median(low[1:])), 2)


def grey_of(path: Path) -> npt.NDArray[np.uint8]:
    read = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if read is None:
        raise SystemExit(f"{path.name} is not a picture")
    return read.astype(np.uint8)


def find(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def plate_texts(data: Path) -> dict[tuple[str, str], str]:
    texts: dict[tuple[str, str], str] = {}
    for folder, table in (("plates/crops_train", "crops_train.csv"), ("plates/val", "val.csv")):
        with (data / "plates" / table).open(newline="", encoding="utf-8") as file:
            texts |= {(folder, row["file"]): row["plate_text"] for row in csv.DictReader(file)}
    return texts


def join_alike(hashes: npt.NDArray[np.uint64], mirrored: npt.NDArray[np.uint64], parent: list[int]) -> None:
    for i in range(len(hashes)):
        for other in (hashes, mirrored):
            distance = np.bitwise_count(other[:i] ^ hashes[i])
            for j in np.flatnonzero(distance <= NEAR):
                parent[find(parent, i)] = find(parent, int(j))


def groups(items: list[tuple[str, str, str]], data: Path) -> list[int]:
    """Group number of each (folder, file, sha256)."""
    parent = list(range(len(items)))
    texts = plate_texts(data)
    by_text: dict[str, int] = {}
    whole: list[int] = []
    for i, (folder, file, sha) in enumerate(items):
        key = texts.get((folder, file)) or sha
        parent[i] = find(parent, by_text.setdefault(key, i))
        by_sha = by_text.setdefault(sha, i)
        parent[find(parent, i)] = find(parent, by_sha)
        # Crops of plates all look alike to a perceptual hash; their text groups them.
        if folder != "plates/crops_train":
            whole.append(i)
    grey = [grey_of(data / items[i][0] / items[i][1]) for i in whole]
    pairs = [(dct_hash(g), dct_hash(g[:, ::-1])) for g in grey]
    sub = list(range(len(whole)))
    join_alike(np.array([p[0] for p in pairs], np.uint64), np.array([p[1] for p in pairs], np.uint64), sub)
    for k, i in enumerate(whole):
        parent[find(parent, i)] = find(parent, whole[find(sub, k)])
    return [find(parent, i) for i in range(len(items))]


def draw(folder: str, random: np.random.Generator) -> str:
    if folder in TEST_FOLDERS:
        return "test"
    test, val = SHARES.get(folder, (0.2, 0.1))
    x = random.random()
    return "test" if x < test else "val" if x < test + val else "train"


def main(data: Path) -> None:
    random = np.random.default_rng(SEED)
    items = []
    for folder in FOLDERS:
        for path in sorted((data / folder).iterdir()):
            if path.suffix.lower() in (".jpg", ".jpeg", ".png"):
                items.append((folder, path.name, hashlib.sha256(path.read_bytes()).hexdigest()))
    group = groups(items, data)
    split: dict[int, str] = {}
    for (folder, _, _), g in zip(items, group, strict=True):
        # One draw a group, by its first photo; a source's own test part wins.
        drawn = draw(folder, random) if g not in split or folder in TEST_FOLDERS else "train"
        split[g] = max(split.get(g, "train"), drawn, key=RANK.__getitem__)
    if TABLE.exists():
        raise SystemExit(f"{TABLE.name} is there; the splits stay what they were before the first training")
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("sha256", "folder", "file", "split"))
        out.writerows((sha, folder, name, split[g]) for (folder, name, sha), g in zip(items, group, strict=True))
    print(f"{len(items)} photos, {len(set(group))} groups")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
