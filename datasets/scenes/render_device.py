"""Lets Cycles compute on a graphics card where it finds one."""

from __future__ import annotations

from typing import Any

import bpy

KINDS = ("OPTIX", "CUDA", "HIP", "ONEAPI", "METAL")


def use_gpu(blender_scene: Any) -> str:
    """The kind of card that renders from now on, "" where there is none and the processor does."""
    cycles = bpy.context.preferences.addons["cycles"].preferences
    known = {row[0] for row in cycles.get_device_types(bpy.context)}
    for kind in KINDS:
        if kind not in known:
            continue
        cycles.compute_device_type = kind
        cycles.refresh_devices()
        cards = [device for device in cycles.devices if device.type == kind]
        if cards:
            for device in cycles.devices:
                device.use = device.type == kind
            blender_scene.cycles.device = "GPU"
            return kind
    cycles.compute_device_type = "NONE"
    return ""
