"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Settings in TOML; KUAIZHENG_... variables count for more.")
]
