"""PaddleOCR 3.7 on its onnxruntime engine, behind the same call as `vision.models.text.TextReader`.

Runs in the environment of `make paddle-env`. It is what our own reading is held against, and a way to fine-tune: the
networks are the very files of the `rapidocr` wheel, put where PaddleOCR looks for them as ``inference.onnx`` beside an
``inference.yml`` with the constants that the wheel ships.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paddleocr import PaddleOCR

from vision.models.session import Session
from vision.models.text import MIN_SCORE, text_model_files
from vision.models.text_detection import BOX_THRESHOLD, MAX_CANDIDATES, PIXEL_THRESHOLD, UNCLIP_RATIO
from vision.models.text_recognition import LINE_HEIGHT, MIN_WIDTH
from vision.types import Pixels, TextLine

DECODE = {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}}
KEEP = {"KeepKeys": {"keep_keys": ["image"]}}


def detector_settings() -> dict[str, Any]:
    """What ``inference.yml`` says of the detector."""
    halves = [0.5, 0.5, 0.5]
    return {
        "Global": {"model_name": "PP-OCRv6_small_det"},
        "PreProcess": {
            "transform_ops": [
                DECODE,
                {"DetResizeForTest": {"resize_long": 960}},
                {"NormalizeImage": {"mean": halves, "std": halves, "scale": 1 / 255, "order": "hwc"}},
                {"ToCHWImage": None},
                KEEP,
            ]
        },
        "PostProcess": {
            "name": "DBPostProcess",
            "thresh": PIXEL_THRESHOLD,
            "box_thresh": BOX_THRESHOLD,
            "unclip_ratio": UNCLIP_RATIO,
            "max_candidates": MAX_CANDIDATES,
            "use_dilation": True,
        },
    }


def recogniser_settings(characters: Sequence[str]) -> dict[str, Any]:
    """What ``inference.yml`` says of the recogniser; ``characters`` without the blank and the space at the end."""
    return {
        "Global": {"model_name": "PP-OCRv6_small_rec"},
        "PreProcess": {"transform_ops": [DECODE, {"RecResizeImg": {"image_shape": [3, LINE_HEIGHT, MIN_WIDTH]}}, KEEP]},
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": list(characters)},
    }


def write_model(folder: Path, model: Path, settings: dict[str, Any]) -> Path:
    """A model folder as PaddleOCR wants it; JSON is YAML. Returns ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "inference.onnx"
    if not link.exists():
        link.symlink_to(model)
    (folder / "inference.yml").write_text(json.dumps(settings, ensure_ascii=False), "utf-8")
    return folder


@dataclass(frozen=True, slots=True)
class PaddleReader:
    """Reads the text lines of upright pictures by PaddleOCR's pipeline."""

    pipeline: PaddleOCR

    @classmethod
    def in_folder(cls, folder: Path, max_side: int = 1280) -> PaddleReader:
        """Writes the two model folders under ``folder`` and opens them; nothing is downloaded."""
        detector, recogniser = text_model_files()
        characters = Session(recogniser, provider="cpu").metadata["character"].splitlines()
        return cls(
            PaddleOCR(
                engine="onnxruntime",
                text_detection_model_name="PP-OCRv6_small_det",
                text_detection_model_dir=str(write_model(folder / "det", detector, detector_settings())),
                text_recognition_model_name="PP-OCRv6_small_rec",
                text_recognition_model_dir=str(
                    write_model(folder / "rec", recogniser, recogniser_settings(characters))
                ),
                text_det_limit_side_len=max_side,
                text_det_limit_type="max",
                text_rec_score_thresh=MIN_SCORE,
                use_doc_orientation_classify=False,
                use_doc_unwarping=False,
                use_textline_orientation=False,
            )
        )

    def read(self, pixels: Pixels) -> tuple[TextLine, ...]:
        """Lines of an RGB picture (H, W, 3), in reading order, in the picture's pixels."""
        (page,) = self.pipeline.predict(pixels[:, :, ::-1].copy())
        lines = []
        for text, score, polygon in zip(page["rec_texts"], page["rec_scores"], page["rec_polys"], strict=True):
            a, b, c, d = ((float(x), float(y)) for x, y in polygon)
            lines.append(TextLine(str(text), float(score), (a, b, c, d)))
        return tuple(lines)
