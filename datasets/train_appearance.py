"""`python -m datasets.train_appearance --data DATA`: learns `vision.models.appearance`; seconds on a CPU.

Linear discriminant analysis (Fisher 1936; within-class scatter drawn towards a multiple of the identity) of the
histograms of photos of one claim, and logistic regression of their colours. Shares, dimensions and penalties were
chosen by five-fold cross-validation over vehicles of the train part, which is printed; val has too few pairs.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from scipy.linalg import eigh
from scipy.optimize import minimize

from datasets.evaluation.auc import area_under_curve
from datasets.labels.training import load_training_vehicles
from datasets.onnx_files import set_metadata
from datasets.splits import rows
from datasets.training.samples import main_box, rgb
from vision.models.appearance import BINS, histogram
from vision.models.card import WEIGHTS

Array = npt.NDArray[np.float64]
TABLE = Path(__file__).parent / "labels/same_vehicle_train.csv"
COLOURS = ("white", "black", "grey", "silver", "red", "blue")
"""Those that the train part holds enough of."""
DIMENSIONS, SHRINK = 32, 0.3
PENALTY, STEPS = 1e-3, 200
FOLDS, SEED = 5, 20261122
UNCERTAIN_COLOUR = -1


@dataclass(frozen=True, slots=True, eq=False)
class Set:
    histograms: Array
    runs: npt.NDArray[np.int64]
    """Photos of one run of file numbers show one vehicle."""
    vehicles: npt.NDArray[np.int64]
    """Runs of one number here may show one vehicle: they are no proof of anything."""
    colours: npt.NDArray[np.int64]

    def part(self, chosen: npt.NDArray[np.bool_]) -> Set:
        return Set(self.histograms[chosen], self.runs[chosen], self.vehicles[chosen], self.colours[chosen])


def read(data: Path) -> Set:
    """Histograms of the main vehicle of each photo of the table."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    photos = {row.sha256: row for row in rows(split="train")}
    boxes: dict[str, list[tuple[tuple[float, float, float, float], float]]] = {}
    for label in load_training_vehicles():
        boxes.setdefault(label.sha256, []).append((label.box_xyxy, 1.0))
    seen = []
    for line in table:
        pixels = rgb(photos[line["sha256"]].path(data))
        box = main_box(boxes.get(line["sha256"], []), (pixels.shape[1], pixels.shape[0]))
        seen.append(histogram(pixels, box))
    colours = [COLOURS.index(t["colour"]) if t["colour"] in COLOURS else UNCERTAIN_COLOUR for t in table]
    runs, vehicles = (np.array([int(t[key]) for t in table]) for key in ("run", "vehicle"))
    return Set(np.stack(seen).astype(np.float64), runs, vehicles, np.array(colours))


def discriminants(data: Set) -> tuple[Array, Array]:
    """Mean (343,) and directions (343, DIMENSIONS) in which vehicles differ most and photos of one least."""
    mean, spread = data.histograms.mean(0), data.histograms.std(0) + 1e-6
    scaled = (data.histograms - mean) / spread
    within, count = np.zeros((scaled.shape[1],) * 2), 0
    for run in np.unique(data.runs):
        apart = scaled[data.runs == run] - scaled[data.runs == run].mean(0)
        within, count = within + apart.T @ apart, count + len(apart) - 1
    within /= count
    within = (1 - SHRINK) * within + SHRINK * np.eye(len(within)) * np.trace(within) / len(within)
    size = len(within)
    _, vectors = eigh(scaled.T @ scaled / len(scaled), within, subset_by_index=(size - DIMENSIONS, size - 1))
    return mean, vectors[:, ::-1] / spread[:, None]


def colour_weights(data: Set) -> tuple[Array, Array]:
    """Weights (343, colours) and offsets of a logistic regression."""
    known = data.colours != UNCERTAIN_COLOUR
    x, truth = data.histograms[known], np.eye(len(COLOURS))[data.colours[known]]
    shape = (x.shape[1] + 1, len(COLOURS))
    x = np.hstack((x, np.ones((len(x), 1))))

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(shape)
        chances = softmax(x @ weights)
        slope = x.T @ (chances - truth) / len(x) + PENALTY * weights
        value = -np.log((chances * truth).sum(1) + 1e-12).mean() + PENALTY / 2 * (weights**2).sum()
        return float(value), np.asarray(slope.ravel(), np.float64)

    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    weights = np.asarray(found.x, np.float64).reshape(shape)
    return weights[:-1], weights[-1]


def softmax(values: Array) -> Array:
    powers = np.exp(values - values.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True), np.float64)


def cross_validated(data: Set) -> str:
    """AUC of pairs and share of colours, on vehicles that the matrices have not seen."""
    names = np.unique(data.vehicles)
    fold_of = dict(zip(names, np.random.default_rng(SEED).permutation(len(names)) % FOLDS, strict=True))
    folds = np.array([fold_of[v] for v in data.vehicles])
    same, other, alike, right = [], [], [], []
    for fold in range(FOLDS):
        learnt, held = data.part(folds != fold), data.part(folds == fold)
        mean, matrix = discriminants(learnt)
        vectors = (held.histograms - mean) @ matrix
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        near, pairs = vectors @ vectors.T, np.triu(np.ones((len(vectors),) * 2, np.bool_), 1)
        apart = pairs & (held.vehicles[:, None] != held.vehicles[None])
        known = held.colours != UNCERTAIN_COLOUR
        same.append(near[pairs & (held.runs[:, None] == held.runs[None])])
        other.append(near[apart])
        alike.append(near[apart & (held.colours[:, None] == held.colours[None]) & known])
        weights, offsets = colour_weights(learnt)
        right.append(((held.histograms @ weights + offsets).argmax(1) == held.colours)[known])
    positive = np.concatenate(same)
    any_other, of_like = (area_under_curve(positive, np.concatenate(n)) for n in (other, alike))
    return f"AUC any {any_other:.3f}, like colour {of_like:.3f}; colour {np.concatenate(right).mean():.3f}"


def graph(data: Set) -> onnx.ModelProto:
    """``histogram`` (n, 343) to ``vector`` (n, 32), of length 1, and ``colour`` (n, 6), chances."""
    mean, matrix = discriminants(data)
    weights, offsets = colour_weights(data)
    constants = {"m": matrix, "b": -mean @ matrix, "w": weights, "o": offsets}
    nodes = [
        helper.make_node("Gemm", ["histogram", "m", "b"], ["long"]),
        helper.make_node("ReduceL2", ["long"], ["length"], axes=[1], keepdims=1),
        helper.make_node("Div", ["long", "length"], ["vector"]),
        helper.make_node("Gemm", ["histogram", "w", "o"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["colour"], axis=1),
    ]
    info = helper.make_tensor_value_info
    made = helper.make_graph(
        nodes,
        "appearance",
        [info("histogram", TensorProto.FLOAT, ["n", BINS**3])],
        [
            info("vector", TensorProto.FLOAT, ["n", DIMENSIONS]),
            info("colour", TensorProto.FLOAT, ["n", len(COLOURS)]),
        ],
        [numpy_helper.from_array(np.asarray(v, np.float32), k) for k, v in constants.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    set_metadata(model, COLOURS)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS / "appearance.onnx")
    args = parser.parse_args()
    data = read(args.data)
    print(cross_validated(data))
    onnx.save(graph(data), args.out)


if __name__ == "__main__":
    main()
