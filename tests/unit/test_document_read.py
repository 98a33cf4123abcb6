"""Fields from text lines: labels, rows, pages; no pixels are looked at but for seals and flags."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.documents.read import read_document
from vision.types import Corners, Document, DocumentFlagKind, DocumentKind, Page, Pixels, TextLine, Validation

VEHICLE = (
    ("中华人民共和国机动车行驶证", 195, 36, 48), ("号牌号码", 48, 123, 27), ("Plate No.", 48, 155, 20),
    ("粤B12345", 180, 126, 36), ("车辆类型", 470, 123, 27), ("小型轿车", 606, 126, 36), ("Vehicle Type", 470, 155, 20),
    ("所有人", 48, 203, 27), ("张三", 180, 202, 36), ("Owner", 48, 235, 20), ("住", 48, 281, 27),
    ("址广东省广州市天河区和平路1号", 131, 278, 34), ("Address", 48, 313, 20), ("使用性质", 48, 358, 27),
    ("非营运", 180, 360, 36), ("品牌型号", 370, 358, 27), ("丰田牌GTM7201", 492, 360, 36),
    ("车辆识别代号", 278, 436, 27), ("LSGCLGMN2M2959238", 455, 438, 36), ("发动机号码", 278, 508, 27),
    ("40028412", 432, 510, 36), ("注册日期2015-03-27", 278, 588, 36), ("发证日期", 626, 588, 27),
    ("2015-03-27", 755, 590, 36),
)  # fmt: skip
VEHICLE_VALUES = {
    "plate_number": "粤B12345", "vehicle_type": "小型轿车", "owner": "张三",
    "address": "广东省广州市天河区和平路1号", "use_character": "非营运", "model": "丰田牌GTM7201",
    "vin": "LSGCLGMN2M2959238", "engine_number": "40028412", "register_date": "2015-03-27",
    "issue_date": "2015-03-27",
}  # fmt: skip
DRIVING = (
    ("中华人民共和国机动车驾驶证", 260, 40, 48), ("证号No.450102199603225325", 300, 120, 36), ("姓名", 48, 200, 27),
    ("肖一", 160, 198, 36), ("性别女", 470, 198, 36), ("国籍", 650, 200, 27), ("中国", 800, 198, 36),
    ("住址", 48, 270, 27),
    ("广西壮族自治区南宁市兴宁区人民路", 160, 268, 36), ("111号", 160, 313, 36), ("出生日期", 300, 390, 27),
    ("1996-03-22", 490, 390, 36), ("初次领证日期", 300, 460, 27), ("2018-10-08", 490, 460, 36),
    ("准驾车型", 300, 530, 27),
    ("C1", 490, 530, 36), ("有效期限", 48, 610, 27), ("2021-11-28至2027-11-28", 200, 610, 36),
)  # fmt: skip
Rows = tuple[tuple[str, int, int, int], ...]


def canvas(width: int = 1100, height: int = 1500) -> Pixels:
    return np.full((height, width, 3), 235, np.uint8)


def lines(rows: Rows, *, degrees: float = 0.0, scale: float = 1.0, down: float = 0.0) -> tuple[TextLine, ...]:
    """Rows of (text, left, top, size) as the reader would give them, the picture turned and scaled."""
    cos, sin = math.cos(math.radians(degrees)) * scale, math.sin(math.radians(degrees)) * scale
    made = []
    for text, left, top, size in rows:
        width = sum(1.0 if ord(char) > 0x2E80 else 0.56 for char in text) * size
        box = ((left, top), (left + width, top), (left + width, top + size), (left, top + size))
        points = [
            ((x - 500) * cos - (y + down - 350) * sin + 500, (x - 500) * sin + (y + down - 350) * cos + 500)
            for x, y in box
        ]
        corners: Corners = (points[0], points[1], points[2], points[3])
        made.append(TextLine(text, 0.99, corners))
    return tuple(made)


def texts(document: Document) -> dict[str, str | None]:
    return {key: field.text for key, field in document.fields.items()}


def test_vehicle_licence() -> None:
    (document,) = read_document(canvas(), lines(VEHICLE))
    assert (document.kind, document.pages) == (DocumentKind.VEHICLE_LICENCE, (Page.MAIN,))
    assert texts(document) == VEHICLE_VALUES
    assert document.fields["vin"].validated is Validation.CHECKSUM
    assert document.fields["plate_number"].box_xyxy == pytest.approx((180, 276, 180 + 4.36 * 36, 312), abs=1)


def test_driving_licence_proves_birth_date_and_sex_by_the_number() -> None:
    (document,) = read_document(canvas(), lines(DRIVING), date(2026, 5, 1))
    assert document.kind is DocumentKind.DRIVING_LICENCE
    assert texts(document) == {
        "licence_number": "450102199603225325", "name": "肖一", "sex": "女", "nationality": "中国",
        "address": "广西壮族自治区南宁市兴宁区人民路111号", "birth_date": "1996-03-22",
        "first_issue_date": "2018-10-08", "vehicle_class": "C1", "valid_from": "2021-11-28", "valid_to": "2027-11-28",
    }  # fmt: skip
    assert document.fields["birth_date"].validated is Validation.AGREES_WITH
    assert document.fields["sex"].validated is Validation.AGREES_WITH
    assert DocumentFlagKind.EXPIRED not in {flag.kind for flag in document.flags}


@settings(max_examples=25)
@given(st.floats(-30, 30), st.floats(0.4, 1.4))
def test_tilt_and_scale_change_no_field(degrees: float, scale: float) -> None:
    (document,) = read_document(canvas(), lines(VEHICLE, degrees=degrees, scale=scale))
    assert texts(document) == VEHICLE_VALUES


@pytest.mark.parametrize("lost", ["号牌号码", "所有人", "使用性质", "发动机号码"])
def test_english_label_stands_in_for_a_lost_chinese_one(lost: str) -> None:
    english = (("Use Character", 48, 390, 20), ("Engine No.", 278, 540, 20))
    rows = tuple(row for row in VEHICLE if row[0] != lost) + english
    (document,) = read_document(canvas(), lines(rows))
    assert texts(document) == VEHICLE_VALUES


@pytest.mark.parametrize(("day", "kind"), [(date(2028, 1, 1), "expired"), (date(2021, 1, 1), "not_yet_valid")])
def test_validity_on_a_day(day: date, kind: str) -> None:
    (document,) = read_document(canvas(), lines(DRIVING), day)
    assert kind in {flag.kind for flag in document.flags}


def test_a_hidden_start_is_seen_and_not_read() -> None:
    rows = (*DRIVING[:-1], ("2-18至2027-02-18", 310, 610, 36))
    (document,) = read_document(canvas(), lines(rows), date(2026, 5, 1))
    assert (document.fields["valid_from"].text, document.fields["valid_to"].text) == (None, "2027-02-18")
    assert DocumentFlagKind.NOT_YET_VALID not in {flag.kind for flag in document.flags}


def test_a_number_of_years_counts_from_the_start_beside_it() -> None:
    start = (("有效起始日期", 48, 610, 27), ("2021-11-28", 240, 610, 36))
    rows = (*DRIVING[:-2], *start, ("有效期限", 600, 610, 27), ("6年", 740, 610, 36))
    (document,) = read_document(canvas(), lines(rows))
    assert (document.fields["valid_from"].text, document.fields["valid_to"].text) == ("2021-11-28", "2027-11-28")


def test_two_documents_in_one_picture_keep_their_fields_apart() -> None:
    both = lines(VEHICLE) + lines(DRIVING, down=680)
    documents = read_document(canvas(), both)
    assert {d.kind for d in documents} == {DocumentKind.VEHICLE_LICENCE, DocumentKind.DRIVING_LICENCE}
    by_kind = {d.kind: texts(d) for d in documents}
    assert by_kind[DocumentKind.VEHICLE_LICENCE] == VEHICLE_VALUES
    assert by_kind[DocumentKind.DRIVING_LICENCE]["address"] == "广西壮族自治区南宁市兴宁区人民路111号"


def test_two_pages_of_a_kind_are_one_document_with_repeats() -> None:
    second: Rows = (
        ("号牌号码", 48, 60, 27), ("粤B12345", 180, 58, 36), ("档案编号", 480, 60, 27), ("440105888307", 640, 58, 36),
        ("核定载人数5人", 48, 140, 36), ("总质量", 480, 140, 27), ("1780kg", 640, 140, 36), ("整备质量", 48, 220, 27),
        ("1296kg", 200, 220, 36), ("核定载质量", 480, 220, 27), ("--", 660, 220, 36),
        ("外廓尺寸4836×1900×1420mm", 48, 300, 36),
        ("检验记录", 48, 380, 27), ("检验有效期至2027年06月粤B", 200, 380, 36),
    )  # fmt: skip
    (document,) = read_document(canvas(), lines(VEHICLE) + lines(second, down=680))
    assert document.pages == (Page.MAIN, Page.SECOND)
    assert [(r.key, r.text, r.page) for r in document.repeats] == [("plate_number", "粤B12345", Page.SECOND)]
    assert document.fields["dimensions"].text == "4836×1900×1420"
    assert document.fields["inspection_valid_to"].text == "2027-06-30"
    assert "load_mass" not in document.fields


def test_a_hole_in_a_value_gives_null() -> None:
    rows = tuple(row for row in VEHICLE if not row[0].startswith("址"))
    torn = (("址广东省", 131, 278, 34), ("天河区和平路1号", 500, 278, 34))
    (document,) = read_document(canvas(), lines(rows + torn))
    assert document.fields["address"].text is None
    assert document.fields["address"].raw == "广东省天河区和平路1号"


def test_what_is_no_document_of_ours() -> None:
    receipt = (("收款收据", 100, 100, 40), ("金额：120.00元", 100, 180, 30))
    (document,) = read_document(canvas(), lines(receipt))
    assert document.kind is DocumentKind.OTHER_DOCUMENT
    assert [flag.kind for flag in document.flags] == [DocumentFlagKind.WRONG_KIND]
    assert read_document(canvas(), lines((("平安超市", 100, 100, 80),))) == ()
    assert read_document(canvas(), ()) == ()


TITLED = {"vehicle": VEHICLE, "driving": DRIVING}


@pytest.mark.parametrize(
    ("paper", "title", "more"),
    [
        ("vehicle", "机动车登记证书", ()),
        ("driving", "道路运输从业人员从业资格证", ()),
        ("driving", "", (("从业资格类别", 300, 665, 27),)),
        ("vehicle", "", (("33.车辆获得方式", 48, 665, 27), ("20.转向形式", 560, 665, 27))),
    ],
)
def test_labels_of_ours_on_another_paper(paper: str, title: str, more: Rows) -> None:
    rows = TITLED[paper][1:] + more + (((title, 200, 36, 48),) if title else ())
    (document,) = read_document(canvas(), lines(rows))
    assert document.kind is DocumentKind.OTHER_DOCUMENT
    (ours,) = read_document(canvas(), lines(TITLED[paper] + more))
    assert ours.kind is not DocumentKind.OTHER_DOCUMENT, "its own title outweighs them"


def test_a_second_page_that_lost_its_left_column_is_no_driving_licence() -> None:
    rows: Rows = (
        ("档案编号", 480, 60, 27), ("440105888307", 640, 58, 36), ("总质量", 480, 140, 27), ("1780kg", 640, 140, 36),
        ("核定载质量", 480, 220, 27), ("准牵引总质量", 480, 300, 27), ("记录", 48, 380, 27),
        ("检验有效期至2027年06月粤B", 200, 380, 36),
    )  # fmt: skip
    (document,) = read_document(canvas(), lines(rows))
    assert (document.kind, document.pages) == (DocumentKind.VEHICLE_LICENCE, (Page.SECOND,))


def test_a_label_inside_a_record_does_not_move_the_border_between_two_pages() -> None:
    second: Rows = (
        ("中华人民共和国机动车驾驶证副页", 230, 40, 48), ("证号", 48, 120, 27), ("450102199603225325", 200, 118, 36),
        ("姓名", 48, 200, 27), ("肖一", 160, 198, 36), ("档案编号", 480, 200, 27), ("450105888307", 640, 198, 36),
        ("记录", 48, 290, 27), ("准驾车型长期有效，请于2027年", 160, 275, 30), ("11月28日前换证。", 160, 312, 30),
    )  # fmt: skip
    (document,) = read_document(canvas(), lines(DRIVING) + lines(second, down=700))
    assert document.fields["nationality"].text == "中国"
    assert document.fields["record"].text == "准驾车型长期有效,请于2027年11月28日前换证。"


def test_the_seal_of_a_copy_is_told_by_its_words() -> None:
    seal = (("广东省深圳", 60, 440, 30), ("市公安局交", 60, 490, 30), ("通警察支队", 60, 540, 30))
    grey = canvas() + np.random.default_rng(0).integers(0, 12, (1500, 1100, 1)).astype(np.uint8)
    (document,) = read_document(grey, lines(VEHICLE + seal))
    assert document.fields["issuing_authority"].text == "广东省深圳市公安局交通警察支队"
    coloured = grey.copy()
    coloured[600:640, 500:900] = (90, 120, 200)
    (document,) = read_document(coloured, lines(VEHICLE + seal))
    assert "issuing_authority" not in document.fields, "a coloured page has a red seal"


def test_text_at_the_edge_is_flagged() -> None:
    cut = (*VEHICLE, ("中国", 1020, 300, 40))
    (document,) = read_document(canvas(1100), lines(cut))
    assert DocumentFlagKind.CROPPED_EDGE in {flag.kind for flag in document.flags}
