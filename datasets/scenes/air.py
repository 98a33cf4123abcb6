"""Light and weather of a scene: sky, sun, exposure as a phone chooses it, haze."""

from __future__ import annotations

import math
from typing import Any

import bpy
import numpy as np

from datasets.scenes.plan import Air, Scene
from datasets.scenes.sky import draw_sky, horizon_colour

EXPOSURES = {"day": 1.2, "overcast": 0.9, "dusk": 2.0, "night": 2.5}
"""Stops."""
FOG_PER_M, RAIN_PER_M = 0.024, 0.0045


def set_air(scene: Scene, blender_scene: Any) -> None:
    """World, sun, exposure and haze. Call it when everything is built: haze is added to every material there is."""
    air = scene.air
    _world(air, scene.seed, blender_scene)
    if air.light == "day" and not (air.rain or air.fog):
        _sun(air, 4.2, 0.9)
    elif air.light == "dusk":
        _sun(Air(sun_azimuth_deg=air.sun_azimuth_deg, sun_elevation_deg=4), 0.16, 3.0)
    light = "overcast" if air.light == "day" and (air.rain or air.fog) else air.light
    blender_scene.view_settings.exposure = EXPOSURES[light]
    # Meshes that glow are seen but are no lights: a car's painted lamps would make lights of all its triangles.
    for surface in bpy.data.materials:
        surface.cycles.emission_sampling = "NONE"
    blender_scene.cycles.use_light_tree = is_dark(air)  # pays with many lamps only
    if air.fog or air.rain:
        _haze(FOG_PER_M if air.fog else RAIN_PER_M, horizon_colour(air))


def is_dark(air: Air) -> bool:
    """Whether street lamps are on."""
    return air.light in ("dusk", "night")


def _world(air: Air, seed: int, blender_scene: Any) -> None:
    pixels = draw_sky(air, seed)[::-1]
    height, width = pixels.shape[:2]
    sky = bpy.data.images.new("sky", width, height, float_buffer=True)
    sky.colorspace_settings.name = "Non-Color"
    sky.pixels.foreach_set(np.concatenate([pixels, np.ones((height, width, 1), np.float32)], axis=-1).ravel())
    world = bpy.data.worlds.new("sky")
    blender_scene.world = world
    world.use_nodes = True
    nodes = world.node_tree.nodes
    picture = nodes.new("ShaderNodeTexEnvironment")
    picture.image = sky
    world.node_tree.links.new(picture.outputs[0], nodes["Background"].inputs[0])
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 256


def _sun(air: Air, strength: float, size_deg: float) -> None:
    """A sun as white as it stands high."""
    data = bpy.data.lights.new("sun", "SUN")
    high = min(1.0, max(0.0, air.sun_elevation_deg / 40))
    data.energy, data.angle = strength * (0.45 + 0.55 * high), math.radians(size_deg)
    data.color = (1.0, 0.62 + 0.33 * high, 0.34 + 0.54 * high)
    made = bpy.data.objects.new("sun", data)
    made.rotation_euler = (0, math.radians(90 - air.sun_elevation_deg), math.radians(air.sun_azimuth_deg))
    bpy.context.scene.collection.objects.link(made)


def _haze(per_m: float, colour: tuple[float, float, float]) -> None:
    """Beer-Lambert by distance for what the camera sees directly: costs nothing beside a volume."""
    for surface in bpy.data.materials:
        if surface.use_nodes:
            _veil(surface, per_m, colour)


def _veil(surface: Any, per_m: float, colour: tuple[float, float, float]) -> None:
    nodes, link = surface.node_tree.nodes, surface.node_tree.links.new
    output = next((node for node in nodes if node.type == "OUTPUT_MATERIAL"), None)
    if output is None or not output.inputs["Surface"].links:
        return
    path = nodes.new("ShaderNodeLightPath")
    power = nodes.new("ShaderNodeMath")
    power.operation, power.inputs[0].default_value = "POWER", math.exp(-per_m)
    link(path.outputs["Ray Length"], power.inputs[1])
    through = nodes.new("ShaderNodeMath")
    through.operation = "SUBTRACT"
    through.inputs[0].default_value = 1
    link(power.outputs[0], through.inputs[1])
    seen = nodes.new("ShaderNodeMath")
    seen.operation = "MULTIPLY"
    link(through.outputs[0], seen.inputs[0])
    link(path.outputs["Is Camera Ray"], seen.inputs[1])
    veil = nodes.new("ShaderNodeEmission")
    veil.inputs[0].default_value = (*colour, 1)
    mix = nodes.new("ShaderNodeMixShader")
    link(seen.outputs[0], mix.inputs[0])
    link(output.inputs["Surface"].links[0].from_socket, mix.inputs[1])
    link(veil.outputs[0], mix.inputs[2])
    link(mix.outputs[0], output.inputs["Surface"])
