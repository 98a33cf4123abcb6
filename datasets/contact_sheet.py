"""`python -m datasets.contact_sheet --data DATA --out DIR`: facts of 40 real test photos, drawn to be looked at.

Runs the product on real photos end to end: bytes, decoding child, all models, facts, JSON and back. Fails when a
photo that can be read gives no facts, when facts do not survive JSON, or when geometry leaves the picture. Prints one
line a photo (no plate texts) and writes sheets of eight. The sheets show other people's photos: they stay out of the
repository.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

from datasets.splits import SplitRow, rows
from vision.facts import facts_of
from vision.image import decode
from vision.models.bundle import Models, load
from vision.types import Photo, PhotoFacts, Pixels, Unreadable
from vision.wire import facts_from_json, facts_to_json

CHOICE = (("damage/val", 16), ("cars", 6), ("street", 8), ("plates/val", 10))
CELL = 480
SHOWN = 0.25
"""Finds below this score are not drawn."""
GREEN, ORANGE, RED, BLUE = (60, 200, 60), (255, 160, 0), (230, 30, 30), (60, 120, 255)


def chosen(seed: int) -> list[SplitRow]:
    random = np.random.default_rng(seed)
    out: list[SplitRow] = []
    for folder, count in CHOICE:
        tested = rows(folder, "test")
        out += [tested[i] for i in random.choice(len(tested), count, replace=False)]
    return out


def write(image: Pixels, text: str, at: tuple[float, float], colour: tuple[int, int, int]) -> None:
    spot = (int(max(at[0], 0)), int(max(at[1] - 3, 10)))
    cv2.putText(image, text, spot, cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 3)
    cv2.putText(image, text, spot, cv2.FONT_HERSHEY_SIMPLEX, 0.4, colour, 1)


def drawn(photo: Photo, facts: PhotoFacts) -> Pixels:
    """A cell of the sheet: the photo with everything found on it."""
    scale = CELL / max(facts.size_wh)
    image = cv2.resize(photo.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    items = [
        (v.box_xyxy, GREEN, f"{v.kind} {v.view} {v.score:.2f}/{v.view_score:.2f}", v.score) for v in facts.vehicles
    ]
    items += [(p.box_xyxy, BLUE, p.kind.value, p.score) for v in facts.vehicles for p in v.parts]
    items += [(d.box_xyxy, RED, f"{d.kind} {d.part} {d.score:.2f}", d.score) for d in facts.damages]
    for box, colour, text, score in items:
        if score >= SHOWN:
            x0, y0, x1, y1 = (round(v * scale) for v in box)
            cv2.rectangle(image, (x0, y0), (x1, y1), colour, 1)
            write(image, text, (x0, y0 + 12), colour)
    for plate in facts.plates:
        corners = (np.array(plate.corners) * scale).astype(np.int32)
        cv2.polylines(image, [corners], True, ORANGE, 2)
        tail = plate.text[1:] if plate.text else "?"
        write(image, f"{tail} {plate.score:.2f}", (corners[:, 0].min(), corners[:, 1].max() + 14), ORANGE)
    told = f"{facts.framing.kind} {facts.framing.score:.2f} {facts.quality.verdict} turn {facts.rotation}"
    write(image, told, (2, 14), (255, 255, 255))
    cell = np.zeros((CELL, CELL, 3), np.uint8)
    cell[: image.shape[0], : image.shape[1]] = image
    return cell


def problems(facts: PhotoFacts) -> list[str]:
    """What is wrong with the facts of a photo, whatever is on it."""
    found = []
    told = facts_to_json(facts)
    if facts_to_json(facts_from_json(told)) != told:
        found.append("facts do not survive JSON")
    w, h = facts.size_wh
    boxes = [v.box_xyxy for v in facts.vehicles] + [d.box_xyxy for d in facts.damages]
    if any(x0 < -1 or y0 < -1 or x1 > w + 1 or y1 > h + 1 for x0, y0, x1, y1 in boxes):
        found.append("a box leaves the picture")
    return found


def look(row: SplitRow, data: Path, models: Models) -> tuple[Pixels, list[str]]:
    photo = decode(row.path(data).read_bytes(), row.file)
    if isinstance(photo, Unreadable):
        return np.zeros((CELL, CELL, 3), np.uint8), [f"unreadable: {photo.unreadable}"]
    facts = facts_of(photo, models, text=False, on=None)
    read = sum(p.text is not None for p in facts.plates)
    kinds = f"{row.folder:12} {row.sha256[:8]} {facts.framing.kind:9} {facts.quality.verdict:5}"
    counts = f"vehicles {len(facts.vehicles)} damages {len(facts.damages)} plates {len(facts.plates)} read {read}"
    print(kinds, counts)
    return drawn(photo, facts), problems(facts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    models = load()
    args.out.mkdir(parents=True, exist_ok=True)
    cells, wrong = [], []
    for row in chosen(args.seed):
        cell, found = look(row, args.data, models)
        cells.append(cell)
        wrong += [f"{row.folder}/{row.sha256[:8]}: {p}" for p in found]
    for k in range(0, len(cells), 8):
        part = cells[k : k + 8] + [np.zeros_like(cells[0])] * (8 - len(cells[k : k + 8]))
        sheet = np.concatenate([np.concatenate(part[:4], 1), np.concatenate(part[4:], 1)])
        cv2.imwrite(str(args.out / f"sheet_{k // 8}.jpg"), sheet[:, :, ::-1])
    print(f"{len(cells)} photos, {len(wrong)} problems", *wrong, sep="\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
