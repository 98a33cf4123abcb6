"""What pyproject.toml asks for is used, and what is used is asked for."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PART_OF = {"pydantic_core": "pydantic", "starlette": "fastapi"}
"""Import name to the dependency that cannot be installed without it."""
IMPORT_OF = {
    "argon2-cffi": "argon2",
    "fpdf2": "fpdf",
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "onnxruntime-gpu": "onnxruntime",
    "opentelemetry-api": "opentelemetry",
    "opentelemetry-exporter-otlp-proto-http": "opentelemetry",
    "opentelemetry-sdk": "opentelemetry",
}
IMPORTED_BY_OTHERS = {"python_multipart", "aiosqlite", "psycopg", "httptools", "uvloop"}
"""By fastapi, by sqlalchemy for the URL it is given, and by uvicorn."""
OTHER_ENVIRONMENTS = {
    "torch": ("datasets/",),
    "torchvision": ("datasets/torchvision_cpu",),
    "ultralytics": ("datasets/train", "datasets/export"),
    "onnx": ("datasets/",),
    "paddleocr": ("datasets/paddle_text",),
    "onnxslim": ("datasets/export",),
    "yaml": ("datasets/train", "datasets/export"),
    "bpy": ("datasets/scenes",),
    "bpy_extras": ("datasets/scenes",),
    "bmesh": ("datasets/scenes",),
    "mathutils": ("datasets/scenes",),
}
"""Import to where it may stand: the environments of training and rendering have these, the product does not."""


def asked_for() -> set[str]:
    """Import names of the core dependencies and of the extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    names = [re.split(r"[<>=~! ;\[]", line)[0] for line in lines]
    return {IMPORT_OF.get(name, name.replace("-", "_")) for name in names}


def third_party(source: str) -> set[str]:
    """Top-level names that ``source`` imports or looks up by `find_spec` or `files`, without the standard library's."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("find_spec", "files", "import_module")):
            found |= {str(arg.value).split(".")[0] for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    return (
        {PART_OF.get(name, name) for name in found} - set(sys.stdlib_module_names) - {"vision", "service", "datasets"}
    )


def used_by(*packages: str) -> dict[str, set[str]]:
    """Third-party import name to the files that use it."""
    used: dict[str, set[str]] = {}
    for package in packages:
        for path in (ROOT / package).rglob("*.py"):
            for name in third_party(path.read_text("utf-8")):
                used.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
    return used


def test_every_dependency_is_used() -> None:
    assert asked_for() - used_by("vision", "service", "datasets").keys() == IMPORTED_BY_OTHERS


def test_everything_the_product_uses_is_asked_for() -> None:
    assert used_by("vision", "service").keys() - asked_for() == set()


def test_data_sets_use_other_environments_only_where_they_may() -> None:
    undeclared = {name: files for name, files in used_by("datasets").items() if name not in asked_for()}
    astray = {
        name: sorted(file for file in files if not file.startswith(OTHER_ENVIRONMENTS.get(name, ())))
        for name, files in undeclared.items()
    }
    assert {name: files for name, files in astray.items() if files} == {}


def test_uses_are_seen() -> None:
    source = "import os, cv2\nfrom PIL import Image\nfrom . import a\nimportlib.resources.files('rapidocr')"
    assert third_party(source) == {"cv2", "PIL", "rapidocr"}
