"""`python -m datasets.train_damage_part --data DATA`: learns `vision.models.damage_part`.

Runs in the training environment, minutes on a CPU, nearly all of them for the shipped parts network on each photo
and its mirror image (`--keep` keeps what it sees). Nets with one hidden layer, trained from different seeds and
averaged; a label may name several parts, and any of them is right: the loss is minus the logarithm of their joint
chance.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from datasets.evaluation.kept import keep_in
from datasets.onnx_files import sealed
from datasets.training.damage_part_set import LABELS, Array, Set, read
from vision.models.card import WEIGHTS

HIDDEN, DROPPED, DECAY, RATE, EPOCHS, BATCH = 64, 0.4, 0.02, 3e-3, 25, 128
NETS, FOLDS = 4, 4
FARTHEST = 6.0
"""Features are cut at so many standard deviations."""


class Scaled(nn.Module):
    """Features as they come, to logits."""

    def __init__(self, inputs: Array) -> None:
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(inputs.mean(0)))
        self.register_buffer("spread", torch.from_numpy(inputs.std(0) + 1e-3))
        size = inputs.shape[1]
        self.first, self.last = nn.Linear(size, HIDDEN), nn.Linear(HIDDEN, len(LABELS))
        self.drop = nn.Dropout(DROPPED)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        scaled = ((x - self.mean) / self.spread).clamp(-FARTHEST, FARTHEST)
        out: torch.Tensor = self.last(self.drop(torch.relu(self.first(nn.functional.dropout(
            scaled, DROPPED / 2, self.training
        )))))  # fmt: skip
        return out


def fit(data: Set, seed: int) -> Scaled:
    """One net."""
    torch.manual_seed(seed)
    net = Scaled(data.inputs)
    inputs, right, weights = (torch.from_numpy(a) for a in (data.inputs, data.right, data.weights))
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    batches = len(inputs) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=EPOCHS * batches, pct_start=0.1)
    for _ in range(EPOCHS):
        order = torch.randperm(len(inputs))
        for chosen in order[: batches * BATCH].split(BATCH):
            logs = net(inputs[chosen]).log_softmax(1)
            lost = -torch.logsumexp(logs.masked_fill(right[chosen] == 0, -1e9), 1)
            loss = (lost * weights[chosen]).sum() / weights[chosen].sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()


@torch.no_grad()
def chances(nets: list[Scaled], inputs: Array) -> Array:
    """Mean of the nets' chances, (n, labels)."""
    found = torch.stack([net(torch.from_numpy(inputs)).softmax(1) for net in nets]).mean(0)
    return np.asarray(found.numpy(), np.float32)


def cross_validated(data: Set) -> str:
    """Share told right of damage on a part and of damage on none, on claims that the nets have not seen."""
    named, none = [], []
    for fold in range(FOLDS):
        inside = data.claims % FOLDS == fold
        held = data.part(inside & ~data.mirrored)
        told = chances([fit(data.part(~inside), 0)], held.inputs).argmax(1)
        right = held.right[np.arange(len(told)), told] > 0
        only_none = (held.right[:, -1] > 0) & (held.right.sum(1) == 1)
        named += right[~only_none].tolist()
        none += right[only_none].tolist()
    return f"{np.mean(named):.3f} of {len(named)} on a part, {np.mean(none):.3f} of {len(none)} on none"


def graph(nets: list[Scaled]) -> onnx.ModelProto:
    """``features`` (n, size) to ``chances`` (n, labels): the nets' mean."""
    weights = {f"{name}_{k}": v.numpy() for k, net in enumerate(nets) for name, v in net.state_dict().items()}
    weights |= {"low": np.array(-FARTHEST), "high": np.array(FARTHEST)}
    nodes = [
        helper.make_node("Sub", ["features", "mean_0"], ["centred"]),
        helper.make_node("Div", ["centred", "spread_0"], ["divided"]),
        helper.make_node("Clip", ["divided", "low", "high"], ["scaled"]),
    ]
    for k in range(len(nets)):
        first, last = (f"first.weight_{k}", f"first.bias_{k}"), (f"last.weight_{k}", f"last.bias_{k}")
        nodes += [
            helper.make_node("Gemm", ["scaled", *first], [f"hidden_{k}"], transB=1),
            helper.make_node("Relu", [f"hidden_{k}"], [f"active_{k}"]),
            helper.make_node("Gemm", [f"active_{k}", *last], [f"logits_{k}"], transB=1),
            helper.make_node("Softmax", [f"logits_{k}"], [f"chances_{k}"], axis=1),
        ]
    nodes.append(helper.make_node("Mean", [f"chances_{k}" for k in range(len(nets))], ["chances"]))
    size = nets[0].first.in_features
    used = {name for node in nodes for name in node.input}
    made = helper.make_graph(
        nodes,
        "damage_part",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", size])],
        [helper.make_tensor_value_info("chances", TensorProto.FLOAT, ["n", len(LABELS)])],
        [numpy_helper.from_array(np.asarray(v, np.float32), k) for k, v in weights.items() if k in used],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return sealed(model, LABELS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="folder in which features are kept for the next time")
    parser.add_argument("--proof", action="store_true", help="only print a cross-validation, claims kept together")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "damage_part.onnx")
    args = parser.parse_args()
    keep_in(args.keep)
    torch.set_num_threads(1)
    data = read(args.data)
    if args.proof:
        print(f"cross-validated: {cross_validated(data)}", flush=True)
        return
    onnx.save(graph([fit(data, seed) for seed in range(NETS)]), args.out)


if __name__ == "__main__":
    main()
