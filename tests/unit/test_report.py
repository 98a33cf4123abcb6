"""The proof sheet: geometry of its pictures, and that nothing untrusted gets out of its place."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.report import SheetInput, render
from service.report.overlay import DRAWN_FROM, TONES, percent, shapes, tone_of
from service.report.pictures import Turn, crop, whole
from service.words import Lang
from tests.handmade import ASSESSMENT, FACTS, NASTY, REQUIREMENTS, SIZE_WH, field, licence, paper, pixels, scene
from vision.types import Box, DocumentFlag, DocumentFlagKind, Evidence, Finding, Pixels, Text, Validation, Verdict

PIXELS = pixels()


def sheet(lang: Lang = Lang.ZH, *, originals: bool = True) -> str:
    def opened(name: str) -> Pixels | None:
        return pixels() if originals else None

    return render(
        SheetInput("case <1>", Text("四张照片", "Four photos"), REQUIREMENTS, ASSESSMENT, FACTS, opened), lang
    )


class Page(HTMLParser):
    """Tags, attributes and text of a page, as a browser takes them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def jpeg(data_uri: str | None) -> Pixels:
    assert data_uri is not None
    assert data_uri.startswith("data:image/jpeg;base64,")
    decoded = cv2.imdecode(np.frombuffer(base64.b64decode(data_uri.split(",")[1]), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert decoded is not None
    return np.asarray(decoded, np.uint8)


@pytest.mark.parametrize("lang", Lang)
def test_untrusted_text_is_text(lang: Lang) -> None:
    page = Page(sheet(lang))
    assert "script" not in page.tags
    assert not {"onclick", "onload", "onerror", "style"} & {name for name, _ in page.attributes}
    assert NASTY in page.text
    assert "<b>王小明</b>" in "".join(page.text)
    assert "b" in page.tags  # the score's own; the owner's name brought none
    assert page.tags.count("b") == 1


def test_the_sheet_needs_nothing_from_outside() -> None:
    page = Page(sheet())
    links = {value for name, value in page.attributes if name in ("href", "src", "action") and value}
    assert all(link.startswith(("#", "data:image/jpeg;base64,")) for link in links)
    assert not {"link", "iframe", "object", "base", "form"} & set(page.tags)
    assert "@import" not in sheet()
    assert "url(" not in sheet()


def test_the_style_is_the_one_that_the_policy_allows() -> None:
    html = sheet()
    style = re.search(r"<style>(.*?)</style>", html, re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = next(value for _, value in Page(html).attributes if value and "default-src" in value)
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")


def test_every_finding_and_every_link_has_its_place() -> None:
    page = Page(sheet())
    places = {value for name, value in page.attributes if name == "id"}
    assert {f"r-{finding.requirement}" for finding in ASSESSMENT.findings} <= places
    targets = {value[1:] for name, value in page.attributes if name == "href" and value and value.startswith("#")}
    assert targets - {""} <= places


def test_what_fails_comes_first_and_a_disagreement_before_all() -> None:
    html = sheet()
    order = sorted(("front", "rear", "papers", "agreement"), key=lambda name: html.index(f'id="r-{name}"'))
    assert order == ["agreement", "rear", "papers", "front"]


def test_the_fields_an_officer_should_look_at_come_first() -> None:
    html = sheet()
    tones = re.findall(r'<tr class="(\w+)"><td class="soft">', html)
    assert tones == sorted(tones, key=TONES.index)
    assert tones[0] == "bad"


def test_a_sheet_without_originals_keeps_its_words() -> None:
    html = sheet(originals=False)
    assert "data:image" not in html
    assert "皖A12346" in html
    assert "坏.jpg" in html


def test_a_finding_about_a_file_without_pixels_names_it() -> None:
    """Three broken uploads are three findings of the same words: which is which must be told."""
    about = Finding(
        "originals_readable", Verdict.UNSURE, "original_unreadable", None, (Evidence("坏.jpg"),), "truncated"
    )
    assessment = replace(ASSESSMENT, findings=(about,))
    html = render(SheetInput("case", Text("四", "four"), REQUIREMENTS, assessment, FACTS, lambda _: None), Lang.ZH)
    article = re.search(r'<article[^>]*id="r-originals_readable">.*?</article>', html, re.S)
    assert article is not None and "坏.jpg" in article[0]


@pytest.mark.parametrize(("score", "told"), [(1.0, "100%"), (0.9999, "99%"), (0.994, "99%"), (0.5, "50%"), (0.0, "0%")])
def test_what_is_not_certain_is_not_told_as_certain(score: float, told: str) -> None:
    assert percent(score) == told


@pytest.mark.parametrize("lang", Lang)
def test_the_same_case_gives_the_same_sheet(lang: Lang) -> None:
    assert sheet(lang) == sheet(lang)


def test_the_language_is_the_one_asked_for() -> None:
    assert "请到车辆后方拍一张全景" in sheet(Lang.ZH)
    assert "Take a panorama from behind" in sheet(Lang.EN)
    assert "Take a panorama" not in sheet(Lang.ZH)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@given(x=st.integers(0, SIZE_WH[0] - 1), y=st.integers(0, SIZE_WH[1] - 1))
def test_a_turned_point_is_at_the_same_pixel(degrees: int, x: int, y: int) -> None:
    turn = Turn(degrees, SIZE_WH)
    turned = turn.pixels(PIXELS)
    tx, ty = turn.point((x + 0.5, y + 0.5))
    assert (turned.shape[1], turned.shape[0]) == turn.turned_wh
    assert turned[int(ty), int(tx)].tolist() == PIXELS[y, x].tolist()


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_turned_box_stays_a_box(degrees: int) -> None:
    x0, y0, x1, y1 = Turn(degrees, SIZE_WH).box((10, 20, 50, 40))
    assert x0 < x1
    assert y0 < y1
    assert sorted((x1 - x0, y1 - y0)) == [20, 40]


box_edges = st.tuples(st.floats(-50, 450), st.floats(-50, 350), st.floats(-50, 450), st.floats(-50, 350))


@given(edges=box_edges, margin=st.sampled_from([0.0, 0.1, 0.35]))
def test_a_crop_lies_in_the_photo_and_holds_the_box(edges: tuple[float, float, float, float], margin: float) -> None:
    box = (min(edges[0], edges[2]), min(edges[1], edges[3]), max(edges[0], edges[2]), max(edges[1], edges[3]))
    picture = crop(PIXELS, (box,), 120, margin)
    x0, y0, x1, y1 = picture.box_xyxy
    assert 0 <= x0 < x1 <= SIZE_WH[0]
    assert 0 <= y0 < y1 <= SIZE_WH[1]
    assert x0 <= max(box[0], 0) or box[0] > SIZE_WH[0] - 1
    assert x1 >= min(box[2], SIZE_WH[0]) or box[2] < 1
    assert max(jpeg(picture.data_uri).shape[:2]) <= 120


def test_a_picture_is_no_larger_than_asked_for_and_not_blown_up() -> None:
    assert jpeg(whole(pixels(), 100).data_uri).shape == (75, 100, 3)
    assert jpeg(whole(pixels(), 5000).data_uri).shape == (300, 400, 3)


def test_colours_survive() -> None:
    shown = jpeg(whole(pixels(), 400).data_uri)
    assert np.abs(shown.astype(int) - pixels()).mean() < 4


def test_what_is_weak_is_not_drawn() -> None:
    drawn = shapes(scene(), Turn(0, SIZE_WH), Lang.EN)
    assert [shape.layer for shape in drawn].count("part") == 1  # the wheel's score is .1
    weak = [part for vehicle in scene().vehicles for part in vehicle.parts if part.score < DRAWN_FROM]
    assert len(weak) == 1


@pytest.mark.parametrize(
    ("text", "validated", "score", "tone"),
    [
        (None, Validation.CHECKSUM, 0.99, "bad"),
        ("x", Validation.CHECKSUM, 0.3, "good"),
        ("x", Validation.AGREES_WITH, 0.3, "good"),
        ("x", Validation.GRAMMAR, 0.95, "fair"),
        ("x", Validation.GRAMMAR, 0.5, "warn"),
        ("x", Validation.NONE, 0.95, "plain"),
        ("x", Validation.NONE, 0.5, "warn"),
    ],
)
def test_a_field_is_coloured_by_what_proved_it(
    text: str | None, validated: Validation, score: float, tone: str
) -> None:
    assert tone_of(field(text, validated=validated, score=score)) == tone


@pytest.mark.parametrize(
    ("kind", "validated", "box", "tone"),
    [
        ("glare_over_field", Validation.GRAMMAR, (0.0, 0.0, 4000.0, 4000.0), "warn"),
        ("occluded_field", Validation.NONE, (0.0, 0.0, 4000.0, 4000.0), "warn"),
        ("glare_over_field", Validation.CHECKSUM, (0.0, 0.0, 4000.0, 4000.0), "good"),
        ("glare_over_field", Validation.GRAMMAR, (-9.0, -9.0, -1.0, -1.0), "fair"),
        ("glare_over_field", Validation.GRAMMAR, None, "fair"),
        ("photocopy", Validation.GRAMMAR, (0.0, 0.0, 4000.0, 4000.0), "fair"),
    ],
)
def test_what_lies_over_a_field_makes_it_doubtful(kind: str, validated: Validation, box: Box | None, tone: str) -> None:
    flags = (DocumentFlag(DocumentFlagKind(kind), 0.9, box),)
    assert tone_of(field("x", validated=validated, score=0.95), flags) == tone


def test_every_field_of_a_turned_document_is_drawn() -> None:
    drawn = [shape for shape in shapes(paper(), Turn(90, SIZE_WH), Lang.ZH) if shape.layer == "document"]
    assert len(drawn) == 1 + len(licence().fields)
    assert all(0 <= x <= SIZE_WH[1] and 0 <= y <= SIZE_WH[0] for shape in drawn for x, y in shape.points)
