"""`kuaizheng check` around facts made by hand: real decoding, judging and writing, no models."""

from __future__ import annotations

import gc
import json
import os
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import pytest

from service import batch, cli
from service.batch import Order, run
from service.cases import Gather
from service.terminal import show_case_briefly
from tests.handmade import paper, pixels, scene
from vision import score
from vision.errors import ModelError
from vision.types import Assessment, Photo, PhotoFacts, Unreadable
from vision.wire import assessment_from_json


class Done(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


Check = Callable[..., Done]


def gather(photos: Iterable[Photo | Unreadable], *, on: date | None = None) -> Iterator[PhotoFacts | Unreadable]:
    for photo in photos:
        if isinstance(photo, Unreadable):
            yield photo
        elif photo.name == "bug.jpg":
            raise ZeroDivisionError("皖A12345")
        else:
            made = paper(photo.name) if photo.name.startswith("licence") else scene(photo.name)
            yield replace(made, sha256=photo.sha256, size_wh=photo.size_wh, phash=photo.phash)


def fill(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        assert cv2.imwrite(str(folder / name), pixels()[..., ::-1])
    return folder


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """`kuaizheng check ARGUMENTS` with the hand-made facts."""

    def bound(provider: str | None) -> Gather:
        return gather

    monkeypatch.setattr(cli, "_bound_gather", bound)

    def invoke(*arguments: object) -> Done:
        with pytest.raises(SystemExit) as ended:
            cli.main(["check", *map(str, arguments)])
        captured = capsys.readouterr()
        return Done(int(ended.value.code or 0), captured.out, captured.err)

    return invoke


def test_one_case(tmp_path: Path, check: Check) -> None:
    case = fill(tmp_path / "case", "front.jpg", "licence.png")
    (case / "broken.jpg").write_text("no picture")
    done = check(case, "--json", tmp_path / "out.jsonl", "--html", tmp_path / "new" / "sheet.html", "--lang", "en")
    assert done.exit_code == 1
    assert "Rear panorama" in done.stdout
    value = json.loads((tmp_path / "out.jsonl").read_text("utf-8"))
    assert value["case"] == str(case)
    assessment = assessment_from_json(value)
    assert [one.photo for one in assessment.unreadable] == ["broken.jpg"]
    sheet = (tmp_path / "new" / "sheet.html").read_text("utf-8")
    assert "data:image/jpeg;base64," in sheet
    assert "broken.jpg" in sheet
    assert stat.S_IMODE((tmp_path / "new" / "sheet.html").stat().st_mode) & 0o044 == 0o044 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_sheet_shows_no_other_picture_than_the_one_that_was_looked_at(
    tmp_path: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The uploads of a live folder change: its boxes over another picture would prove nothing."""
    case = fill(tmp_path / "case", "front.jpg", "licence.png", "stays.jpg")
    judged = score.judge

    def meanwhile(*arguments: Any) -> Assessment:
        (case / "licence.png").unlink()
        assert cv2.imwrite(str(case / "front.jpg"), 255 - pixels())
        return judged(*arguments)

    monkeypatch.setattr(score, "judge", meanwhile)
    done = check(case, "--json", "-", "--html", tmp_path / "sheet.html")
    assert done.exit_code == 1 and json.loads(done.stdout)["decision"] == "retake"
    sheet = (tmp_path / "sheet.html").read_text("utf-8")
    assert sheet.count("原图不在手边") == 2
    assert 'aria-label="stays.jpg"' in sheet
    assert 'aria-label="front.jpg"' not in sheet and 'aria-label="licence.png"' not in sheet


@pytest.mark.parametrize("option", ["--json", "--html"])
@pytest.mark.parametrize("name", ["front.jpg", "answer", "case.toml", "sub/licence.txt"])
def test_no_answer_is_written_over_an_upload_or_becomes_one(
    tmp_path: Path, check: Check, option: str, name: str
) -> None:
    case = fill(tmp_path / "case", "front.jpg")
    (case / "sub").mkdir()
    (case / "sub" / "licence.txt").write_bytes((case / "front.jpg").read_bytes())
    (case / "case.toml").write_text("accident_type = 'rear_end'")
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    done = check(case, option, case / name)
    assert done.exit_code == 2 and "lies among the photos" in done.stderr and done.stdout == ""
    assert {path: path.read_bytes() for path in case.rglob("*") if path.is_file()} == before
    assert check(case, option, case / "sub" / "answer.html").exit_code == 1


def test_json_on_standard_output_stands_alone(tmp_path: Path, check: Check) -> None:
    done = check(fill(tmp_path / "case", "front.jpg"), "--json", "-")
    assert [json.loads(line)["decision"] for line in done.stdout.splitlines()] == ["retake"]


def test_the_same_case_twice_gives_the_same_json(tmp_path: Path, check: Check) -> None:
    case = fill(tmp_path / "case", "front.jpg", "licence.png")
    assert check(case, "--json", "-").stdout == check(case, "--json", "-").stdout


def test_one_bad_case_never_stops_the_rest(tmp_path: Path, check: Check) -> None:
    cases = tmp_path / "cases"
    fill(cases / "a", "front.jpg")
    fill(cases / "b", "bug.jpg")
    (fill(cases / "c", "front.jpg") / "case.toml").write_text("accident_type = 'crash'")
    (cases / "d").mkdir()
    (cases / "d" / "case.toml").write_text("")
    fill(cases / "e", "front.jpg")
    done = check(cases, tmp_path / "gone", "--json", tmp_path / "out.jsonl", "--html", tmp_path / "sheets")
    assert done.exit_code == 2
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    codes = [line.get("error", {}).get("code") for line in lines]
    assert codes == [None, "internal", "bad_case_file", "bad_input", None, "bad_input"]
    assert [Path(line["case"]).name for line in lines] == ["a", "b", "c", "d", "e", "gone"]
    assert sorted(path.name for path in (tmp_path / "sheets").iterdir()) == ["a.html", "e.html"]
    assert "case.toml:1: accident_type" in done.stderr
    assert "Traceback" not in done.stderr
    assert "皖A12345" not in done.stderr  # what an error quotes is not told


@pytest.mark.parametrize("name", ["\x1b]0;all is complete\x1b\\.jpg", "a\x9b2J.jpg", "gpj.\u202etnorf.jpg"])
def test_a_photo_s_name_does_not_steer_the_terminal(tmp_path: Path, check: Check, name: str) -> None:
    """Files bear the names that parties gave them."""
    case = fill(tmp_path / name / "case", "front.jpg")
    (case / name).write_text("no picture")
    fill(tmp_path / name / "other", "bug.jpg")
    done = check(case, tmp_path / name / "other", "--json", tmp_path / "out.jsonl", "--lang", "en")
    shown = done.stdout + done.stderr
    assert ascii(name)[1:-5].replace("\\\\", "\\") in shown
    assert not [one for one in shown if unicodedata.category(one) in ("Cc", "Cf") and one != "\n"]
    line = json.loads((tmp_path / "out.jsonl").read_text("utf-8").splitlines()[0])
    assert [one["photo"] for one in line["unreadable"]] == [name]


def test_what_was_told_of_a_case_is_let_go(tmp_path: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of ten thousand cases: the facts of all of them at once would not fit."""
    for number in range(6):
        fill(tmp_path / "cases" / str(number), "front.jpg", "licence.png")
    alive, shown = list[int](), show_case_briefly

    def show(*arguments: Any) -> None:
        gc.collect()
        alive.append(sum(isinstance(one, PhotoFacts) for one in gc.get_objects()))
        shown(*arguments)

    monkeypatch.setattr(batch, "show_case_briefly", show)
    assert check(tmp_path / "cases").exit_code == 1
    assert len(alive) == 6 and max(alive[1:]) == alive[1]


def test_cases_of_one_name_get_sheets_of_their_own(tmp_path: Path, check: Check) -> None:
    for day in ("mon", "tue"):
        fill(tmp_path / day / "case", "front.jpg")
    assert check(tmp_path / "mon" / "case", tmp_path / "tue" / "case", "--html", tmp_path / "out").exit_code == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["case-2.html", "case.html"]


def test_case_toml_is_read_from_the_folder_or_given(tmp_path: Path, check: Check) -> None:
    case = fill(tmp_path / "case", "front.jpg")
    other = tmp_path / "other.toml"
    other.write_text("[[parties]]\nid = 'Z'\nplate = '皖A12345'\n")
    (case / "case.toml").write_text("[[parties]]\nid = 'Y'\nplate = '皖A12345'\n")

    def parties(*more: object) -> set[str]:
        findings = json.loads(check(case, "--json", "-", *more).stdout)["findings"]
        return {finding["party"] for finding in findings if finding["party"]}

    assert "Y" in parties()
    assert "Z" in parties("--case", other)
    assert "Y" not in parties("--case", other)


WRONG: list[tuple[tuple[str, ...], str]] = [
    (("nowhere",), "bad_input: nowhere: no such folder"),
    (("empty",), "bad_input: empty: holds no photos"),
    (("case", "--standard", "no-such"), "bad_standard: no-such"),
    (("case", "--json", "nowhere/out.json"), "cannot_write: nowhere/out.json"),
    (("case", "--case", "nowhere.toml"), "bad_case_file: nowhere.toml: cannot be read"),
    (("case", "case", "--case", "case.toml"), "bad_input: --case tells of one case"),
    (("case", "case", "--html", "file"), "bad_input: file: several cases"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG, ids=lambda value: " ".join(value) if value else "")
def test_what_could_not_run_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: Check, arguments: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path / "case", "front.jpg")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    done = check(*arguments)
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"kuaizheng: {told}")
    assert done.stdout == ""


def test_models_that_do_not_load_are_an_error_and_never_an_assessment(tmp_path: Path) -> None:
    def broken() -> Gather:
        raise ModelError("plate.onnx does not load")

    with pytest.raises(ModelError):
        run(Order((fill(tmp_path / "case", "front.jpg"),)), broken)


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as stdout:
        done = subprocess.run(
            [sys.executable, "-m", "service.cli", "standards", "list"], stdout=stdout, stderr=subprocess.PIPE, text=True
        )
    assert (done.returncode, done.stderr) == (2, "")
