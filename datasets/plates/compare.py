"""`python -m datasets.plates.compare DETECTOR.onnx READER.onnx [EACH]`: a peer pair on our test plates, into peer.json.

The peers (y5fu at 640 px with plate_rec_color, we0091234) are only measured against; nothing is learnt from them.
Pre- and post-processing as their authors publish it: letterbox, RGB / 255; (BGR / 255 - .588) / .193 at 48 x 168,
two rows cut apart and laid side by side, best path of CTC.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from datasets.plates.answers import by_subset, summary
from datasets.plates.evaluate import PEER, as_given, drawn_table, on_drawn, on_real
from datasets.splits import shared_folder
from vision.geometry import from_letterbox, letterbox, warp
from vision.models.plate_detector import as_corners
from vision.models.session import Session
from vision.models.yolo import suppress
from vision.types import Pixels, Plate, PlateKind

CHARS = (
    "#京沪津渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁新学警港澳挂使领民航危"
    "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ险品"
)
SIDE, LIMIT = 640, 0.3


def read(reader: Session, plate: Pixels, double: bool) -> str:
    """Text of a flat plate by best path."""
    if double:
        h, w = plate.shape[:2]
        low = plate[h // 3 :]
        plate = np.hstack([cv2.resize(plate[: 5 * h // 12], (w, low.shape[0])), low]).astype(np.uint8)
    small = cv2.resize(plate, (168, 48))[..., ::-1].astype(np.float32)
    (out, *_) = reader.run(((small / 255 - 0.588) / 0.193).transpose(2, 0, 1)[None].astype(np.float32))
    best = out[0].argmax(-1)
    return "".join(CHARS[c] for i, c in enumerate(best) if c and (i == 0 or c != best[i - 1]))


def find(detector: Session, reader: Session, pixels: Pixels) -> Sequence[Plate]:
    """Plates with text as the peer pair gives them."""
    square, box = letterbox(pixels, SIDE)
    (out,) = detector.run(square.transpose(2, 0, 1)[None].astype(np.float32) / 255)
    rows = out[0][out[0][:, 4] > LIMIT]
    score = rows[:, 4] * rows[:, 13:15].max(1) if len(rows) else np.zeros(0)
    half = rows[:, 2:4] / 2
    plates = []
    for i in suppress(np.concatenate([rows[:, :2] - half, rows[:, :2] + half], 1), score, 0.5):
        corners = as_corners(from_letterbox(rows[i, 5:13].reshape(4, 2), box))
        double = bool(rows[i, 14] > rows[i, 13])
        text = read(reader, warp(pixels, corners, (168, 96 if double else 48)), double)
        plates.append(Plate(text, PlateKind.OTHER, corners, float(score[i])))
    return plates


def main(detector: Path, reader: Path, each: int = 40) -> None:
    pair = Session(detector, provider="cpu"), Session(reader, provider="cpu")
    shared = shared_folder()
    photos = as_given(on_real(lambda p: find(*pair, p), shared / "data"), shared / "data", "test")
    clear, hopeless = on_drawn(lambda p: find(*pair, p), shared, "test", each)
    metrics = {
        "real": {**summary(photos), "subsets": by_subset(photos)},
        "drawn": {"each": each, **drawn_table(clear, hopeless)},
    }
    PEER.write_text(json.dumps(metrics, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *(int(a) for a in sys.argv[3:]))
