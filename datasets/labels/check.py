"""`python -m datasets.labels.check [DATA]`: one `line: message` for each problem; exit status 1 if there is one.

With the data folder, also the files' hashes and that each box lies inside its picture.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2

from datasets.labels import LEAST_HEIGHT_01, STREET, TABLE, VehicleLabel, load_vehicles
from datasets.splits import SplitRow, rows
from vision.errors import InputError
from vision.types import Box

Problem = tuple[int, str]
"""Line of the table (the header is line 1) and what is wrong with it."""
SAME_IOU = 0.95
"""Two boxes of one photo that overlap more are one vehicle drawn twice."""


def iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes with positive areas."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return width * height / (both - width * height)


def groups(labels: Sequence[VehicleLabel]) -> Iterable[list[tuple[int, VehicleLabel]]]:
    """Runs of neighbouring labels of one photo, each with its line."""
    run: list[tuple[int, VehicleLabel]] = []
    for line, label in enumerate(labels, 2):
        if run and run[-1][1].sha256 != label.sha256:
            yield run
            run = []
        run.append((line, label))
    if run:
        yield run


def photo_problems(photo: Sequence[tuple[int, VehicleLabel]]) -> Iterable[Problem]:
    """What is wrong with the labels of one photo among themselves."""
    first, label = photo[0]
    mains = sum(one.main for _, one in photo)
    wanted = 0 if label.folder == STREET else 1
    if mains != wanted:
        yield first, f"{label.file}: {mains} main vehicles instead of {wanted}"
    for i, (line, one) in enumerate(photo):
        x0, y0, x1, y1 = one.box_xyxy
        if not (0 <= x0 < x1 and 0 <= y0 < y1):
            yield line, f"empty box or negative coordinate {one.box_xyxy}"
            continue
        for other_line, other in photo[:i]:
            if iou(one.box_xyxy, other.box_xyxy) > SAME_IOU:
                yield line, f"the same vehicle as line {other_line}"


def table_problems(labels: Sequence[VehicleLabel], splits: Iterable[SplitRow]) -> tuple[Problem, ...]:
    """All that can be told without the photos."""
    known = {row.sha256: row for row in splits}
    found: list[Problem] = []
    seen: set[str] = set()
    for photo in groups(labels):
        line, label = photo[0]
        row = known.get(label.sha256)
        if row is None:
            found.append((line, f"{label.file}: sha256 is not in the splits"))
        elif row.split != "test":
            found.append((line, f"{label.file}: belongs to {row.split}, not to test"))
        if label.sha256 in seen:
            found.append((line, f"{label.file}: its labels are not neighbours"))
        seen.add(label.sha256)
        found.extend(photo_problems(photo))
    return tuple(sorted(found))


def data_problems(labels: Sequence[VehicleLabel], data: Path) -> tuple[Problem, ...]:
    """Hashes and sizes against the photos below `data`."""
    found: list[Problem] = []
    for photo in groups(labels):
        line, label = photo[0]
        path = label.path(data)
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION) if path.is_file() else None
        if picture is None:
            found.append((line, f"{label.folder}/{label.file}: not there, or not a picture"))
            continue
        if hashlib.sha256(path.read_bytes()).hexdigest() != label.sha256:
            found.append((line, f"{label.file}: the file has another sha256"))
        height, width = picture.shape[:2]
        for line, one in photo:
            found.extend((line, message) for message in size_problems(one, width, height))
    return tuple(found)


def size_problems(label: VehicleLabel, width: int, height: int) -> Iterable[str]:
    """What is wrong with one box in a picture of this size."""
    _, y0, x1, y1 = label.box_xyxy
    if x1 > width or y1 > height:
        yield f"box {label.box_xyxy} reaches out of {width} x {height}"
    if label.main and y1 - y0 < LEAST_HEIGHT_01 * height:
        yield f"a main vehicle of {y1 - y0:.0f} px in a picture {height} px high"


def main(arguments: Sequence[str]) -> int:
    try:
        labels = load_vehicles(TABLE)
    except InputError as error:
        print(error)
        return 1
    found = table_problems(labels, rows())
    if arguments:
        found += data_problems(labels, Path(arguments[0]))
    for line, message in found:
        print(f"{TABLE.name}:{line}: {message}")
    print(f"{len(labels)} boxes on {len({label.sha256 for label in labels})} photos, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
