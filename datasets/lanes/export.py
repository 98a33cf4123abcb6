"""`python -m datasets.lanes.export --weights lane.pt`: the trained network -> ``lane.onnx``, in half precision.

Runs in the training environment. The graph takes uint8 RGB and gives chances.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import onnx
import torch
from torch import nn

from datasets.lanes.draw import SIDE
from datasets.lanes.markings import LABELS
from datasets.lanes.net import LaneNet
from datasets.onnx_files import sealed, uint8_input
from vision.models.card import WEIGHTS

OPSET = 17


class Chances(nn.Module):
    """The network with chances of lines in place of logits; its second head only helped in training."""

    def __init__(self, net: LaneNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        chances: torch.Tensor = self.net(x)[0].softmax(1)
        return chances


def graph(weights: Path) -> onnx.ModelProto:
    """The trained network with a free batch."""
    net = LaneNet()
    net.load_state_dict(torch.load(weights, map_location="cpu"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.onnx"
        torch.onnx.export(
            Chances(net.eval()),
            (torch.zeros(1, 3, SIDE, SIDE),),
            str(path),
            input_names=["planes"],
            output_names=["lines"],
            dynamic_axes={name: {0: "n"} for name in ("planes", "lines")},
            opset_version=OPSET,
            dynamo=False,
        )
        return onnx.load(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    model = graph(args.weights)
    uint8_input(model)
    sealed(model, LABELS)
    target = args.out / "lane.onnx"
    onnx.save(model, target)
    print(f"{target.name}: {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
