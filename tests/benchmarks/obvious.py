"""The obvious composition to hold ours against: OpenCV decodes, each network gets the photo letterboxed on the plain
CPU provider with its default options, and `rapidocr` reads every photo."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from rapidocr import RapidOCR

from vision.geometry import GREY, Letterbox, crop, warp
from vision.models import plate_detector
from vision.models.card import card_of
from vision.models.yolo import Found
from vision.models.yolo import decode as decode_boxes
from vision.types import Pixels

ROLES = ("photo", "vehicle", "view", "damage", "parts", "plate_detector", "plate_reader")
SIDE = 640
CONFIDENCE = 0.25
"""Default of ultralytics' ``predict``."""


def letterbox(bgr: Pixels, side: int) -> tuple[Pixels, Letterbox]:
    """As in ultralytics' ``LetterBox`` and ``preprocess``: linear scaling, grey border, then RGB and contiguous."""
    height, width = bgr.shape[:2]
    scale = min(side / height, side / width)
    size_wh = (round(width * scale), round(height * scale))
    small = cv2.resize(bgr, size_wh, interpolation=cv2.INTER_LINEAR)
    left, top = (side - size_wh[0]) // 2, (side - size_wh[1]) // 2
    borders = (top, side - size_wh[1] - top, left, side - size_wh[0] - left)
    square = cv2.copyMakeBorder(small, *borders, cv2.BORDER_CONSTANT, value=(GREY, GREY, GREY))
    return np.ascontiguousarray(square[..., ::-1]), Letterbox(scale, left, top)


class Obvious:
    """All networks loaded with default options."""

    def __init__(self) -> None:
        self.sessions = {
            role: ort.InferenceSession(card_of(role).path.read_bytes(), providers=["CPUExecutionProvider"])
            for role in ROLES
        }
        self.labels = {role: tuple(card_of(role).labels) for role in ROLES}
        self.text = RapidOCR(params={"Global.log_level": "error"})

    def look(self, data: bytes) -> None:
        """Everything that can be asked of one photo, of every photo."""
        bgr = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)
        self._run("photo", letterbox(bgr, self._size_wh("photo")[0])[0][None])
        vehicles = self._boxes("vehicle", bgr)
        for role in ("damage", "parts"):
            self._boxes(role, bgr)
        for vehicle in vehicles:
            self._run("view", letterbox(crop(bgr, vehicle.box_xyxy)[0], self._size_wh("view")[0])[0][None])
        self._plates(bgr)
        self.text(bgr)

    def _plates(self, bgr: Pixels) -> None:
        square, placed = letterbox(bgr, self._size_wh("plate_detector")[0])
        (raw,) = self._run("plate_detector", square[None])
        for found in plate_detector.decode(raw[0], placed):
            if found.score >= CONFIDENCE:
                plate = warp(bgr, found.corners, self._size_wh("plate_reader"))
                self._run("plate_reader", np.ascontiguousarray(plate[None, ..., ::-1]))

    def _boxes(self, role: str, bgr: Pixels) -> tuple[Found, ...]:
        square, placed = letterbox(bgr, self._size_wh(role)[0])
        raw, *_ = self._run(role, square[None])
        labels = self.labels[role]
        boxes = raw[0, : 4 + len(labels)]  # an outlining network tells its masks' numbers behind them
        found = decode_boxes(boxes, labels, placed, (bgr.shape[1], bgr.shape[0]), 0.7)
        return tuple(f for f in found if f.score >= CONFIDENCE)

    def _size_wh(self, role: str) -> tuple[int, int]:
        _, height, width, _ = (n if isinstance(n, int) else SIDE for n in self.sessions[role].get_inputs()[0].shape)
        return width, height

    def _run(self, role: str, batch: npt.NDArray[np.uint8]) -> list[Any]:
        session = self.sessions[role]
        return list(session.run(None, {session.get_inputs()[0].name: batch}))
