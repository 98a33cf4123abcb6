"""Raw text of fields to canonical form."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.documents.dates import dates_in, moments, period, policy_period
from vision.documents.values import parse
from vision.types import Validation

CHECKSUM, GRAMMAR, NONE = Validation.CHECKSUM, Validation.GRAMMAR, Validation.NONE


@pytest.mark.parametrize(
    ("key", "raw", "text", "validated"),
    [
        ("licence_number", "450102199603225325", "450102199603225325", CHECKSUM),
        ("licence_number", "No.45O1O2199603225325", "450102199603225325", CHECKSUM),
        ("licence_number", "450102199603225326", "450102199603225326", NONE),
        ("licence_number", "45010219960322532", None, NONE),
        ("vin", "LSGCLGMN2M2959238", "LSGCLGMN2M2959238", CHECKSUM),
        ("vin", "LSGCLGMN2M29S9238", "LSGCLGMN2M29S9238", GRAMMAR),
        ("vin", "LSGCLGMN2M29592Z8", "LSGCLGMN2M2959228", GRAMMAR),
        ("vin", "LSGCLGMN2M295923", None, NONE),
        ("plate_number", "粵A·12345", "粤A12345", GRAMMAR),
        ("plate_number", "皖AO123I", "皖A01231", GRAMMAR),
        ("plate_number", "粤0·03420", "粤O03420", GRAMMAR),
        ("plate_number", "皖0·03420", "皖003420", NONE),
        ("plate_number", "粤I·03420", "粤I03420", NONE),
        ("plate_number", "粤XXXXX", "粤XXXXX", NONE),
        ("plate_number", "ALSKFH", None, NONE),
        ("birth_date", "1996年03月22日", "1996-03-22", GRAMMAR),
        ("birth_date", "1996-O3-22", "1996-03-22", GRAMMAR),
        ("register_date", "2023-13-19", None, NONE),
        ("register_date", "", None, NONE),
        ("sex", "Sex男", "男", GRAMMAR),
        ("vehicle_class", "A1A2", "A1A2", GRAMMAR),
        ("vehicle_class", "CI", "C1", GRAMMAR),
        ("vehicle_class", "G7", None, NONE),
        ("model", "吉利牌儿L3285JE", "吉利牌JL3285JE", NONE),
        ("total_mass", "1780kg", "1780", GRAMMAR),
        ("seats", "5人", "5", GRAMMAR),
        ("death_limit", "180,000元", "180000", GRAMMAR),
        ("premium_total", "捌佰伍拾伍元整¥:855.00元", "855.00", Validation.AGREES_WITH),
        ("premium_total", "捌佰零柒元伍角(¥:807.50元)", "807.50", Validation.AGREES_WITH),
        ("premium_total", "壹仟壹佰元整¥:110.00元", None, NONE),
        ("premium_total", "棚佰伍拾元整¥:850.00元", "850.00", GRAMMAR),
        ("dimensions", "4653X1886X1730mm", "4653×1886×1730", GRAMMAR),
        ("inspection_valid_to", "检验有效期至2026年02月粤A", "2026-02-28", GRAMMAR),
        ("file_number", "440102472762", "440102472762", GRAMMAR),
        ("file_number", "44010247276", None, NONE),
        ("generated_at", "2026-05-01 08:21:12", "2026-05-01T08:21:12", GRAMMAR),
        ("name", "张三-", "张三", NONE),
        (
            "issuing_authority",
            "西壮族自治区南宁市公安局交通警察支队",
            "广西壮族自治区南宁市公安局交通警察支队",
            GRAMMAR,
        ),
        ("issuing_authority", "西藏自治区拉萨市公安", None, NONE),
        ("use_character", "预约出租客适", "预约出租客运", GRAMMAR),
        ("use_character", "非营运品牌", "非营运", NONE),
        ("use_character", "预约出相客适", "预约出租客运", GRAMMAR),
        ("use_character", "曹运", "曹运", NONE),
        ("use_character", "营运", "营运", NONE),
        ("use_character", "公?客运", "公客运", NONE),
        ("vehicle_type", "小型普通客车", "小型普通客车", GRAMMAR),
        ("vehicle_type", "小型普通", "小型普通", NONE),
        ("issuing_authority", "财务专用章", None, NONE),
        ("service_phone", "95710。", "95710", GRAMMAR),
        ("service_phone", "957102025-06-12", None, NONE),
        ("address", "江苏省南京市玄武区和平路1号___", "江苏省南京市玄武区和平路1号", NONE),
    ],
)
def test_value(key: str, raw: str, text: str | None, validated: Validation) -> None:
    assert parse(key, raw) == (text, validated)


@pytest.mark.parametrize(
    ("raw", "start", "end"),
    [
        ("2019-02-19至2025-02-19", "2019-02-19", "2025-02-19"),
        ("2019年02月19日起6年", "2019-02-19", "2025-02-19"),
        ("2020-02-29起10年", "2020-02-29", "2030-02-28"),
        ("2019-02-19至长期", "2019-02-19", "长期"),
        ("10年", None, "10年"),
        ("2019-02-19至20", "2019-02-19", None),
        ("至", None, None),
    ],
)
def test_licence_period(raw: str, start: str | None, end: str | None) -> None:
    assert tuple(text for text, _ in period(raw)) == (start, end)


def test_policy_period_has_hours() -> None:
    raw = "自2025年07月09日00时00分起至2026年07月08日24时00分止"
    assert [text for text, _ in policy_period(raw)] == ["2025-07-09T00:00", "2026-07-08T24:00"]
    assert moments("2025年07月09日00时100分") == ["2025-07-09T00:00"]
    assert moments("2025年07月39日") == []


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)), st.sampled_from(["-", "/", "."]))
def test_every_date_survives_its_print(day: date, separator: str) -> None:
    assert dates_in(day.strftime(f"%Y{separator}%m{separator}%d")) == [day]
    assert dates_in(f"{day.year}年{day.month:02d}月{day.day:02d}日") == [day]


@given(st.text(max_size=40))
def test_no_text_raises(raw: str) -> None:
    for key in ("licence_number", "vin", "plate_number", "birth_date", "dimensions", "premium_total", "vehicle_class"):
        text, validated = parse(key, raw)
        assert text is not None or validated is Validation.NONE
