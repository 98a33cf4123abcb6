"""What is told of a vehicle's colour, of which boxes, and what the labels of it say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from datasets.colour_set import Painted
from datasets.evaluation import colours
from datasets.labels.colours import ColourLabel, Seen, load_colours
from datasets.onnx_files import set_metadata
from datasets.splits import SplitRow, rows
from vision.errors import InputError, ModelError
from vision.models.card import card_of
from vision.models.colour import TOLD, ColourClassifier
from vision.models.session import Session, open_model
from vision.models.squares import SIDE, square, squares
from vision.types import Box, Pixels, VehicleColour

LEFT: Box = (0, 0, 60, 90)
RIGHT: Box = (60, 0, 120, 90)


def plain(colour: tuple[int, int, int]) -> Pixels:
    return np.full((90, 120, 3), colour, np.uint8)


def model(labels: tuple[str, ...] = ("white", "red"), **metadata: object) -> ColourClassifier:
    """A graph of a few bytes: a picture's share of red is the chance of red, all else is white."""
    picture = helper.make_tensor_value_info("image", TensorProto.UINT8, ["n", SIDE, SIDE, 3])
    colour = helper.make_tensor_value_info("colour", TensorProto.FLOAT, ["n", 2])
    constants = {"zero": np.array([0]), "one": np.array([1]), "axis": np.array([3])}
    nodes = [
        helper.make_node("Slice", ["image", "zero", "one", "axis"], ["reds"]),
        helper.make_node("Cast", ["reds"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["floats"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "scale"], ["flat"]),
        helper.make_node("Unsqueeze", ["flat", "one"], ["red"]),
        helper.make_node("Sub", ["whole", "red"], ["white"]),
        helper.make_node("Concat", ["white", "red"], ["colour"], axis=1),
    ]
    held = [numpy_helper.from_array(value.astype(np.int64), name) for name, value in constants.items()]
    held.append(numpy_helper.from_array(np.array(1 / 255, np.float32), "scale"))
    held.append(numpy_helper.from_array(np.array(1, np.float32), "whole"))
    graph = helper.make_graph(nodes, "g", [picture], [colour], held)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    set_metadata(made, labels, **metadata)
    return ColourClassifier(Session(bytes(made.SerializeToString()), provider="cpu"))


def test_boxes_keep_their_order_and_small_ones_are_not_looked_at() -> None:
    pixels = plain((255, 0, 0))
    pixels[:, :60] = 0
    told = model().tell(squares(pixels, (LEFT, (0, 0, 47, 90), RIGHT)))
    assert [colour for colour, _ in told] == [VehicleColour.WHITE, None, VehicleColour.RED]
    assert [chance for _, chance in told] == pytest.approx([1.0, 0.0, 1.0])
    assert model().tell(()) == ()


def test_a_chance_below_the_limit_is_no_colour() -> None:
    (told,) = model().tell(squares(plain((140, 0, 0)), (LEFT,)))
    assert told[0] is None and 0.5 < told[1] < TOLD


def test_the_temperature_in_the_file_counts() -> None:
    (told,) = model(temperatures=[0.1]).tell(squares(plain((140, 0, 0)), (LEFT,)))
    assert told[0] is VehicleColour.RED and told[1] > TOLD


def test_a_label_that_is_no_colour_is_refused() -> None:
    with pytest.raises(ModelError):
        model(labels=("white", "tartan"))


def test_the_network_sees_the_box_alone() -> None:
    pixels = plain((10, 200, 10))
    pixels[:, 60:] = (200, 10, 10)
    look = square(pixels, LEFT)
    assert look.shape == (SIDE, SIDE, 3) and (look == (10, 200, 10)).all()


def test_the_shipped_network_knows_every_colour_of_the_contract_and_gives_chances() -> None:
    shipped = ColourClassifier(open_model(card_of("colour"), "cpu"))
    assert set(shipped.session.labels) == set(VehicleColour)
    answers = shipped.raw([square(plain((30, 30, 30)), LEFT), square(plain((190, 15, 20)), LEFT)] * 10)
    assert np.allclose(answers.sum(1), 1.0, atol=1e-3)
    assert shipped.session.labels[int(answers[1].argmax())] == "red"


def test_labels_are_of_known_photos_and_twice_read_where_it_is_measured() -> None:
    split = {row.sha256: row.split for row in rows()}
    labels = load_colours()
    assert len({label.sha256 for label in labels}) == len(labels)
    assert all(label.second is not None for label in labels if split[label.sha256] == "test")


def test_a_reader_accepts_the_other_colour_that_it_named() -> None:
    silver = Seen(VehicleColour.SILVER, VehicleColour.GREY)
    assert silver.accepts(VehicleColour.GREY) and silver.accepts(VehicleColour.SILVER)
    assert not silver.accepts(VehicleColour.WHITE)


def test_a_word_that_is_no_colour_is_refused_with_its_line(tmp_path: Path) -> None:
    table = tmp_path / "colours.csv"
    table.write_text("sha256,colour,or,second,second_or\ns,tartan,,,\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"colours\.csv:2"):
        load_colours(table)


def test_colours_of_cars_that_training_saw_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten photos of one known red car, told rightly, and two of new cars that are white and told as red."""
    look = plain((255, 0, 0))
    items = [
        Painted(SplitRow(str(k), "cars", f"{k}.jpg", "test"), ColourLabel(str(k), Seen(told, None), None), LEFT, look,
                look)
        for k, told in enumerate([VehicleColour.RED] * 10 + [VehicleColour.WHITE] * 2)
    ]  # fmt: skip
    raw = np.array([[0.02, 0.98]] * 12)
    monkeypatch.setattr(colours, "looked", lambda data, split: (items, raw, model()))
    monkeypatch.setattr(colours, "with_siblings", lambda: frozenset(str(k) for k in range(10)))
    metrics = colours.colour(Path("data"), "test").metrics
    assert metrics["accepted_of_told"]["n"] == 12 and metrics["accepted_of_told"]["value"] > 0.8
    apart = metrics["accepted_of_told_without_likely_siblings_in_training"]
    assert (apart["value"], apart["n"]) == (0.0, 2)
    assert metrics["bars"][0]["n"] == 12
