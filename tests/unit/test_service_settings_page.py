"""docs/settings.md tells of every setting what the code says, and its examples are settings."""

from __future__ import annotations

import re
from pathlib import Path

from service.settings import Settings, load
from service.settings_page import page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it anew: python -m service.settings_page > docs/settings.md"


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
    assert len(re.findall(r"^\| `KUAIZHENG_", page(), re.MULTILINE)) == len(Settings.model_fields)


def test_every_default_on_the_page_is_one() -> None:
    told = re.findall(r"^\| `(KUAIZHENG_\w+)` \| [^|]+ \| `([^`]+)` \|", page(), re.MULTILINE)
    assert load(environ=dict(told)) == Settings()
    assert len(told) > 15
