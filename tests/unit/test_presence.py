"""Found and claimed: what photos count, and which folder is measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from datasets.evaluation.presence import Role, claimed, presence, report
from datasets.evaluation.sheets import Case
from vision.errors import InputError

ASKED = [(True, 0.9, "a"), (True, 0.4, "b"), (False, 0.6, "c"), (False, 0.1, "d"), (None, 0.99, "e")]


@pytest.mark.parametrize(
    ("limit", "found", "claimed"), [(0.0, 1.0, 1.0), (0.4, 1.0, 0.5), (0.5, 0.5, 0.5), (0.7, 0.5, 0.0), (1.1, 0.0, 0.0)]
)
def test_what_may_be_either_counts_neither_way(limit: float, found: float, claimed: float) -> None:
    told = presence(ASKED, limit)
    assert (told["found"]["value"], told["found"]["n"]) == (found, 2)
    assert (told["false_alarms"]["value"], told["false_alarms"]["n"]) == (claimed, 2)
    assert told["auc"] == 0.75


def test_a_claim_counts_for_calibration_where_its_truth_is_known() -> None:
    judged = claimed([*ASKED, (True, 0.0, "f")])
    assert judged.scores.tolist() == [0.9, 0.4, 0.6, 0.1]
    assert judged.right.tolist() == [True, True, False, False]
    assert list(judged.groups) == ["a", "b", "c", "d"]


def test_nothing_is_told_of_what_was_never_asked() -> None:
    told = presence([(True, 0.9, "a")], 0.5)
    assert told["auc"] is None and told["false_alarms"]["value"] is None and told["found"]["value"] == 1.0


def role(real: Sequence[str], drawn: Sequence[str]) -> Role[str, str]:
    def hand_labelled(data: Path, split: str) -> Iterator[str]:
        return (f"{split} {name}" for name in real)

    def rendered(folder: Path) -> Iterator[str]:
        return iter(drawn)

    def summary(answers: Sequence[str]) -> dict[str, Any]:
        return {"answers": list(answers)}

    return Role(hand_labelled, rendered, lambda truths: list(truths), summary, lambda a: Case(1.0, Path(a), (a, a)))


def test_the_data_folder_is_measured_on_its_split(tmp_path: Path) -> None:
    (tmp_path / "street").mkdir()
    told = report(role(["photo"], ["picture"]), tmp_path, "val")
    assert told.metrics == {"split": "val", "n": 1, "answers": ["val photo"]}
    assert [case.picture for case in told.cases] == [Path("val photo")]


def test_any_other_folder_holds_rendered_pictures(tmp_path: Path) -> None:
    assert report(role(["photo"], ["picture"]), tmp_path, "val").metrics["split"] == "rendered"


def test_a_folder_without_either_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither"):
        report(role(["photo"], []), tmp_path, "val")
