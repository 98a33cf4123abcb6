"""A hash of the code that makes something: of a module and all of ours that it imports, found without importing.

Only what the code does counts, not how it is worded or laid out.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def code_hash(module: str) -> str:
    """SHA-256 (16 hex digits) over the sources of ``module`` and what it imports, all of them in ``datasets.*``."""
    digest = hashlib.sha256()
    for name in sorted(imported(module)):
        digest.update(name.encode() + b"\0" + _meaning(_path(name)).encode() + b"\0")
    return digest.hexdigest()[:16]


def _meaning(path: Path) -> str:
    """The code without comments, layout and docstrings: to reword them makes no other picture."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not _is_text(one)] or [ast.Pass()]  # type: ignore[attr-defined]
    return ast.unparse(tree)


def _is_text(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def imported(module: str) -> frozenset[str]:
    """``module`` and, transitively, the modules of ``datasets`` it imports, at the top or inside of functions."""
    found: set[str] = set()
    todo = [module]
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        todo += _imports(_path(name))
    return frozenset(found)


def _imports(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return [name for name in names if name.split(".")[0] == "datasets" and _path(name).is_file()]


def _path(module: str) -> Path:
    base = ROOT.joinpath(*module.split("."))
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
