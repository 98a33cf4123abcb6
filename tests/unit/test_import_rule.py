"""Who may import whom. Read from the syntax tree, so that imports inside functions count too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("vision", "service", "datasets", "tests")
LEAVES = ("vision.types", "vision.errors")
KNOWLEDGE = ("vision.identifiers", "vision.plate_grammar")
"""Check digits, dates of papers, what a plate may say: pure, and as much a model's business as a check's."""

LAYERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    # module or package -> what of ours it may import; the first row that fits counts
    ("vision.types", ()),
    ("vision.errors", ()),
    ("vision.identifiers", LEAVES),
    ("vision.plate_grammar", LEAVES),
    ("vision.checks", (*LEAVES, *KNOWLEDGE, "vision.standard", "vision.checks")),
    ("vision.models", (*LEAVES, *KNOWLEDGE, "vision.geometry", "vision.models")),
    ("vision", ("vision",)),
    ("datasets", ("vision", "datasets")),
    ("service.cli", ("vision", "service", "datasets")),
    ("service", ("vision", "service")),
)
ONLY_IN: dict[str, tuple[str, ...]] = {
    "onnxruntime": ("vision.models.session",),
    "onnxruntime_ep_openvino": ("vision.models.session",),
    "ultralytics": ("datasets.train", "datasets.training", "datasets.export"),
    "bpy": ("datasets.scenes",),
    "typer": ("service",),
    "fastapi": ("service",),
    "starlette": ("service",),
    "sqlalchemy": ("service",),
}


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, module: str, is_package: bool = False) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported; ``from a import b`` gives ``a.b``, for ``b`` may be a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.split(".")[: len(module.split(".")) - node.level + is_package]
                base = ".".join((*above, base) if base else above)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from ((node.lineno, str(arg.value)) for arg in node.args[:1] if isinstance(arg, ast.Constant))


def breaches(source: str, module: str, is_package: bool = False) -> list[str]:
    """One line for each import of ``source`` that the rule forbids to ``module``."""
    allowed = next(may for layer, may in LAYERS if within(module, layer))
    found = []
    for line, name in imports(source, module, is_package):
        top = name.split(".")[0]
        if top in OURS and not any(within(name, other) for other in allowed):
            found.append(f"{module}:{line} imports {name}")
        if top in ONLY_IN and not any(within(module, owner) for owner in ONLY_IN[top]):
            found.append(f"{module}:{line} imports {name}, which only {' and '.join(ONLY_IN[top])} may")
    return found


def environment_reads(source: str) -> list[int]:
    """Lines that look into the process's environment."""
    names = ("os.environ", "os.getenv", "environ", "getenv")
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute | ast.Name))
    return sorted({node.lineno for node in nodes if ast.unparse(node) in names})


FILES = sorted(path for package in ("vision", "service", "datasets") for path in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_the_rule_holds(path: Path) -> None:
    assert breaches(path.read_text("utf-8"), module_name(path), path.name == "__init__.py") == []


@pytest.mark.parametrize("path", [p for p in FILES if p.is_relative_to(ROOT / "vision")], ids=module_name)
def test_the_library_reads_no_environment(path: Path) -> None:
    assert environment_reads(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("module", "source", "count"),
    [
        ("vision.types", "from vision.errors import InputError", 1),
        ("vision.types", "import numpy as np", 0),
        ("vision.checks.views", "from vision.models import session", 1),
        ("vision.checks.views", "from ..models.session import load", 1),
        ("vision.checks.views", "from vision import standard, types", 0),
        ("vision.checks.views", "from .plates import readable", 0),
        ("vision.checks.views", "from vision.identifiers import span_of", 0),
        ("vision.identifiers", "from vision.models import session", 1),
        ("vision.models.parts", "from vision.standard import Standard", 1),
        ("vision.models.parts", "from vision.geometry import iou", 0),
        ("vision.models.parts", "import onnxruntime as ort", 1),
        ("vision.models.session", "import onnxruntime as ort", 0),
        ("vision.facts", "import service", 1),
        ("vision.facts", "def f():\n    from datasets import train", 1),
        ("vision.facts", "import importlib\nimportlib.import_module('onnxruntime')", 1),
        ("datasets.evaluate", "from service.cli import main", 1),
        ("datasets.evaluate", "from ultralytics import YOLO", 1),
        ("datasets.train", "from ultralytics import YOLO", 0),
        ("service.report", "from datasets.metrics import iou", 1),
        ("service.cli", "from datasets.metrics import iou", 0),
        ("service.report", "import tests.unit", 1),
    ],
)
def test_the_rule_sees(module: str, source: str, count: int) -> None:
    assert len(breaches(source, module)) == count


@pytest.mark.parametrize("source", ["import os\nos.environ['A']", "from os import getenv\ngetenv('A')"])
def test_reading_the_environment_is_seen(source: str) -> None:
    assert environment_reads(source) == [2]
