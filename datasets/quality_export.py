"""The quality role's two small networks as one ONNX file: features in, chances of faults out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from datasets.onnx_files import set_metadata
from vision.models.card import WEIGHTS
from vision.quality_features import LIGHT_KINDS, Floats

CLIP = 6.0
"""Standardised features are held within so many standard deviations: an odd picture cannot run away."""
OPSET = 17


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """Standardisation, hidden layer of tanh, logistic outputs; weights of shape (in, out)."""

    mean: Floats
    inverse_scale: Floats
    hidden: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: Floats

    def scores(self, features: Floats) -> npt.NDArray[np.float64]:
        """Chance of each kind, 0..1, shape (N, kinds), of features of shape (N, F)."""
        z = np.clip((features - self.mean) * self.inverse_scale, -CLIP, CLIP)
        logits = np.tanh(z @ self.hidden + self.hidden_bias) @ self.output + self.output_bias
        return np.asarray(1.0 / (1.0 + np.exp(-logits.astype(np.float64))), np.float64)

    def moved(self, limit: float) -> Layers:
        """The same order of scores, with ``limit`` moved to one half."""
        return replace(self, output_bias=self.output_bias - np.float32(np.log(limit / (1.0 - limit))))


def mean_of(several: Sequence[Layers]) -> Layers:
    """One network whose logits are the mean of those of several that share their standardisation."""
    return replace(
        several[0],
        hidden=np.concatenate([each.hidden for each in several], axis=1),
        hidden_bias=np.concatenate([each.hidden_bias for each in several]),
        output=np.concatenate([each.output / np.float32(len(several)) for each in several], dtype=np.float32),
        output_bias=np.mean([each.output_bias for each in several], axis=0, dtype=np.float32),
    )


def export(blur: Layers, light: Layers, limits: dict[str, float], path: Path = WEIGHTS / "quality.onnx") -> int:
    """Write both networks with labels and limits inside; returns the file's size in bytes."""
    graph = helper.make_graph([], "quality", [], [])
    _add(graph, "blur", blur)
    _add(graph, "light", light)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    set_metadata(model, ("blur", *LIGHT_KINDS), limits=limits)
    onnx.checker.check_model(model, full_check=True)
    return path.write_bytes(model.SerializeToString())


def _add(graph: onnx.GraphProto, name: str, layers: Layers) -> None:
    features, kinds = len(layers.mean), len(layers.output_bias)
    numbers = {
        "mean": layers.mean,
        "inverse_scale": layers.inverse_scale,
        "low": np.float32(-CLIP),
        "high": np.float32(CLIP),
        "hidden": layers.hidden,
        "hidden_bias": layers.hidden_bias,
        "output": layers.output,
        "output_bias": layers.output_bias,
    }
    for key, values in numbers.items():
        graph.initializer.append(numpy_helper.from_array(np.asarray(values, np.float32), f"{name}_{key}"))
    steps = (
        ("Sub", (f"{name}_features", f"{name}_mean"), f"{name}_centred"),
        ("Mul", (f"{name}_centred", f"{name}_inverse_scale"), f"{name}_scaled"),
        ("Clip", (f"{name}_scaled", f"{name}_low", f"{name}_high"), f"{name}_standard"),
        ("Gemm", (f"{name}_standard", f"{name}_hidden", f"{name}_hidden_bias"), f"{name}_sum"),
        ("Tanh", (f"{name}_sum",), f"{name}_units"),
        ("Gemm", (f"{name}_units", f"{name}_output", f"{name}_output_bias"), f"{name}_logits"),
        ("Sigmoid", (f"{name}_logits",), name),
    )
    graph.node.extend(helper.make_node(op, list(inputs), [output]) for op, inputs, output in steps)
    rows = f"n_{name}"
    graph.input.append(helper.make_tensor_value_info(f"{name}_features", TensorProto.FLOAT, (rows, features)))
    graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, (rows, kinds)))
