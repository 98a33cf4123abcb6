"""`python -m datasets.train_appearance --data DATA`: learns `vision.models.appearance`; half a minute on a CPU.

Linear discriminant analysis (Fisher 1936; within-class scatter drawn towards a multiple of the identity) of photos of
one claim, once of the histograms and once of the parts network's maps, where the mirrored photo belongs to the same
vehicle. Bins, shares and dimensions were chosen by five-fold cross-validation over vehicles of the train part, which
is printed; val has too few pairs.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from scipy.linalg import eigh

from datasets.appearance_set import FIRST_MAP, UNCERTAIN_COLOUR, Array, Set, read
from datasets.evaluation.auc import area_under_curve
from datasets.evaluation.bootstrap import Weights, interval
from datasets.onnx_files import set_metadata
from vision.models.card import WEIGHTS

HISTOGRAM, MAPS = (48, 0.75), (16, 0.3)
"""Dimensions, and how far the scatter within vehicles is drawn to the identity."""
SHARE = 0.25
"""Of the maps in the likeness; the rest is the histogram's."""
FOLDS, TIMES, SEED = 5, 3, 20261122


def discriminants(seen: Array, runs: npt.NDArray[np.int64], dimensions: int, shrink: float) -> tuple[Array, Array]:
    """Mean and directions (columns) in which vehicles differ most and photos of one least."""
    mean, spread = seen.mean(0), seen.std(0) + 1e-6
    scaled = (seen - mean) / spread
    within, count = np.zeros((scaled.shape[1],) * 2), 0
    for run in np.unique(runs):
        apart = scaled[runs == run] - scaled[runs == run].mean(0)
        within, count = within + apart.T @ apart, count + len(apart) - 1
    within /= count
    size = len(within)
    within = (1 - shrink) * within + shrink * np.eye(size) * np.trace(within) / size
    _, vectors = eigh(scaled.T @ scaled / len(scaled), within, subset_by_index=(size - dimensions, size - 1))
    return mean, vectors[:, ::-1] / spread[:, None]


def learnt(data: Set) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Mean and directions of the histograms, and of the maps."""
    maps, runs = np.concatenate((data.maps, data.mirrored)), np.tile(data.runs, 2)
    return discriminants(data.histograms, data.runs, *HISTOGRAM), discriminants(maps, runs, *MAPS)


def cosines(seen: Array, mean: Array, matrix: Array) -> Array:
    vectors = (seen - mean) @ matrix
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors @ vectors.T, np.float64)


def likenesses(data: Set, seed: int) -> tuple[Array, Array]:
    """Of each two photos of one fold by matrices of the others: by histograms, and with maps, else NaN.

    Both (photos, photos).
    """
    names = np.unique(data.vehicles)
    places = np.random.default_rng(seed).permutation(len(names)) % FOLDS
    folds = places[np.searchsorted(names, data.vehicles)]
    plain = np.full((len(folds),) * 2, np.nan)
    both = plain.copy()
    for fold in range(FOLDS):
        rest, held = data.part(folds != fold), data.part(folds == fold)
        histogram, maps = learnt(rest)
        inside = np.ix_(folds == fold, folds == fold)
        plain[inside] = cosines(held.histograms, *histogram)
        both[inside] = (1 - SHARE) * plain[inside] + SHARE * cosines(held.maps, *maps)
    return plain, both


def cross_validated(data: Set) -> str:
    """AUC of pairs against pairs of like colour, on vehicles that the matrices have not seen."""
    first = np.triu(np.ones((len(data.runs),) * 2, np.bool_), 1)
    apart = first & (data.vehicles[:, None] != data.vehicles) & (data.colours != UNCERTAIN_COLOUR)
    same, alike = first & (data.runs[:, None] == data.runs), apart & (data.colours[:, None] == data.colours)
    column = np.unique(data.vehicles, return_inverse=True)[1]

    def area(near: Array, weights: Weights) -> float:
        inside = ~np.isnan(near)
        pairs, other = np.nonzero(same & inside), np.nonzero(alike & inside)
        taken = weights[column]
        return area_under_curve(near[pairs], near[other], taken[pairs[0]], taken[other[0]] * taken[other[1]])

    def gain(plain: Array, both: Array, weights: Weights) -> float:
        return area(both, weights) - area(plain, weights)

    once, runs = np.ones(column.max() + 1), [likenesses(data, SEED + k) for k in range(TIMES)]
    plain, both = (np.mean([area(run[k], once) for run in runs]) for k in (0, 1))
    low, high = interval(partial(gain, *runs[0]), [str(k) for k in range(len(once))]) or (np.nan, np.nan)
    return f"AUC by histograms {plain:.4f}, with maps {both:.4f} (gain {low:.4f} to {high:.4f})"


def nodes() -> list[onnx.NodeProto]:
    """The vector from histogram and maps, each brought to length 1 and weighted by its share."""
    made = [
        helper.make_node("Split", ["features", "sizes"], ["histogram", "maps"], axis=1),
        helper.make_node("Split", ["shares", "ones"], ["share_histogram", "share_maps"], axis=0),
    ]
    for name in ("histogram", "maps"):
        made += [
            helper.make_node("Gemm", [name, f"{name}_m", f"{name}_b"], [f"{name}_long"]),
            helper.make_node("ReduceL2", [f"{name}_long"], [f"{name}_length"], axes=[1], keepdims=1),
            helper.make_node("Div", [f"{name}_long", f"{name}_length"], [f"{name}_unit"]),
            helper.make_node("Mul", [f"{name}_unit", f"share_{name}"], [f"{name}_vector"]),
        ]
    return [*made, helper.make_node("Concat", ["histogram_vector", "maps_vector"], ["vector"], axis=1)]


def graph(data: Set) -> onnx.ModelProto:
    """``features`` (n, size) to ``vector`` (n, dimensions), of length 1."""
    floats = {"shares": np.sqrt([1 - SHARE, SHARE])}
    for name, (mean, matrix) in zip(("histogram", "maps"), learnt(data), strict=True):
        floats |= {f"{name}_m": matrix, f"{name}_b": -mean @ matrix}
    size = FIRST_MAP + data.maps.shape[1]
    whole = {"sizes": np.array((FIRST_MAP, size - FIRST_MAP)), "ones": np.ones(2, np.int64)}
    info = helper.make_tensor_value_info
    made = helper.make_graph(
        nodes(),
        "appearance",
        [info("features", TensorProto.FLOAT, ["n", size])],
        [info("vector", TensorProto.FLOAT, ["n", HISTOGRAM[0] + MAPS[0]])],
        [numpy_helper.from_array(np.asarray(v, np.float32), k) for k, v in floats.items()]
        + [numpy_helper.from_array(np.asarray(v, np.int64), k) for k, v in whole.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    set_metadata(model, ())
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
