"""Standards: all that come with the product are whole, and a wrong file is refused with its line and reason."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from vision import standard
from vision.checks import CHECKS, PARAMS, STANDING_CHECKS
from vision.checks.reasons import INCURABLE, Reason
from vision.errors import StandardError
from vision.words import reason_words, standing_title

NAMES = (
    "dooring",
    "four-photos",
    "intersection",
    "lane-change",
    "rear-end",
    "reversing",
    "self-handling-12123",
    "single-vehicle",
    "wrong-way",
)
CHECK_NAMES = tuple(check.__name__ for check in CHECKS)
GOOD = """\
name = "mine"
version = "1.2.3"
title = { zh = "我的", en = "Mine" }
accident_types = ["rear_end"]

[limits]
parties = 2

[[requirements]]
id = "front"
check = "scene_view"
title = { zh = "前方", en = "Front" }
weight = 3
params = { faces = ["front"] }

[[requirements]]
id = "licence"
check = "document"
title = { zh = "驾驶证", en = "Licence" }
weight = 1.5
[requirements.retake]
zh = "请拍{party}的驾驶证"
en = "Photograph the licence of {party}"
[requirements.params]
document = "driving_licence"
fields = ["name"]
"""


def test_the_nine_standards_are_there() -> None:
    assert standard.names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_has_a_check_and_a_weight(name: str) -> None:
    one = standard.load(name)
    assert one.name == name
    assert one.title.zh
    assert one.title.en
    for requirement in one.requirements:
        assert requirement.check in CHECK_NAMES, requirement.id
        assert 0 < requirement.weight <= 100
        assert requirement.title.zh
        assert requirement.title.en
    assert any(requirement.scene and requirement.required for requirement in one.requirements)


@pytest.mark.parametrize("name", NAMES)
def test_every_required_photo_has_an_instruction(name: str) -> None:
    """What fails for want of a photo can be asked for; agreement is no photo's business."""
    for one in standard.load(name).requirements:
        if one.required and not one.check.endswith("_agreement"):
            assert one.retake is not None, one.id


def test_every_accident_type_but_other_has_its_own_standard() -> None:
    for name in set(NAMES) - {"four-photos", "self-handling-12123"}:
        assert standard.load(name).accident_types == (name.replace("-", "_"),)
    assert standard.load("four-photos").accident_types == ()


def test_every_check_is_asked_for_by_some_standard() -> None:
    asked = {one.check for name in NAMES for one in standard.load(name).requirements}
    assert asked == set(CHECK_NAMES)
    assert set(PARAMS) <= set(CHECK_NAMES)


def test_a_check_is_named_once() -> None:
    names = (*CHECK_NAMES, *(check.__name__ for check in STANDING_CHECKS))
    assert len(names) == len(set(names))


def test_limits_in_the_file_are_those_that_the_code_reads() -> None:
    folder = Path(standard.__file__).parent
    files = (*folder.glob("checks/*.py"), folder / "score.py", folder / "assignment.py", folder / "advice.py")
    read = {key for path in files for key in re.findall(r'limits\["(\w+)"\]', path.read_text(encoding="utf-8"))}
    assert read == set(standard.shared_limits()[1])


def test_every_reason_and_standing_check_has_words_and_no_word_is_left_over() -> None:
    file = tomllib.loads((standard.FOLDER / standard.WORDS).read_text(encoding="utf-8"))
    assert set(file["reasons"]) == {reason.value for reason in Reason}
    assert set(file["standing"]) == {check.__name__ for check in STANDING_CHECKS}
    for code in file["reasons"]:
        words = reason_words(code)
        assert words is not None
        assert words.zh
        assert words.en
        assert not words.zh.isascii()
        assert words.en.isascii()
    assert all(standing_title(check) is not None for check in file["standing"])
    assert reason_words("no such code") is None
    assert set(Reason) >= INCURABLE


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    one = standard.load(path)
    assert (one.name, one.version.split("+")[0], one.accident_types) == ("mine", "1.2.3", ("rear_end",))
    assert one.requirements[0].params == {"faces": ("front",)}
    assert one.requirements[1].retake is not None
    assert one.limits["parties"] == 2
    assert set(one.limits) == set(standard.shared_limits()[1])
    assert standard.load(str(path)) == one


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("weight = 3\n", "", 9, "weight: Field required"),
        ("weight = 3", "weight = 0", 13, "greater than 0"),
        ("weight = 3", "weight = -1", 13, "greater than 0"),
        ("weight = 3", "weight = nan", 13, "weight"),
        ("weight = 3", 'weight = "3"', 13, "valid number"),
        ("weight = 3", "weight = true", 13, "valid number"),
        ("weight = 3", "wieght = 3", 9, "weight: Field required"),
        ("weight = 3", "weight = 3\ncolour = 1", 14, "colour: Extra inputs"),
        ('check = "scene_view"', 'check = "no_such"', 11, "unknown check 'no_such'"),
        ('id = "front"', 'id = "licence"', 17, "is there twice"),
        ('id = "front"', 'id = "Front!"', 10, "pattern"),
        ('faces = ["front"]', 'faces = ["top"]', 14, "'top' is none of"),
        ('faces = ["front"]', 'faces = "front"', 14, "list of texts"),
        ('faces = ["front"]', "vehicles = 0", 14, "at least 1"),
        ('faces = ["front"]', 'straight = "yes"', 14, "of type bool"),
        ('faces = ["front"]', "no_such = 1", 14, "knows no parameter 'no_such'"),
        ('faces = ["front"]', 'cured_by = ["side"]', 14, "'side' is no other requirement"),
        ('faces = ["front"]', 'cured_by = ["front"]', 14, "'front' is no other requirement"),
        ("parties = 2", "parties = 1.5", 7, "whole number"),
        ("parties = 2", "partys = 2", 7, "unknown limit 'partys'"),
        ("parties = 2", "view_score = -1", 7, "0 or more"),
        ("parties = 2", 'view_score = "x"', 7, "valid number"),
        ('"rear_end"', '"fender_bender"', 4, "unknown accident type 'fender_bender'"),
        ('version = "1.2.3"', 'version = "new"', 2, "pattern"),
        ('version = "1.2.3"\n', "", 1, "version: Field required"),
        ('en = "Mine" }', 'en = "" }', 3, "at least 1 character"),
        ('document = "driving_licence"\n', "", 24, "needs the parameter 'document'"),
        ('document = "driving_licence"', 'document = "passport"', 25, "'passport' is none of"),
        ("的驾驶证", "{plate}的驾驶证", 22, "only {party}"),
        ("licence of {party}", "licence of {party", 23, "only {party}"),
        ("weight = 1.5", "weight 1.5", 20, "not TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_reason(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    assert old in GOOD
    path = tmp_path / "wrong.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StandardError) as caught:
        standard.load(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert reason in message
    assert f":{line}:" in message or f"line {line}," in message


def test_files_that_are_none(tmp_path: Path) -> None:
    empty, binary = tmp_path / "empty.toml", tmp_path / "binary.toml"
    empty.write_text("", encoding="utf-8")
    binary.write_bytes(b"\xff\xfe\x00")
    for wrong in (empty, binary, tmp_path, tmp_path / "missing.toml", "no-such", "limits", "words", ""):
        with pytest.raises(StandardError):
            standard.load(wrong)
