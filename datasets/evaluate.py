"""`kuaizheng evaluate ROLE --data FOLDER [--json FILE] [--sheet DIR]`: measures a role on the fixed test part.

Nothing is tuned here: limits are those that ship. Needs the evaluation packages (`requirements/dev.txt`).
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

from datasets.evaluation import Report, as_json
from datasets.evaluation.kept import keep_in
from datasets.evaluation.sheets import write
from vision.errors import InputError

ROLES = {
    "vehicle": "datasets.evaluation.vehicles:vehicle",
    "damage": "datasets.evaluation.damage:damage",
    "parts": "datasets.evaluation.parts:parts",
    "damage_part": "datasets.evaluation.damage_parts:damage_part",
    "view": "datasets.evaluation.views:view",
    "photo": "datasets.evaluation.framing:photo",
    "colour": "datasets.evaluation.colours:colour",
    "same_vehicle": "datasets.evaluation.same_vehicle:same_vehicle",
    "plates": "datasets.plates.evaluate:evaluate",
    "quality": "datasets.quality_eval:evaluate",
    "lane": "datasets.lanes.evaluate:evaluate",
    "roadside": "datasets.roadside.evaluate:evaluate",
    "documents": "datasets.documents.evaluate:evaluate",
    "cases": "datasets.cases.evaluate:evaluate",
}
"""Role -> the function that measures it: (data folder, split) -> `Report` or its metrics. Imported when asked for."""


def measure(role: str, data: Path, split: str = "test") -> Report:
    """Metrics and cases of a role. Raises `InputError` for an unknown role or a folder that is not there."""
    if role not in ROLES:
        raise InputError(f"no role {role!r}; there are: {', '.join(ROLES)}")
    if not data.is_dir():
        raise InputError(f"no data folder at {data}")
    module, function = ROLES[role].split(":")
    report = getattr(importlib.import_module(module), function)(data, split)
    # A role without pictures worth a sheet may give its metrics alone.
    report = report if isinstance(report, Report) else Report(report)
    return replace(report, metrics={"role": role, **report.metrics})


def main(
    role: str,
    data: Path,
    json_out: Path | None = None,
    split: str = "test",
    sheet: Path | None = None,
    keep: Path | None = None,
) -> Report:
    """Prints a role's metrics as JSON, writes them where asked, and gives them back.

    ``sheet``: a folder for pictures of the 40 worst answers; they show other people's photos. ``keep``: a folder in
    which the networks' raw answers are kept for the next time.
    """
    keep_in(keep)
    report = measure(role, data, split)
    text = as_json(report.metrics)
    print(text, end="")
    if json_out is not None:
        json_out.write_text(text, encoding="utf-8")
    if sheet is not None:
        write(report.cases, sheet, f"{role}_{split}", report.cell_px)
    return report
