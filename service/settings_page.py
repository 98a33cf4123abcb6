"""docs/settings.md, written from the settings themselves: ``python -m service.settings_page``."""

from __future__ import annotations

from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from service.settings import FILE, PREFIX, Settings

_HEAD = f"""# Settings

Written by `python -m service.settings_page` from `service/settings.py`; a test fails when it is out of date.

A setting is an environment variable, or a line of a TOML file (`--config FILE`, or the path in `{FILE}`) under its
name in small letters: `{PREFIX}PORT=9000` or `port = 9000`. The environment counts for more. A name nobody knows is an
error, and `kuaizheng doctor settings` tells it. Where nothing is a value, empty text is it.
S3's keys, region and endpoint are the usual `AWS_...` variables.

| variable | type | default | what for |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The page, in Markdown."""
    return _HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    cells = (f"`{PREFIX}{name.upper()}`", _type(field), _default(field.default), field.description or "")
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _type(field: FieldInfo) -> str:
    bounds = {type(one).__name__.lower(): one for one in field.metadata}
    low, high = bounds.get("ge") or bounds.get("gt"), bounds.get("le") or bounds.get("lt")
    told = _name(field.annotation)
    if low is not None:
        told += f", {'above' if hasattr(low, 'gt') else 'from'} {next(iter(_values(low)))}"
    if high is not None:
        told += f" {'below' if hasattr(high, 'lt') else 'to'} {next(iter(_values(high)))}"
    return told


def _values(bound: Any) -> list[Any]:
    return [getattr(bound, name) for name in ("ge", "gt", "le", "lt") if hasattr(bound, name)]


def _name(annotation: Any) -> str:
    if get_origin(annotation) is UnionType or isinstance(annotation, UnionType):
        return " or ".join(_name(one) for one in get_args(annotation))
    known = {
        str: "text",
        int: "whole number",
        float: "number",
        bool: "true or false",
        Path: "path",
        type(None): "nothing",
    }
    return known[annotation]


def _default(value: object) -> str:
    if value is None or value == "":
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    print(page(), end="")
