"""The other commands: facts line by line, standards, models, evaluate; exit statuses and the one line of an error."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import cv2
import pytest

import vision.facts
import vision.models.bundle
from service import cli, model_table
from tests.handmade import pixels, scene
from vision.models.card import Card
from vision.models.session import available
from vision.types import Photo, PhotoFacts, Unreadable


class Done(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


Kuaizheng = Callable[..., Done]


@pytest.fixture
def kuaizheng(capsys: pytest.CaptureFixture[str]) -> Kuaizheng:
    def invoke(*arguments: object) -> Done:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Done(int(ended.value.code or 0), captured.out, captured.err)

    return invoke


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a photo and a file that is none; facts are made by hand and tell what they were asked for."""
    (tmp_path / "ünï").mkdir()
    assert cv2.imwrite(str(tmp_path / "a.png"), pixels()[..., ::-1])
    (tmp_path / "ünï" / "b.jpg").write_bytes(b"")

    def gather(
        uploads: Iterable[Photo | Unreadable], models: object, *, text: bool = False, on: date | None = None
    ) -> Iterator[PhotoFacts | Unreadable]:
        for one in uploads:
            yield (
                one if isinstance(one, Unreadable) else scene(one.name, text_lines=() if text else None, device=str(on))
            )

    def load(provider: str | None) -> str:
        return "models"

    monkeypatch.setattr(vision.facts, "gather", gather)
    monkeypatch.setattr(vision.models.bundle, "load", load)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_facts_prints_a_line_a_photo_in_the_order_given(photos: Path, kuaizheng: Kuaizheng) -> None:
    done = kuaizheng("facts", "ünï/b.jpg", "./a.png", photos / "a.png")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert lines[0] == {"photo": "ünï/b.jpg", "unreadable": "empty"}
    assert [line["photo"] for line in lines] == ["ünï/b.jpg", "./a.png", str(photos / "a.png")]
    assert "text_lines" not in lines[1]


def test_facts_hands_on_its_options(photos: Path, kuaizheng: Kuaizheng) -> None:
    line = json.loads(kuaizheng("facts", "a.png", "--text", "--on", "2026-05-02").stdout)
    assert (line["text_lines"], line["device"]) == ([], "2026-05-02")


@pytest.mark.parametrize(("path", "reason"), [("gone.jpg", "no such file"), ("ünï", "not a file")])
def test_facts_of_no_file_prints_nothing(photos: Path, kuaizheng: Kuaizheng, path: str, reason: str) -> None:
    done = kuaizheng("facts", "a.png", path)
    assert done == (2, "", f"kuaizheng: bad_input: {path}: {reason}\n")


def test_standards_are_listed_and_shown(kuaizheng: Kuaizheng) -> None:
    assert "four-photos" in kuaizheng("standards", "list").stdout
    shown = kuaizheng("standards", "show", "four-photos", "--lang", "en")
    assert shown.exit_code == 0
    assert "Front panorama" in shown.stdout


def test_a_wrong_standard_is_told_with_its_line(tmp_path: Path, kuaizheng: Kuaizheng) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('name = "wrong"\nversion = "1"\n')
    done = kuaizheng("standards", "validate", "four-photos", wrong)
    assert done.exit_code == 2
    assert done.stdout.startswith("four-photos: ")
    assert done.stderr.startswith("kuaizheng: bad_standard: ")
    assert f"{wrong}:" in done.stderr
    assert kuaizheng("standards", "validate", "four-photos").exit_code == 0
    assert kuaizheng("standards", "show", "nowhere").exit_code == 2


BAR = {"name": "exact", "value": 0.91234, "bar": 0.92, "met": False, "direction": ">="}


def test_a_model_that_does_not_load_is_told(monkeypatch: pytest.MonkeyPatch, kuaizheng: Kuaizheng) -> None:
    card = Card(
        role="plate",
        file="gone.onnx",
        sha256="0" * 64,
        what="a file that is not there",
        inputs={},
        outputs=[],
        labels=[],
        data=[],
        recipe="none",
        metrics={"split": "test", "bars": [BAR]},
        limits=["it is not there"],
    )
    monkeypatch.setattr(model_table, "cards", lambda: (card,))
    done = kuaizheng("models")
    assert done.exit_code == 2
    assert "exact 0.9123 (>= 0.92, test part), SHORT OF IT" in done.stdout
    assert done.stderr.startswith("kuaizheng: gone.onnx: bad_model: ")
    rows = [json.loads(line) for line in kuaizheng("models", "--json").stdout.splitlines()]
    assert [(row["role"], row["loads"]) for row in rows] == [("plate", False), ("text_find", True), ("text_read", True)]
    assert rows[0]["provider"] is None
    assert rows[1]["provider"] in available()


def test_a_provider_that_is_not_here_is_an_error(kuaizheng: Kuaizheng) -> None:
    done = kuaizheng("models", "--provider", "abacus")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("kuaizheng: provider_missing: ")


def test_evaluate_needs_a_folder_and_a_role(tmp_path: Path, kuaizheng: Kuaizheng) -> None:
    assert kuaizheng("evaluate", "vehicle", "--data", tmp_path / "gone").exit_code == 2
    done = kuaizheng("evaluate", "no-such-role", "--data", tmp_path)
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["check", "facts", "evaluate", "standards", "models"])
def test_every_command_explains_itself(kuaizheng: Kuaizheng, command: str) -> None:
    done = kuaizheng(command, "--help")
    assert done.exit_code == 0
    assert "Usage" in done.stdout
    assert kuaizheng(command, "--nonsense").exit_code == 2
