"""Lets the registry's torchvision wheel, which is linked to CUDA, be imported beside a CPU-only torch.

Its extension cannot load, and its Python part then fails because the operators' schemas were never defined. Defining
the schemas that it registers meta kernels for, and `nms` in plain torch, is all that training needs. Import this
before ultralytics. Does nothing where torchvision's own operators load.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import torch

FLOATS = "float spatial_scale, SymInt pooled_height, SymInt pooled_width"
SIZES = "SymInt batch_size, SymInt channels, SymInt height, SymInt width"
DEFORM = (
    "SymInt stride_h, SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h, SymInt dilation_w, "
    "SymInt groups, SymInt offset_groups, bool use_mask"
)
SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    *(
        f"{q}roi_align(Tensor input, Tensor rois, {FLOATS}, int sampling_ratio, bool aligned) -> Tensor"
        for q in ("", "q")
    ),
    f"_roi_align_backward(Tensor grad, Tensor rois, {FLOATS}, {SIZES}, int sampling_ratio, bool aligned) -> Tensor",
    f"roi_pool(Tensor input, Tensor rois, {FLOATS}) -> (Tensor, Tensor)",
    f"_roi_pool_backward(Tensor grad, Tensor rois, Tensor argmax, {FLOATS}, {SIZES}) -> Tensor",
    f"ps_roi_align(Tensor input, Tensor rois, {FLOATS}, int sampling_ratio) -> (Tensor, Tensor)",
    f"_ps_roi_align_backward(Tensor grad, Tensor rois, Tensor map, {FLOATS}, int sampling_ratio, {SIZES}) -> Tensor",
    f"ps_roi_pool(Tensor input, Tensor rois, {FLOATS}) -> (Tensor, Tensor)",
    f"_ps_roi_pool_backward(Tensor grad, Tensor rois, Tensor map, {FLOATS}, {SIZES}) -> Tensor",
    f"deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, {DEFORM}) -> Tensor",
    "_deform_conv2d_backward(Tensor grad, Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, "
    f"{DEFORM}) -> (Tensor, Tensor, Tensor, Tensor, Tensor)",
)


def nms(boxes: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Greedy non-maximum suppression: boxes (n, 4) xyxy, scores (n,) -> kept indices, best first."""
    order = scores.argsort(descending=True)
    sizes = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    kept = []
    while order.numel():
        first, order = order[0], order[1:]
        kept.append(first)
        low, high = boxes[order, :2].maximum(boxes[first, :2]), boxes[order, 2:].minimum(boxes[first, 2:])
        both = (high - low).clamp_(min=0).prod(1)
        order = order[both / (sizes[first] + sizes[order] - both) <= iou_threshold]
    return torch.stack(kept) if kept else torch.empty(0, dtype=torch.long)


def loads() -> bool:
    """Whether torchvision's own extension can be loaded."""
    spec = importlib.util.find_spec("torchvision")
    assert spec is not None and spec.origin is not None
    try:
        for library in Path(spec.origin).parent.glob("_C*.so"):
            torch.ops.load_library(str(library))
    except OSError:
        return False
    return True


if not loads():
    LIBRARY = torch.library.Library("torchvision", "DEF")
    for schema in SCHEMAS:
        LIBRARY.define(schema)
    LIBRARY.impl("nms", nms, "CPU")
    import torchvision.extension

    torchvision.extension._has_ops = lambda: True
