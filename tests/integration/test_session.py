"""Sessions on graphs of a few bytes: a model is what its card says, or it is an error."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper
from onnxruntime.capi import onnxruntime_pybind11_state as state

from datasets.onnx_files import halve_weights, set_metadata, uint8_input
from vision.errors import ModelError, ProviderError
from vision.models.card import Card
from vision.models.session import Session, available, batches


def doubling() -> bytes:
    """A graph that doubles a vector; labels a and b."""
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n"])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])
    graph = helper.make_graph([helper.make_node("Add", ["x", "x"], ["y"])], "g", [x], [y])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    set_metadata(model, ("a", "b"))
    return bytes(model.SerializeToString())


def card(data: bytes, **changed: object) -> Card:
    told: dict[str, object] = {
        "role": "test",
        "file": "test.onnx",
        "sha256": hashlib.sha256(data).hexdigest(),
        "what": "doubles",
        "inputs": {"x": ["n"]},
        "outputs": ["y"],
        "labels": ["a", "b"],
        "data": [],
        "recipe": "",
        "metrics": {},
        "limits": [],
    }
    return Card.model_validate(told | changed)


def test_runs_and_tells_its_labels() -> None:
    data = doubling()
    session = Session(data, card=card(data))
    (out,) = session.run(np.array([1, 2], np.float32))
    assert out.tolist() == [2, 4]
    assert session.labels == ("a", "b")


@pytest.mark.parametrize(
    "changed",
    [{"sha256": "0" * 64}, {"labels": ["b", "a"]}, {"outputs": ["z"]}, {"inputs": {"x": [3]}}],
    ids=lambda c: next(iter(c)),
)
def test_a_model_that_does_not_fit_its_card_is_an_error(changed: dict[str, object]) -> None:
    data = doubling()
    with pytest.raises(ModelError, match=next(iter(changed))):
        Session(data, card=card(data, **changed))


def test_broken_bytes_are_an_error() -> None:
    with pytest.raises(ModelError, match="does not load"):
        Session(b"no model")


def test_a_wrong_input_is_an_error_not_an_empty_answer() -> None:
    with pytest.raises(ModelError, match="inference failed"):
        Session(doubling()).run(np.array([[1.0]], np.float64))


def test_a_provider_that_is_not_there_is_an_error() -> None:
    missing = next(p for p in ("tensorrt", "cuda", "openvino") if p not in available())
    with pytest.raises(ProviderError, match=missing):
        Session(doubling(), provider=missing)


class Failing:
    """A session of onnxruntime's whose provider fails in a run."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def run(self, *_: object) -> None:
        raise state.EPFail("device lost")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)


def test_a_provider_that_fails_in_a_run_is_an_error_not_a_run_on_the_cpu(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session(doubling(), provider="cpu")
    session._session._sess = Failing(session._session._sess)
    with pytest.raises(ModelError, match="device lost"):
        session.run(np.array([1, 2], np.float32))
    assert capsys.readouterr().out == ""


def test_a_provider_that_fails_at_loading_is_an_error_not_a_model_on_the_cpu(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def failing(*arguments: object) -> None:
        tries.append(arguments)
        raise RuntimeError("the plugin cannot compile it")

    monkeypatch.setattr(ort.InferenceSession, "_create_inference_session", failing)
    with pytest.raises(ModelError, match="cannot compile"):
        Session(doubling(), provider="cpu")
    assert len(tries) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("answer", [np.nan, np.inf])
def test_an_answer_that_is_no_number_is_an_error_not_nothing_found(answer: float) -> None:
    with pytest.raises(ModelError, match="not a number: y"):
        Session(doubling()).run(np.array([1.0, answer], np.float32))


def test_pictures_go_in_as_uint8_and_weights_are_stored_in_half() -> None:
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, 4, 4])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3, 4, 4])
    weights = onnx.numpy_helper.from_array(np.full((1024, 3, 1, 1), 0.5, np.float32), "w")
    back = onnx.numpy_helper.from_array(np.full((3, 1024, 1, 1), 1 / 1024, np.float32), "v")
    nodes = [helper.make_node("Conv", ["x", "w"], ["h"]), helper.make_node("Conv", ["h", "v"], ["y"])]
    graph = helper.make_graph(nodes, "g", [x], [y], [weights, back])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    uint8_input(model)
    halve_weights(model)
    session = Session(bytes(model.SerializeToString()))
    assert session.inputs == {"image": ("n", 4, 4, 3)}
    assert {t.data_type for t in model.graph.initializer if t.name.endswith("_half")} == {TensorProto.FLOAT16}
    (out,) = session.run(np.full((2, 4, 4, 3), 255, np.uint8))
    assert out == pytest.approx(np.full((2, 3, 4, 4), 1.5), rel=1e-3)


def test_batches_cover_everything_once() -> None:
    assert [list(range(7))[s] for s in batches(7, 3)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(batches(0, 3)) == []
