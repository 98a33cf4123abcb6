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
        ("licence_number", "8450102199603225325", "450102199603225325", CHECKSUM),
        ("licence_number", "4501021996032253257", "450102199603225325", CHECKSUM),
        ("licence_number", "3401021990010112345", None, NONE),
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
        ("death_limit", "18万元", "180000", GRAMMAR),
        ("death_limit", "1.8万元", "18000", GRAMMAR),
        ("death_limit", "180,000.00元", "180000", GRAMMAR),
        ("death_limit", "180.000元", None, NONE),
        ("death_limit", "180,00元", None, NONE),
        ("death_limit", "18B,000元", None, NONE),
        ("death_limit", "B80,000元", None, NONE),
        ("death_limit", "18百元", None, NONE),
        ("total_mass", "17B0kg", None, NONE),
        ("total_mass", "1780千克", "1780", GRAMMAR),
        ("total_mass", "1780.5kg", None, NONE),
        ("premium_total", "1.100.00元", None, NONE),
        ("premium_total", "捌佰伍拾伍元整¥:855.00元", "855.00", Validation.AGREES_WITH),
        ("premium_total", "捌佰零柒元伍角(¥:807.50元)", "807.50", Validation.AGREES_WITH),
        ("premium_total", "壹仟壹佰元整¥:110.00元", None, NONE),
        ("premium_total", "棚佰伍拾元整¥:850.00元", "850.00", GRAMMAR),
        ("dimensions", "4653X1886X1730mm", "4653×1886×1730", GRAMMAR),
        ("dimensions", "4653X1886X17301mm", None, NONE),
        ("inspection_valid_to", "检验有效期至2026年02月粤A", "2026-02-28", GRAMMAR),
        ("file_number", "440102472762", "440102472762", GRAMMAR),
        ("file_number", "44010247276", None, NONE),
        ("generated_at", "2026-05-01 08:21:12", "2026-05-01T08:21:12", GRAMMAR),
        ("generated_at", "2026-13-45T99:99:99", None, NONE),
        ("inspection_valid_to", "检验有效期至2026年1", None, NONE),
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
        ("2-18至2027-02-18", None, "2027-02-18"),
        ("2022-18至2027-02-18", None, "2027-02-18"),
        ("2022-1至2027-02-18", None, "2027-02-18"),
        ("2022-12全2027-02-18", None, None),
        ("2O22-02-l8至2O28-02-I8", "2022-02-18", "2028-02-18"),
        ("至2027-02-18", None, "2027-02-18"),
        ("至长期", None, "长期"),
        ("2019-02-19", None, None),
        ("2019-02-192025-02-19", "2019-02-19", "2025-02-19"),
        ("2019-02-19至2025-02-1", "2019-02-19", None),
        ("6年02月19日至2022年02月19日", None, "2022-02-19"),
        ("2019-02-19起0年", "2019-02-19", None),
    ],
)
def test_licence_period(raw: str, start: str | None, end: str | None) -> None:
    assert tuple(text for text, _ in period(raw)) == (start, end)


def test_policy_period_has_hours() -> None:
    raw = "自2025年07月09日00时00分起至2026年07月08日24时00分止"
    assert [text for text, _ in policy_period(raw)] == ["2025-07-09T00:00", "2026-07-08T24:00"]
    assert moments("2025年07月09日00时100分") == ["2025-07-09T00:00"]
    assert moments("2025年07月39日") == []


@pytest.mark.parametrize(
    ("raw", "start", "end"),
    [
        ("自2O25年05月0l日00时00分起至2026年04月30日24时00分止", "2025-05-01T00:00", "2026-04-30T24:00"),
        ("年05月01日00时00分起至2026年04月30日24时00分止", None, "2026-04-30T24:00"),
        ("起至2026年04月30日24时00分止", None, "2026-04-30T24:00"),
        ("自2025年12月日00时起至2026年12月08日24时止", None, "2026-12-08T24:00"),
        ("2026年04月30日24时00分止", None, "2026-04-30T24:00"),
        ("2026年04月30日24时00分", None, None),
        ("2025年05月01日00时00分起2026年04月30日24时00分止", "2025-05-01T00:00", "2026-04-30T24:00"),
        ("2025年05月01日00时00分2026年04月30日24时00分止", "2025-05-01T00:00", "2026-04-30T24:00"),
        ("2025-05-01 00:00:00 至 2026-04-30 23:59:59", "2025-05-01T00:00", "2026-04-30T23:59"),
        ("2025-05-0100:00:00至2026-04-3023:59:59", "2025-05-01T00:00", "2026-04-30T23:59"),
        ("自2025年5月1日零时起至2026年4月30日二十四时止", "2025-05-01T00:00", "2026-04-30T24:00"),
        ("2025年05月01日00时起至2026年04月30日2?时止", "2025-05-01T00:00", None),
        ("2025年05月01日00时至2026年04月30日2", "2025-05-01T00:00", None),
        ("2025年05月01日00时至2026年04月30日24", "2025-05-01T00:00", "2026-04-30T24:00"),
    ],
)
def test_policy_period_takes_each_bound_from_its_own_side(raw: str, start: str | None, end: str | None) -> None:
    assert tuple(text for text, _ in policy_period(raw)) == (start, end)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)), st.sampled_from(["-", "/", "."]))
def test_every_date_survives_its_print(day: date, separator: str) -> None:
    assert dates_in(day.strftime(f"%Y{separator}%m{separator}%d")) == [day]
    assert dates_in(f"{day.year}年{day.month:02d}月{day.day:02d}日") == [day]


@given(st.text(max_size=40))
def test_no_text_raises(raw: str) -> None:
    for key in ("licence_number", "vin", "plate_number", "birth_date", "dimensions", "premium_total", "vehicle_class"):
        text, validated = parse(key, raw)
        assert text is not None or validated is Validation.NONE
