"""Tests that render with Blender, in an environment of its own."""
