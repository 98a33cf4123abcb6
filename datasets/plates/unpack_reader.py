"""`python -m datasets.plates.unpack_reader --weights FILE.onnx --set SET --out OUT`: a shipped reader to train on.

Writes ``reader.pt`` and ``corners.pt``, from which `train_reader` (``--init``) and `export_reader` go on. Export folds
each batch norm into the convolution before it; here each gets one again, with mean and variance as the drawn plates
of SET (a folder of `make_reader_set`) show them, so that it changes nothing. Runs in the training environment.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from datasets.plates.corner_net import CornerNet
from datasets.plates.reader_net import ReaderNet
from datasets.plates.reader_views import flat, tensor
from datasets.plates.train_reader import load
from vision.models.plate_reader import CANVAS_WH

SAMPLES = 1000
"""Pictures by which the batch norms are set."""
HALF = "_half"
"""How `datasets.onnx_files` marks weights that it keeps in 16 bits."""
Weights = dict[str, torch.Tensor]


def module_of(node: str) -> str:
    """``/reader/features/features.2/first/first.0/Conv`` as ``reader.features.2.first.0``."""
    parts: list[str] = []
    for part in node.strip("/").split("/")[:-1]:
        if parts and part.startswith(f"{parts[-1]}."):
            parts[-1] = part
        else:
            parts.append(part)
    return ".".join(parts)


def weights_of(model: onnx.ModelProto) -> Weights:
    """Parameters by their names in torch; a folded convolution's bias comes as ``NAME.folded``."""
    stored = {i.name.removesuffix(HALF): i for i in model.graph.initializer}
    values = {name: torch.from_numpy(np.array(numpy_helper.to_array(i), np.float32)) for name, i in stored.items()}
    found = {name: value for name, value in values.items() if not name.startswith("onnx::")}
    for node in model.graph.node:
        module, inputs = module_of(node.name), [values.get(name) for name in node.input[1:]]
        if node.op_type == "MatMul" and inputs[0] is not None:
            found[f"{module}.weight"] = inputs[0].T
        elif node.op_type == "Conv" and f"{module}.weight" not in found and inputs[0] is not None:
            found[f"{module}.weight"] = inputs[0]
            if inputs[1] is not None:
                found[f"{module}.folded"] = inputs[1]
    return found


def folded_pairs(net: nn.Module) -> list[tuple[str, nn.Conv2d, nn.BatchNorm2d]]:
    """Each convolution before a batch norm, with its name."""
    rows = list(net.named_modules())
    return [
        (name, one, after)
        for (name, one), (_, after) in pairwise(rows)
        if isinstance(one, nn.Conv2d) and isinstance(after, nn.BatchNorm2d)
    ]


def _norm_again(bias: torch.Tensor, norm: nn.BatchNorm2d, seen: torch.Tensor) -> None:
    """Sets ``norm`` so that after a convolution with output ``seen`` it adds ``bias`` and nothing else."""
    variance, mean = torch.var_mean(seen, dim=(0, 2, 3))
    norm.running_mean, norm.running_var = mean, variance
    norm.weight.data, norm.bias.data = torch.sqrt(variance + norm.eps), bias + mean


@torch.no_grad()
def unpack(net: nn.Module, weights: Weights, pictures: torch.Tensor) -> None:
    """Fills ``net`` in place. Raises KeyError or RuntimeError where the weights are another network's."""
    pairs = folded_pairs(net)
    norms = {f"{name}." for name, _ in net.named_modules() if isinstance(_, nn.BatchNorm2d)}
    state = {k: weights[k] for k in net.state_dict() if not any(k.startswith(n) for n in norms)}
    net.load_state_dict({**net.state_dict(), **state})
    hooks = [
        conv.register_forward_hook(
            lambda _m, _i, seen, bias=weights[f"{name}.folded"], norm=norm: _norm_again(bias, norm, seen)
        )
        for name, conv, norm in pairs
    ]
    net.eval()(pictures)
    for hook in hooks:
        hook.remove()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    found = weights_of(onnx.load(args.weights))
    plates = load([args.set / "val"])
    frames = tensor(plates.pick(np.arange(min(SAMPLES, len(plates.kinds)))))
    cut = flat(frames, torch.zeros(len(frames), 2, 3))
    canvas = nn.functional.interpolate(frames, size=CANVAS_WH[::-1], mode="bilinear", align_corners=False)
    args.out.mkdir(parents=True, exist_ok=True)
    for name, net, pictures in (("reader", ReaderNet(), cut), ("corners", CornerNet(), canvas)):
        mine = {k.removeprefix(f"{name}."): v for k, v in found.items() if k.startswith(f"{name}.")}
        unpack(net, mine, pictures)
        torch.save(net.state_dict(), args.out / f"{name}.pt")


if __name__ == "__main__":
    main()
