"""Dockerfile, compose file, units and the operating page name only commands, options, settings and files that exist."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from service.audit_signing import key_file
from service.cli import app
from service.manifest_pdf import FONTS
from service.settings import ELSEWHERE, PREFIX, Settings, load

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
PAGES = [ROOT / "README.md", ROOT / "docs" / "operating.md"]
NAMED = [ROOT / "Dockerfile", ROOT / "compose.yaml", *UNITS, *PAGES, ROOT / "docs" / "settings.md"]
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields} | ELSEWHERE


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(re.sub(r"^#.*$", "", path.read_text("utf-8"), flags=re.MULTILINE))
    return parser


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every call of ours: where it is, and its words."""
    for name, service in COMPOSE["services"].items():
        if "build" in service:
            yield f"compose {name}", service["command"]
    for path in UNITS:
        for key in ("ExecStartPre", "ExecStart"):
            if told := unit(path)["Service"].get(key):
                yield path.name, shlex.split(told)[1:]
    docker = (ROOT / "Dockerfile").read_text("utf-8")
    yield "Dockerfile", re.findall(r'"(\w+)"', re.findall(r"^CMD (.*)$", docker, re.MULTILINE)[0])
    for path in PAGES:
        for block in re.findall(r"```\w*\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            for line in re.sub(r"\\\n", " ", block).splitlines():
                if match := re.match(r"(?:\$ |sudo )?(?:-u kuaizheng )?(?:[\w./]*/)?kuaizheng (.*)", line.strip()):
                    yield path.name, shlex.split(match[1].split("|")[0], comments=True)


@pytest.mark.parametrize(("where", "words"), list(commands()), ids=str)
def test_a_command_exists_with_its_options(where: str, words: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while hasattr(command, "commands"):
        assert rest and rest[0] in command.commands, f"{where}: kuaizheng {' '.join(words)}"
        command = command.commands[rest.pop(0)]
    options = {name for one in command.params for name in one.opts}
    told = {word.split("=")[0] for word in rest if word.startswith("--")}
    assert told <= options | {"--help"}, f"{where}: kuaizheng {' '.join(words)}"


def test_commands_are_found_at_all() -> None:
    assert {where for where, _ in commands()} >= {"compose service", "compose worker", "Dockerfile", "README.md"}
    assert ("kuaizheng.service", ["serve", "--config", "/etc/kuaizheng/kuaizheng.toml"]) in list(commands())


@pytest.mark.parametrize("path", NAMED, ids=lambda path: path.name)
def test_a_named_setting_exists(path: Path) -> None:
    named = set(re.findall(r"\bKUAIZHENG_[A-Z0-9_]+\b", path.read_text("utf-8")))
    assert named <= KNOWN
    assert named or path.suffix == ".service"


def test_what_compose_sets_can_be_loaded() -> None:
    for name, service in COMPOSE["services"].items():
        told = {k: v for k, v in service.get("environment", {}).items() if k.startswith(PREFIX)}
        if told:
            settings = load(environ=told)
            assert settings.database.startswith("postgresql://") and settings.blobs == "s3://originals", name


def test_compose_names_only_what_it_has() -> None:
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        assert {one.split(":")[0] for one in service.get("volumes", ())} <= set(volumes)
        assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
    assert services["service"]["environment"]["KUAIZHENG_WORKERS"] == "0"
    assert not re.search(r"PASSWORD: (?!\$)", (ROOT / "compose.yaml").read_text("utf-8")), "no password has a default"


def test_the_file_of_settings_can_be_loaded() -> None:
    settings = load(ROOT / "deploy" / "kuaizheng.toml", {})
    assert settings.workers == 0 and settings.database.startswith("postgresql://")


def test_the_units_can_make_the_audit_key() -> None:
    settings = load(ROOT / "deploy" / "kuaizheng.toml", {})
    for path in UNITS:
        service = unit(path)["Service"]
        assert service["ProtectSystem"] == "strict"
        assert settings.data_folder == key_file(settings).parent == Path("/var/lib") / service["StateDirectory"]


def test_a_proxy_tells_the_address_and_passes_on_none() -> None:
    blocks = re.findall(r"```\w*\n(.*?)```", (ROOT / "docs" / "operating.md").read_text("utf-8"), re.DOTALL)
    (nginx,) = [block for block in blocks if "proxy_pass " in block]
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx


def test_the_image_copies_only_what_there_is() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE):
        for name in line.split()[:-1]:
            assert (ROOT / name).exists() and name.split("/")[0] in let_in, name
    assert re.search(r"^USER (?!root)", text, re.MULTILINE)


def test_the_image_has_the_font_of_the_manifest() -> None:
    """Else `manifest.pdf` is refused in every container, whose user can install nothing."""
    _, runs = re.split(r"^FROM .*$", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert re.search(r"apt-get install .*\bfonts-noto-cjk\b", runs)
    assert any("/noto/" in str(path) for path in FONTS)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_ends_in_order(path: Path) -> None:
    """Workers of `serve` are its own to end: systemd must not end all of the group at once."""
    service = unit(path)["Service"]
    assert service["KillMode"] == "mixed" and int(service["TimeoutStopSec"]) > 30
    if shutil.which("systemd-analyze"):
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", path], capture_output=True, text=True, check=False
        )
        said = [line for line in done.stderr.splitlines() if path.name in line]
        assert not [line for line in said if "is not executable" not in line], said
