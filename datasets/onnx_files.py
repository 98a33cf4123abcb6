"""What every exported graph of ours gets: uint8 pictures in, labels inside, half-precision storage."""

from __future__ import annotations

import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SMALL = 1024
"""Tensors with fewer values stay float32: they save nothing and may hold constants that half cannot."""


def uint8_input(model: onnx.ModelProto, name: str = "image", divide: float = 255.0) -> None:
    """Puts cast, division and transpose before the first input: it becomes uint8 (N, H, W, 3), RGB."""
    graph = model.graph
    old = graph.input[0]
    dims = [d.dim_value or d.dim_param or "n" for d in old.type.tensor_type.shape.dim]
    graph.initializer.append(numpy_helper.from_array(np.array(1 / divide, np.float32), "uint8_scale"))
    nodes = [
        helper.make_node("Cast", [name], ["uint8_as_float"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["uint8_as_float"], ["uint8_planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Mul", ["uint8_planes", "uint8_scale"], [old.name]),
    ]
    new = helper.make_tensor_value_info(name, TensorProto.UINT8, ["n", dims[2], dims[3], 3])
    graph.input.remove(old)
    graph.input.insert(0, new)
    for i, node in enumerate(nodes):
        graph.node.insert(i, node)


def free_batch(model: onnx.ModelProto) -> None:
    """Names the first axis of each output ``n``; shapes in between are dropped, onnxruntime infers them again."""
    for out in model.graph.output:
        out.type.tensor_type.shape.dim[0].ClearField("dim_value")
        out.type.tensor_type.shape.dim[0].dim_param = "n"
    del model.graph.value_info[:]


def halve_weights(model: onnx.ModelProto) -> None:
    """Stores large float32 weights as float16 with a cast; onnxruntime folds the casts when it loads."""
    graph = model.graph
    for old in [t for t in graph.initializer if t.data_type == TensorProto.FLOAT and np.prod(t.dims) >= SMALL]:
        values = numpy_helper.to_array(old)
        if np.abs(values).max() > np.finfo(np.float16).max:
            continue
        graph.initializer.remove(old)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), old.name + "_half"))
        cast = helper.make_node("Cast", [old.name + "_half"], [old.name], to=TensorProto.FLOAT)
        graph.node.insert(0, cast)


def set_metadata(model: onnx.ModelProto, labels: list[str] | tuple[str, ...], **more: object) -> None:
    """Labels, one a line, and anything else as JSON; what an exporter wrote there is dropped (it holds paths)."""
    del model.metadata_props[:]
    named = {"labels": "\n".join(labels)} if labels else {}
    helper.set_model_props(model, {**named, **{k: json.dumps(v) for k, v in more.items()}})
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    model.doc_string = ""
    model.producer_name = "kuaizheng"


def sealed(model: onnx.ModelProto, labels: list[str] | tuple[str, ...], **more: object) -> onnx.ModelProto:
    """The graph as it is shipped: `halve_weights`, `set_metadata`, checked. Raises onnx's error for a broken graph."""
    halve_weights(model)
    set_metadata(model, labels, **more)
    onnx.checker.check_model(model)
    return model


def tell_maps(model: onnx.ModelProto, maps: dict[str, str]) -> None:
    """Adds values inside the graph to its outputs: new name -> the value's own. Raises ValueError for one not there."""
    graph = model.graph
    made = {name for node in graph.node for name in node.output}
    told = {out.name for out in graph.output}
    for name, inner in maps.items():
        if inner not in made:
            raise ValueError(f"no value {inner} in the graph")
        if name not in told:
            graph.node.append(helper.make_node("Identity", [inner], [name]))
            graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", None, None, None]))
