"""Grammar of plates: a table of real-looking texts, and properties over drawn ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.plate_grammar import (
    ALPHABET,
    LETTERS,
    MAX_LENGTH,
    PROVINCES,
    kinds_for,
    normalise,
    valid,
    warnings,
)
from vision.types import PlateKind

ORDINARY = (
    PlateKind.BLUE,
    PlateKind.YELLOW_SINGLE,
    PlateKind.YELLOW_DOUBLE,
    PlateKind.MOTORCYCLE,
)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("皖A12345", ORDINARY),
        ("苏AY632H", ORDINARY),
        ("粤OA9112", ORDINARY),
        ("皖OA9112", ()),
        ("皖AO2345", ()),
        ("皖AI2345", ()),
        ("皖A1234", ()),
        ("A皖12345", ()),
        ("皖AD19789", (PlateKind.GREEN_SMALL,)),
        ("沪AF71017", (PlateKind.GREEN_SMALL,)),
        ("沪AL71017", ()),
        ("京A12345D", (PlateKind.GREEN_LARGE,)),
        ("京A12345Z", ()),
        ("鄂F8888警", (PlateKind.WHITE_POLICE,)),
        ("WJ1693015", (PlateKind.WHITE_ARMED_POLICE,)),
        ("WJ京1234X", (PlateKind.WHITE_ARMED_POLICE,)),
        ("WJ12345", (PlateKind.WHITE_ARMED_POLICE, PlateKind.WHITE_ARMY)),
        ("VA12345", (PlateKind.WHITE_ARMY,)),
        ("沪A1639领", (PlateKind.BLACK_CONSULATE,)),
        ("使014578", (PlateKind.BLACK_EMBASSY,)),
        ("使01457", ()),
        ("粤ZR066港", (PlateKind.BLACK_HK_MACAU,)),
        ("粤AR066港", ()),
        ("京A1234学", (PlateKind.COACH,)),
        ("京A1234挂", (PlateKind.TRAILER,)),
        ("民航B9016", (PlateKind.CIVIL_AVIATION,)),
        ("京A1234临", (PlateKind.TEMPORARY,)),
        ("京A12345临", (PlateKind.TEMPORARY,)),
        ("", ()),
        ("警", ()),
    ],
)
def test_kinds(text: str, kinds: tuple[PlateKind, ...]) -> None:
    assert set(kinds_for(text)) == set(kinds)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("皖A·12345", "皖A12345"),
        (" 皖ａ１２３４５\n", "皖A12345"),
        ("使014・578", "使014578"),
        ("", ""),
    ],
)
def test_normalise(raw: str, text: str) -> None:
    assert normalise(raw) == text


def test_warning_of_the_old_office() -> None:
    assert warnings("粤OA9112") == ("old_office_o",)
    assert warnings("粤BA9112") == ()
    assert warnings("粤O") == ()


@given(st.text(ALPHABET + "abcｘ１· ・-\n", max_size=12))
def test_normalise_is_idempotent_and_kinds_agree_with_valid(raw: str) -> None:
    text = normalise(raw)
    assert normalise(text) == text
    assert kinds_for(text) == tuple(k for k in PlateKind if valid(text, k))


@given(
    st.sampled_from(PROVINCES),
    st.sampled_from(LETTERS),
    st.text(LETTERS + "0123456789", min_size=5, max_size=5),
)
def test_every_ordinary_text_is_valid_and_loses_validity_with_a_character(p: str, office: str, serial: str) -> None:
    text = p + office + serial
    assert set(ORDINARY) <= set(kinds_for(text))
    assert not set(ORDINARY) & set(kinds_for(text[:-1]))
    assert set(text) <= set(ALPHABET) and len(text) <= MAX_LENGTH


@given(st.text(ALPHABET, max_size=MAX_LENGTH + 2))
def test_other_has_no_grammar_and_what_is_valid_is_short(text: str) -> None:
    assert not valid(text, PlateKind.OTHER)
    assert not kinds_for(text) or len(text) <= MAX_LENGTH
