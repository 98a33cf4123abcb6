"""What comes onto the sheets of the worst answers: the order, the words, and pictures that can be made again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from datasets.cases import sheet
from datasets.cases.make import TrueCase
from datasets.cases.nouns import PlannedCase
from datasets.cases.outcome import Outcome, with_perfect_facts
from datasets.cases.truth_judge import judge
from datasets.documents.evaluate import Tally
from datasets.documents.testset import Sample, plans
from datasets.documents.truth import FieldTruth, PageTruth, Truth, corners_of
from datasets.documents.worst import case, kind_right, told_beyond, wrong_flags
from datasets.evaluation.sheets import ANSWER, CELL, STRIP, Case, cell, worst, write
from datasets.quality_photos import QualityPhoto
from datasets.quality_twins import VERDICTS, cases, twin
from datasets.splits import SplitRow
from tests.unit.cases_factory import complete_case, without
from vision.types import (
    Decision,
    Document,
    DocumentFlag,
    DocumentFlagKind,
    DocumentKind,
    Field,
    Page,
    Pixels,
    Quality,
    QualityVerdict,
)

BOX = (10.0, 10.0, 60.0, 30.0)
BLACK = np.zeros((40, 60, 3), np.uint8)
STANDARD = "rear-end"


def noise(width: int, height: int) -> Pixels:
    return np.asarray(np.random.default_rng(1).integers(0, 255, (height, width, 3)), np.uint8)


def outcome(folder: Path, *missing: str) -> Outcome:
    """A case without some photos, decided rightly."""
    case = without(complete_case(), *missing)
    plan = PlannedCase("case-001", 1, "scene", STANDARD, "all", (), (), ())
    return with_perfect_facts(folder, TrueCase(plan, case, judge(case, STANDARD)))


def decided(one: Outcome, decision: Decision) -> Outcome:
    return replace(one, found=replace(one.found, decision=decision))


def test_a_wrong_complete_is_the_worst_and_a_right_decision_is_no_case() -> None:
    lacking, whole = outcome(Path("x"), "rear_panorama"), outcome(Path("y"))
    assert (lacking.true.truth.decision, whole.true.truth.decision) == ("retake", "complete")
    told = [
        decided(lacking, Decision.COMPLETE),
        decided(lacking, Decision.RETAKE),
        decided(whole, Decision.RETAKE),
        decided(whole, Decision.COMPLETE),
    ]
    made = [sheet.case(one) for one in told]
    assert made[0].badness > made[2].badness > 0 == made[1].badness == made[3].badness
    assert "retake" in made[0].words[0] and "complete" in made[0].words[1]


@pytest.mark.parametrize("disputed", [True, False])
def test_a_proof_sheet_frames_the_photos_in_dispute(
    disputed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = outcome(tmp_path)
    names = [picture.name for picture in one.true.case.pictures] + [paper.name for paper in one.true.case.papers]
    for name in names:
        cv2.imwrite(str(tmp_path / name), np.full((96, 128, 3), 128, np.uint8))
    cited = next(finding for finding in one.found.findings if finding.evidence)
    disputes = [f"{cited.requirement}: truth met, product unsure"] if disputed else []
    monkeypatch.setattr(sheet, "disagreements", lambda _: disputes)
    drawn = sheet.proof(one)
    assert drawn.shape == (sheet.SIDE, sheet.SIDE, 3)
    assert bool(np.all(drawn == ANSWER, axis=-1).any()) is disputed


def document(text: str | None, *flags: DocumentFlagKind, kind: DocumentKind = DocumentKind.VEHICLE_LICENCE) -> Document:
    field = Field(text, text or "", 0.9, BOX, Page.MAIN)
    raised = tuple(DocumentFlag(flag, 0.7) for flag in flags)
    return Document(kind, (Page.MAIN,), 0.9, BOX, raised, {"owner": field})


def sample(defect: str) -> Sample:
    corners = corners_of((0.0, 0.0, 60.0, 40.0))
    field = FieldTruth("owner", "张三", corners_of(BOX), Page.MAIN)
    page = PageTruth(DocumentKind.VEHICLE_LICENCE, Page.MAIN, corners, (field,))
    return Sample(7, defect, BLACK, Truth((page,)))


@pytest.mark.parametrize(
    ("defect", "told", "badness", "words"),
    [
        ("none", document("张三"), 0, ""),
        ("none", document(None), 1, "no owner"),
        ("thumb", document(None, DocumentFlagKind.OCCLUDED_FIELD), 0, "no owner"),
        ("none", document("张二"), 3, "owner 张三 as 张二"),
        ("none", document("张三", DocumentFlagKind.PHOTOCOPY), 2, "+photocopy"),
        ("photocopy", document("张三"), 2, "-photocopy"),
        ("none", document("张三", kind=DocumentKind.DRIVING_LICENCE), 10, "driving_licence 0.90"),
        ("none", None, 11, "no document; no owner"),
    ],
)
def test_a_wrong_word_is_worse_than_none(defect: str, told: Document | None, badness: float, words: str) -> None:
    made = case(sample(defect), (told,) if told else (), lambda: BLACK)
    assert (made.badness, made.words[1]) == (badness, words)
    assert kind_right(sample(defect), told) is (badness < 10)


def test_a_text_told_of_what_the_picture_cuts_off_is_no_right_answer() -> None:
    """A cropped page of which the owner's last character is outside the picture: silence is right, half a name not."""
    one = sample("cropped")
    page = replace(one.truth.pages[0], fields=(), cut=one.truth.pages[0].fields)
    cut, told = replace(one, truth=Truth((page,))), document("张", DocumentFlagKind.CROPPED_EDGE)
    made = case(cut, (told,), lambda: BLACK)
    assert (made.badness, made.words[1]) == (3, "owner 张, not shown")
    assert case(cut, (document(None, DocumentFlagKind.CROPPED_EDGE),), lambda: BLACK).badness == 0
    tally = Tally()
    tally.add(cut, (told,), 0.1)
    counted = tally.summary()
    assert counted["wrong texts among those told of what is not shown"]["cropped"]["value"] == 1
    assert counted["calibration"]["fields"]["ece"] == 0.9, "told with a score of .9, and wrong"
    assert any("not shown" in miss for miss in counted["misses"])


def test_a_field_that_is_not_printed_is_made_up() -> None:
    one = sample("none")
    empty = replace(one, truth=Truth((replace(one.truth.pages[0], fields=()),)))
    assert [(key, printed) for key, _, printed in told_beyond(empty, document("张三"))] == [("owner", None)]
    assert told_beyond(one, document("张二")) == [], "a wrong text of a printed field is missed, not made up"


def test_flags_are_missing_or_for_nothing() -> None:
    assert wrong_flags(sample("glare"), document(None, DocumentFlagKind.SCREENSHOT)) == [
        "+screenshot",
        "-glare_over_field",
    ]


def test_plans_begin_alike_however_many_are_asked_for() -> None:
    assert plans("val", 5) == plans("val")[:5]
    assert {seed for seed, *_ in plans("val")}.isdisjoint(seed for seed, *_ in plans("test"))


def quality(verdict: QualityVerdict, sharp: float = 0.9, dark: float = 0.1) -> Quality:
    return Quality(verdict, sharp, dark, 0.0, 0.0)


def photo(tmp_path: Path, word: str) -> QualityPhoto:
    path = tmp_path / "photo.png"
    cv2.imwrite(str(path), noise(80, 60))
    return QualityPhoto(SplitRow("0123456789abcdef", "cars", path.name, "test"), word, path)


def test_really_bad_photos_come_before_made_ones(tmp_path: Path) -> None:
    ok, bad = photo(tmp_path, "ok"), photo(tmp_path, "blur")
    seen = {"original": quality(QualityVerdict.DARK, dark=0.7), "dark": quality(QualityVerdict.OK, dark=0.4)}
    made = cases([(ok, seen)], [(bad, quality(QualityVerdict.OK)), (bad, quality(QualityVerdict.BLUR))])
    assert [one.badness for one in made] == pytest.approx([1.7, 0.6, 2.9, 0.0])
    assert [one.words[0].split(" ", 1)[1] for one in worst(made)] == ["blur (original)", "ok (original)", "dark (dark)"]


def test_a_twin_is_made_again_the_same(tmp_path: Path) -> None:
    one = photo(tmp_path, "ok")
    for kind in VERDICTS:
        first, again = (twin(one, kind, one.pixels()) for _ in range(2))
        assert (first == again).all() and (first == one.pixels()).all() == (kind == "original")


def test_a_larger_cell_makes_more_sheets_with_longer_words(tmp_path: Path) -> None:
    wordy = Case(1, lambda: noise(100, 80), ("t" * 200, "a" * 200))
    assert cell(wordy, 680).shape == (680 + STRIP, 680, 3)
    assert cell(wordy).shape == (CELL + STRIP, CELL, 3)
    assert len(write([wordy] * 9, tmp_path, "large", 680)) == 3
    assert len(write([wordy] * 9, tmp_path, "usual")) == 1
