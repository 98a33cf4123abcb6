"""`python -m datasets.export ROLE --weights FILE.pt --name NAME`: trained weights -> ONNX beside its card.

Runs in the training environment. The graph takes uint8 RGB and holds labels; weights are stored in half precision.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import datasets.torchvision_cpu  # noqa: F401  (must come before ultralytics: it makes torchvision importable)

# isort: split
import onnx
import torch
from torch import nn
from ultralytics import YOLO

from datasets.onnx_files import free_batch, halve_weights, set_metadata, tell_maps, uint8_input
from datasets.train import HEADS, classifier
from vision.models.card import WEIGHTS

OPSET = 17
MAPS = {"parts": {"middle": "/model.19/cv2/act/Mul_output_0", "coarse": "/model.22/cv2/act/Mul_output_0"}}
"""What a role's network tells beside its boxes: the maps that its head reads at 1/16 and 1/32 of the square."""


def detector(weights: Path, imgsz: int) -> tuple[onnx.ModelProto, list[str]]:
    """A detector as ultralytics exports it, without suppression; free batch, fixed square."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "weights.pt"
        shutil.copy(weights, copy)
        net = YOLO(str(copy))
        path = net.export(format="onnx", imgsz=imgsz, dynamic=True, simplify=True, opset=OPSET, device="cpu")
        model = onnx.load(path)
    for axis in (2, 3):
        model.graph.input[0].type.tensor_type.shape.dim[axis].ClearField("dim_param")
        model.graph.input[0].type.tensor_type.shape.dim[axis].dim_value = imgsz
    free_batch(model)
    return model, list(net.names.values())


class Softmaxed(nn.Module):
    """The heads' scores 0..1, at the given temperatures."""

    def __init__(self, net: nn.Module, temperatures: list[float]) -> None:
        super().__init__()
        self.net = net
        self.temperatures = temperatures

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return tuple((out / t).softmax(1) for out, t in zip(self.net(x), self.temperatures, strict=True))


def classifier_graph(role: str, weights: Path, init: Path, temperatures: list[float]) -> onnx.ModelProto:
    """A classifier of our own with one output a head."""
    net = classifier(role, init)
    net.load_state_dict(torch.load(weights, map_location="cpu"))
    heads = HEADS[role]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.onnx"
        names = [name for name, _ in heads]
        torch.onnx.export(
            Softmaxed(net.eval(), temperatures),
            (torch.zeros(1, 3, 224, 224),),
            str(path),
            input_names=["planes"],
            output_names=names,
            dynamic_axes={n: {0: "n"} for n in ("planes", *names)},
            opset_version=OPSET,
            dynamo=False,
        )
        return onnx.load(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("role")
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="seed weights, for a classifier")
    parser.add_argument("--imgsz", type=int, default=640)
    parser.add_argument("--temperatures", type=float, nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    if args.role in HEADS:
        temperatures = args.temperatures or [1.0] * len(HEADS[args.role])
        model = classifier_graph(args.role, args.weights, args.init, temperatures)
        labels = [label for _, names in HEADS[args.role] for label in names]
    else:
        model, labels = detector(args.weights, args.imgsz)
        tell_maps(model, MAPS.get(args.role, {}))
    uint8_input(model)
    halve_weights(model)
    set_metadata(model, labels)
    onnx.checker.check_model(model)
    target = args.out / f"{args.role}.onnx"
    onnx.save(model, target)
    print(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB, {len(labels)} labels")


if __name__ == "__main__":
    main()
