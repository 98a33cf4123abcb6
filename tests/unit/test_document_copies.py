"""Two papers of one kind on one picture: two documents, and nobody's value in the other's."""

from __future__ import annotations

import pytest

from tests.unit.test_document_read import DRIVING, VEHICLE, VEHICLE_VALUES, Rows, canvas, lines, texts
from vision.documents.read import read_document
from vision.types import DocumentKind, Page

OTHERS = {
    "证号No.450102199603225325": "证号No.320102199402029863", "肖一": "潘磊", "性别女": "性别男",
    "广西壮族自治区南宁市兴宁区人民路": "江苏省南京市玄武区和平路", "1996-03-22": "1994-02-02",
    "2018-10-08": "2022-08-25", "C1": "A2", "2021-11-28至2027-11-28": "2023-01-04至2029-01-04",
}  # fmt: skip
OTHER: Rows = tuple((OTHERS.get(text, text), *place) for text, *place in DRIVING)  # type: ignore[misc]


def moved(rows: Rows, right: int, down: int) -> Rows:
    return tuple((text, left + right, top + down, size) for text, left, top, size in rows)


def without(rows: Rows, *lost: str) -> Rows:
    return tuple(row for row in rows if row[0] not in lost)


@pytest.mark.parametrize(("right", "down"), [(0, 680), (0, -680), (1080, 0), (1100, 120), (60, 700)])
@pytest.mark.parametrize("degrees", [0, 4])
def test_two_licences_are_two_documents(right: int, down: int, degrees: float) -> None:
    both = lines(DRIVING + moved(OTHER, right, down), degrees=degrees)
    documents = read_document(canvas(2300, 1500), both)
    assert [document.pages for document in documents] == [(Page.MAIN,), (Page.MAIN,)]
    by_name = {document.fields["name"].text: texts(document) for document in documents}
    assert by_name["肖一"]["licence_number"] == "450102199603225325"
    assert by_name["潘磊"]["licence_number"] == "320102199402029863"
    assert (by_name["肖一"]["valid_to"], by_name["潘磊"]["valid_to"]) == ("2027-11-28", "2029-01-04")
    assert not any(document.repeats for document in documents)


@pytest.mark.parametrize("lost", [("姓名", "肖一"), ("证号No.450102199603225325",), (DRIVING[0][0],)])
def test_what_is_hidden_on_one_is_not_taken_from_the_other(lost: tuple[str, ...]) -> None:
    documents = read_document(canvas(), lines(without(DRIVING, *lost) + moved(OTHER, 0, 680)))
    (first,) = (texts(d) for d in documents if d.fields["birth_date"].text == "1996-03-22")
    assert first.get("name") in (None, "肖一")
    assert first.get("licence_number") in (None, "450102199603225325")


def test_a_name_beside_the_same_label_farther_down_is_nobodys() -> None:
    other: Rows = (("姓名", 48, 760, 27), ("潘磊", 160, 758, 36))
    (document,) = read_document(canvas(), lines(without(DRIVING, "肖一") + other))
    assert "name" not in document.fields


def test_four_papers_in_a_square() -> None:
    rows = DRIVING + moved(OTHER, 0, 700) + moved(VEHICLE, 1100, 0) + moved(VEHICLE, 1100, 700)
    documents = read_document(canvas(2300, 1500), lines(rows))
    assert (
        sorted(document.kind for document in documents)
        == [DocumentKind.DRIVING_LICENCE] * 2 + [DocumentKind.VEHICLE_LICENCE] * 2
    )
    cars = [texts(document) for document in documents if document.kind is DocumentKind.VEHICLE_LICENCE]
    assert cars == [VEHICLE_VALUES] * 2


def test_labels_repeated_in_a_record_are_no_second_paper() -> None:
    second: Rows = (
        ("中华人民共和国机动车驾驶证副页", 230, 40, 48), ("证号", 48, 120, 27), ("450102199603225325", 200, 118, 36),
        ("姓名", 48, 200, 27), ("肖一", 160, 198, 36), ("档案编号", 480, 200, 27), ("450105888307", 640, 198, 36),
        ("记录", 48, 290, 27), ("准驾车型有变", 160, 275, 30), ("有效期限见正页", 160, 312, 30),
    )  # fmt: skip
    (document,) = read_document(canvas(), lines(DRIVING + moved(second, 0, 700)))
    assert document.pages == (Page.MAIN, Page.SECOND)


def test_limits_that_lost_their_first_word_are_no_second_policy() -> None:
    limits = ("死亡伤残赔偿限额", "医疗费用赔偿限额", "财产损失赔偿限额")
    rows: Rows = (
        ("机动车交通事故责任强制保险单", 300, 40, 48), ("厂牌型号丰田牌GTM7201", 48, 140, 30),
        *((text, 48, 200 + 50 * at, 30) for at, text in enumerate(limits)),
        *((text, 620, 200 + 50 * at, 30) for at, text in enumerate(limits)),
        ("保险费合计￥：855.00元", 48, 380, 30), ("签单日期2025-06-12", 620, 380, 30),
    )  # fmt: skip
    assert len(read_document(canvas(), lines(rows))) == 1
