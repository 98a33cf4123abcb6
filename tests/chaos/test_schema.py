"""Made-up input for every route, a hundred requests each."""

from __future__ import annotations

from pathlib import Path

from tests.integration.test_service_schema import live, server_errors

EXAMPLES = 100


def test_no_server_error(sqlite_template: Path, tmp_path: Path) -> None:
    with live(sqlite_template, tmp_path) as service:
        assert server_errors(service, EXAMPLES) == []
