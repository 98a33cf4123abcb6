"""`kuaizheng evaluate ROLE --data FOLDER [--json FILE]`: measures a role on the fixed test part and prints it.

Nothing is tuned here: limits are those that ship. Needs the evaluation packages (`requirements/dev.txt`).
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

from vision.errors import InputError

ROLES = {
    "vehicle": "datasets.evaluation.detection:vehicle",
    "damage": "datasets.evaluation.detection:damage",
    "parts": "datasets.evaluation.detection:parts",
    "view": "datasets.evaluation.views:view",
    "photo": "datasets.evaluation.views:photo",
    "plates": "datasets.plates.evaluate:evaluate",
    "quality": "datasets.quality_eval:evaluate",
    "documents": "datasets.documents.evaluate:evaluate",
}
"""Role -> the function that measures it: (data folder, split) -> metrics. Imported when asked for."""


def measure(role: str, data: Path, split: str = "test") -> dict[str, Any]:
    """Metrics of a role. Raises `InputError` for an unknown role or a folder that is not there."""
    if role not in ROLES:
        raise InputError(f"no role {role!r}; there are: {', '.join(ROLES)}")
    if not data.is_dir():
        raise InputError(f"no data folder at {data}")
    module, function = ROLES[role].split(":")
    metrics: dict[str, Any] = getattr(importlib.import_module(module), function)(data, split)
    return {"role": role, **metrics}


def main(role: str, data: Path, json_out: Path | None = None, split: str = "test") -> None:
    """Prints a role's metrics as JSON, and writes them where asked."""
    text = json.dumps(measure(role, data, split), ensure_ascii=False, indent=1)
    print(text)
    if json_out is not None:
        json_out.write_text(text + "\n", encoding="utf-8")
