"""How Cycles renders: few samples, few bounces, denoised."""

from __future__ import annotations

from typing import Any


def settings(blender_scene: Any, samples: int, threads: int, seed: int) -> None:
    """Sets the renderer up. ``samples`` 8 to 12 are enough with the denoiser; resolution and exposure are not touched;
    whether lights are sampled by a tree is up to `datasets.scenes.air.set_air`.

    Fewer bounces than Blender's own choice: surroundings are open to the sky, so the third diffuse one adds nothing
    that can be seen. Blue noise leaves the denoiser errors of high frequency, which it removes best.
    """
    blender_scene.render.engine = "CYCLES"
    cycles = blender_scene.cycles
    cycles.device, cycles.samples, cycles.seed = "CPU", samples, seed
    cycles.use_adaptive_sampling = False
    cycles.sampling_pattern = "BLUE_NOISE"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 4, 1, 2
    cycles.transmission_bounces, cycles.transparent_max_bounces, cycles.volume_bounces = 4, 6, 0
    cycles.sample_clamp_indirect, cycles.blur_glossy = 3.0, 1.0
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_prefilter, cycles.denoising_quality = "ACCURATE", "BALANCED"
    blender_scene.render.threads_mode, blender_scene.render.threads = "FIXED", threads
    blender_scene.render.resolution_percentage = 100
    blender_scene.render.use_persistent_data = True
    blender_scene.render.image_settings.file_format = "PNG"
    blender_scene.view_settings.view_transform = "AgX"
    blender_scene.view_settings.look = "AgX - Medium High Contrast"
