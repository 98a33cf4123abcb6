"""`python -m datasets.plates.export_reader --set DIR --weights reader.pt --corners corners.pt --out FILE.onnx`.

Corner refinement and reader as one ONNX graph. Runs in the training environment. The temperature of the characters,
the calibration of the whole text's score and the limit of abstention are fitted on the validation folders of
`make_corner_set` (drawn, and real crops counted five times), whose corners are as wrong as the detector's; never on
test plates.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch

from datasets.onnx_files import sealed, uint8_input
from datasets.plates.corner_net import CornerNet, Pipeline
from datasets.plates.reader_net import ReaderNet
from datasets.plates.reader_views import tensor
from datasets.plates.train_reader import Set, load
from vision.models.plate_reader import CANVAS_WH, LABELS
from vision.plate_grammar import kinds_for
from vision.types import PlateKind

OPSET = 17
REAL_TIMES = 5
RIGHT_SHARE = 0.9
"""What is told must be right at least this often on the validation plates, a tenth of which nobody could read.

The score says how sure a reading is, and what is sure enough is the checks' business: abstaining is for guesses.
"""
LIMITS = (0.15, 0.6)
"""The limit of abstention is looked for between these scores."""

Floats = npt.NDArray[np.float64]


def temperature(logits: torch.Tensor, codes: torch.Tensor) -> float:
    """The temperature of least cross entropy, over a grid of ratios of 3 %."""
    grid = [1.03**k for k in range(-60, 60)]
    losses = [float(torch.nn.functional.cross_entropy((logits / t).flatten(0, 1), codes.flatten())) for t in grid]
    return grid[int(np.argmin(losses))]


def platt(chance: Floats, right: npt.NDArray[np.bool_], steps: int = 100) -> tuple[float, float]:
    """Scale and shift of the logit that fit ``right`` best (Newton's method on the logistic loss, small ridge)."""
    inside = np.clip(chance, 1e-6, 1 - 1e-6)
    x = np.stack([np.log(inside / (1 - inside)), np.ones_like(inside)], 1)
    w = np.array([1.0, 0.0])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - right) + 1e-3 * (w - np.array([1.0, 0.0]))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(2)
        w = w - np.linalg.solve(hessian, gradient)
    return float(w[0]), float(w[1])


def abstention(score: Floats, right: npt.NDArray[np.bool_]) -> float:
    """The lowest limit of `LIMITS`, in hundredths, above which `RIGHT_SHARE` of the readings are right."""
    low, high = LIMITS
    for limit in np.arange(low, high, 0.01):
        kept = right[score >= limit]
        if len(kept) and kept.mean() >= RIGHT_SHARE:
            return round(float(limit), 2)
    return high


def fit(chars: torch.Tensor, kinds: torch.Tensor, codes: npt.NDArray[np.uint8]) -> dict[str, Any]:
    """Temperature, calibration and limit from validation logits."""
    plates = codes.any(1)
    t = temperature(chars[plates], torch.from_numpy(codes[plates]).long())
    probs = (chars / t).softmax(-1).numpy()
    best = probs.argmax(-1)
    other = list(PlateKind).index(PlateKind.OTHER)
    foreign = (kinds / t).softmax(-1)[:, other].numpy() >= 0.5
    texts = ["".join(LABELS[c] for c in row if c) for row in best]
    told = np.array([bool(kinds_for(text)) for text in texts]) & ~foreign
    right = (best == codes).all(1)
    chance = probs.max(-1).prod(-1).astype(np.float64)
    scale, shift = platt(chance[told], right[told])
    score = 1 / (1 + np.exp(-(scale * np.log(chance / (1 - chance + 1e-9)) + shift)))
    limit = abstention(score[told], right[told])
    kept = told & (score >= limit)
    print(f"temperature {t:.2f}, calibration {scale:.2f} {shift:.2f}, limit {limit}: of {plates.sum()} plates")
    print(
        f"{(kept & right).sum()} told right, {(kept & ~right).sum()} told wrong; {(kept & ~plates).sum()} of no plate"
    )
    return {"temperature": t, "calibration": [scale, shift], "abstain_below": limit}


@torch.no_grad()
def answers(net: Pipeline, data: Set) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits of characters and kinds of canvases."""
    count = len(data.kinds)
    parts = [net.logits(tensor(data.pick(np.arange(i, min(i + 128, count))))) for i in range(0, count, 128)]
    return torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts])


def graph(net: Pipeline) -> onnx.ModelProto:
    """The network with softmax and a free batch, before the uint8 input."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reader.onnx"
        names = ("planes", "chars", "kinds", "corners")
        torch.onnx.export(
            net,
            (torch.zeros(2, 3, CANVAS_WH[1], CANVAS_WH[0]),),
            str(path),
            input_names=[names[0]],
            output_names=list(names[1:]),
            dynamic_axes={n: {0: "n"} for n in names},
            opset_version=OPSET,
            dynamo=False,
        )
        return onnx.load(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--corners", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    net = Pipeline(CornerNet(), ReaderNet()).eval()
    net.reader.load_state_dict(torch.load(args.weights, map_location="cpu"))
    net.corners.load_state_dict(torch.load(args.corners, map_location="cpu"))
    held = load([args.set / "val", *[args.set / "real_val"] * REAL_TIMES])
    chars, kinds = answers(net, held)
    fitted = fit(chars, kinds, held.codes)
    net.temperature = fitted.pop("temperature")
    model = graph(net)
    uint8_input(model)
    sealed(model, LABELS, kinds=[k.value for k in PlateKind], **fitted)
    onnx.save(model, args.out)
    print(f"{args.out.name}: {args.out.stat().st_size / 1e6:.2f} MB, {json.dumps(fitted)}")


if __name__ == "__main__":
    main()
