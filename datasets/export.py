"""`python -m datasets.export ROLE --weights FILE.pt`: trained weights -> ONNX beside its card.

Runs in the training environment. The graph takes uint8 RGB and holds labels; weights are stored in half precision.
Several nets of a classifier become one graph with one answer.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import datasets.torchvision_cpu  # noqa: F401  (must come before ultralytics: it makes torchvision importable)

# isort: split
import onnx
import torch
from torch import nn
from ultralytics import YOLO

from datasets.onnx_files import free_batch, sealed, tell_maps, uint8_input
from datasets.train import BACKBONES, HEADS, classifier
from datasets.training.classifier import Heads
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


class AsOne(nn.Module):
    """The scores 0..1 of the heads of several nets, at the given temperatures: the geometric mean over the nets."""

    def __init__(self, nets: Sequence[nn.Module], temperatures: Sequence[float]) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)
        self.temperatures = temperatures

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        told = zip(*(net(x) for net in self.nets), strict=True)
        logs = [torch.stack([out.log_softmax(1) for out in outs]).mean(0) for outs in told]
        return tuple((log / t).softmax(1) for log, t in zip(logs, self.temperatures, strict=True))


def trained(role: str, weights: Path) -> Heads:
    """A net as `datasets.train` saved it; how deep its backbone is tells which it is."""
    state = torch.load(weights, map_location="cpu")
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("backbone."))
    net = classifier(role, next(model for model, count in BACKBONES.items() if count == layers))
    net.load_state_dict(state)
    return net.eval()


def classifier_graph(role: str, weights: Sequence[Path], temperatures: list[float]) -> onnx.ModelProto:
    """Classifiers of our own with one output a head."""
    nets = [trained(role, file) for file in weights]
    heads = HEADS[role]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.onnx"
        names = [name for name, _ in heads]
        torch.onnx.export(
            AsOne(nets, temperatures),
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
    parser.add_argument("--weights", type=Path, nargs="+", required=True, help="one file; several of a classifier")
    parser.add_argument("--imgsz", type=int, default=640)
    parser.add_argument("--temperatures", type=float, nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    if args.role in HEADS:
        temperatures = args.temperatures or [1.0] * len(HEADS[args.role])
        model = classifier_graph(args.role, args.weights, temperatures)
        labels = [label for _, names in HEADS[args.role] for label in names]
    else:
        (weights,) = args.weights
        model, labels = detector(weights, args.imgsz)
        tell_maps(model, MAPS.get(args.role, {}))
    uint8_input(model)
    sealed(model, labels)
    target = args.out / f"{args.role}.onnx"
    onnx.save(model, target)
    print(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB, {len(labels)} labels")


if __name__ == "__main__":
    main()
