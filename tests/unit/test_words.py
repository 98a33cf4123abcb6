"""Every code that a person may see has its words, in both languages."""

from __future__ import annotations

from enum import StrEnum

import pytest

from service.words import Lang, field_word, measure, measures, number, reason_text, title_of, word, worst
from vision import types
from vision.checks.reasons import Reason
from vision.standard_file import ACCIDENT_TYPES
from vision.types import Verdict

CLOSED_SETS = [kind for kind in vars(types).values() if isinstance(kind, type) and issubclass(kind, StrEnum)]
SHOWN = sorted({str(code) for kind in CLOSED_SETS if kind not in (StrEnum, types.PlateKind) for code in kind})


@pytest.mark.parametrize("code", [*SHOWN, *ACCIDENT_TYPES])
def test_a_code_has_words(code: str) -> None:
    chinese, english = word(code, Lang.ZH), word(code, Lang.EN)
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
    assert english.isascii()


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_has_words(reason: Reason) -> None:
    assert reason_text(reason, Lang.ZH) != reason
    assert " " in reason_text(reason, Lang.EN) or len(reason) < 8


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert word("brand_new", Lang.ZH) == "brand_new"
    assert field_word("brand_new", Lang.EN) == "brand new"
    assert title_of("brand_new", (), Lang.ZH) == "brand_new"


@pytest.mark.parametrize(
    ("value", "shown"), [(1.0, "1"), (0.5, "0.5"), (0.3333, "0.33"), (100.0, "100"), (0.0, "0"), ("皖A", "皖A")]
)
def test_numbers_are_short(value: float | str, shown: str) -> None:
    assert number(value) == shown


def test_codes_inside_a_measured_value_become_words_and_what_was_read_stays() -> None:
    assert measure("vehicle_licence 皖A12345; scene ?", Lang.ZH) == "行驶证 皖A12345; 现场 ?"
    assert measure("LSVAA4182E2184847 unknown_code", Lang.ZH) == "LSVAA4182E2184847 unknown_code"


@pytest.mark.parametrize(
    ("measured", "limit", "told"),
    [
        (0.4987, 0.5, ("0.4987", "0.5")),
        (59.999, 60, ("59.999", "60")),
        (0.5, 0.5, ("0.5", "0.5")),
        (2, 2, ("2", "2")),
        (0.4, 0.5, ("0.4", "0.5")),
        (None, 0.5, (None, "0.5")),
        ("front", None, ("front", None)),
    ],
)
def test_a_value_that_falls_short_is_not_told_as_the_limit(
    measured: float | str | None, limit: float | None, told: tuple[str | None, str | None]
) -> None:
    assert measures(measured, limit, Lang.EN) == told


@pytest.mark.parametrize(
    ("verdicts", "found"),
    [
        ((), Verdict.UNSURE),
        ((Verdict.PASS,), Verdict.PASS),
        ((Verdict.PASS, Verdict.UNSURE), Verdict.UNSURE),
        ((Verdict.UNSURE, Verdict.FAIL, Verdict.PASS), Verdict.FAIL),
    ],
)
def test_the_worst_verdict_counts(verdicts: tuple[Verdict, ...], found: Verdict) -> None:
    assert worst(verdicts) is found
