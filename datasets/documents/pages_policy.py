"""Layouts of the compulsory insurance (交强险): policy on A4, and the small card."""

from __future__ import annotations

from datasets.documents.paper import barcode, round_seal
from datasets.documents.sheet import Sheet

V = dict[str, str]
DIGITS = "零壹贰叁肆伍陆柒捌玖"


def _moment(text: str) -> str:
    """``2025-03-01T00:00`` as printed on a policy."""
    return f"{text[:4]}年{text[5:7]}月{text[8:10]}日{text[11:13]}时{text[14:16]}分"


def _in_words(amount: str) -> str:
    """Yuan in capital numerals, as far as premiums need: up to 9999."""
    whole = amount.split(".")[0]
    units = ("", "拾", "佰", "仟")
    words = "".join(DIGITS[int(c)] + units[len(whole) - 1 - i] for i, c in enumerate(whole) if c != "0")
    fen = amount.partition(".")[2]
    if not fen.strip("0"):
        return words + "元整"
    return words + "元" + "".join(DIGITS[int(c)] + unit for c, unit in zip(fen, "角分", strict=False) if c != "0")


def policy(sheet: Sheet, v: V) -> None:
    """A4 portrait, one table."""
    sheet.text(20, 18, v.get("insurer", ""), 4.2, colour=(20, 60, 120))
    title = "机动车交通事故责任强制保险单" + ("（电子保单）" if sheet.rng.random() < 0.4 else "")
    sheet.text(105, 30, title, 5.6, anchor="mm", colour=(20, 20, 20))
    barcode(sheet, 140, 14, 50, 8)
    sheet.text(112, 40, "保险单号：", 3.3)
    sheet.value("policy_number", 130, 40, v.get("policy_number", ""), v.get("policy_number", ""), size=3.3)
    _table(sheet, v)
    _limits(sheet, v)
    _foot(sheet, v)


def _cell(sheet: Sheet, v: V, x: float, y: float, at: float, label: str, key: str, unit: str = "") -> None:
    sheet.text(x, y, label, 3.1)
    if v.get(key):
        sheet.value(key, at, y, v[key] + unit, v[key], size=3.2)


def _table(sheet: Sheet, v: V) -> None:
    sheet.frame(18, 48, 192, 258)
    _cell(sheet, v, 21, 53, 50, "被保险人", "insured")
    sheet.text(21, 61, "被保险人身份证号码（统一社会信用代码）", 3.1)
    sheet.text(21, 69, "地址", 3.1)
    sheet.text(112, 69, "联系电话", 3.1)
    left = (("号牌号码", "plate_number", ""), ("发动机号码", "engine_number", ""), ("厂牌型号", "model", ""),
            ("核定载客", "seats", "人"))  # fmt: skip
    for row, (label, key, unit) in enumerate(left):
        _cell(sheet, v, 32, 77 + 8 * row, 54, label, key, unit)
    _cell(sheet, v, 90, 77, 110, "机动车种类", "vehicle_type")
    _cell(sheet, v, 142, 77, 160, "使用性质", "use_character")
    _cell(sheet, v, 104, 85, 138, "识别代码（车架号）", "vin")
    sheet.text(120, 101, "核定载质量", 3.1)
    sheet.text(143, 101, "0.000 千克", 3.2)
    sheet.text(32, 109, "排量", 3.1)
    sheet.text(54, 109, f"{sheet.rng.uniform(1.2, 3.0):.3f}L", 3.2)
    sheet.text(112, 109, "登记日期", 3.1)
    for index, sign in enumerate("被保险机动车"):
        sheet.text(24, 77 + 6 * index, sign, 3.1)
    for y in (57, 65, 73, 81, 89, 97, 105, 113, 121, 129, 145, 153, 165):
        sheet.rule(18 if y in (57, 65, 73, 113) or y > 137 else 30, 192, y)
    sheet.pen.line(
        tuple(sheet.px(m) for m in (30, 73, 30, 145)), fill=(90, 90, 90), width=max(1, round(sheet.px(0.15)))
    )


def _limits(sheet: Sheet, v: V) -> None:
    rows = (("死亡伤残赔偿限额", "death_limit", "18000"), ("医疗费用赔偿限额", "medical_limit", "1800"),
            ("财产损失赔偿限额", "property_limit", "100"))  # fmt: skip
    for index, sign in enumerate("责任限额"):
        sheet.text(24, 118 + 6 * index, sign, 3.1)
    for row, (label, key, blameless) in enumerate(rows):
        y = 117 + 8 * row
        sheet.text(32, y, label, 3.1)
        sheet.value(key, 66, y, f"{v[key]}元" if key in v else "", v.get(key, ""), size=3.2)
        sheet.text(104, y, "无责任" + label, 3.1)
        sheet.text(152, y, blameless + "元", 3.2)
    sheet.text(21, 149, "与道路交通安全违法行为和道路交通事故相联系的浮动比率", 3.1)
    sheet.text(130, 149, "-10 %", 3.2)
    sheet.text(21, 159, "保险费合计（人民币大写）：", 3.1)
    if "premium_total" in v:
        shown = f"￥：{v['premium_total']}元"
        sheet.text(64, 159, _in_words(v["premium_total"]), 3.2)
        sheet.value("premium_total", 112, 159, shown, v["premium_total"], size=3.2)
    sheet.text(21, 173, "保险期间自", 3.1)
    if "valid_from" in v:
        sheet.value("valid_from", 42, 173, _moment(v["valid_from"]), v["valid_from"], size=3.2)
        sheet.text(84, 173, "起至", 3.1)
        sheet.value("valid_to", 96, 173, _moment(v["valid_to"]) + "止", v["valid_to"], size=3.2)
    sheet.rule(18, 192, 179)


def _foot(sheet: Sheet, v: V) -> None:
    sheet.text(21, 185, "保险合同争议解决方式", 3.1)
    sheet.text(60, 185, "诉讼", 3.2)
    notes = (
        "特别约定", "1. 请核对保险单内容，如有不符请及时通知保险人变更。",
        "2. 发生道路交通事故，请立即报警并拨打服务电话报案。", "重要提示",
        "1. 请详细阅读保险条款，特别是责任免除和投保人、被保险人义务。",
        "2. 被保险人应在交通事故发生后及时通知保险人。",
    )  # fmt: skip
    for row, note in enumerate(notes):
        sheet.text(21, 194 + 6.5 * row, note, 3.0)
    sheet.rule(18, 192, 233)
    _cell(sheet, v, 21, 238, 46, "公司名称：", "insurer")
    sheet.text(21, 246, "公司地址：", 3.1)
    _cell(sheet, v, 21, 254, 46, "服务电话：", "service_phone")
    _cell(sheet, v, 112, 254, 131, "签单日期：", "signed_date")
    sheet.text(140, 246, "（保险人签章）", 3.1)
    sheet.text(20, 264, "核保：", 3.0)
    sheet.text(80, 264, "制单：", 3.0)
    sheet.text(140, 264, "经办：", 3.0)
    round_seal(sheet, 150, 243, 17, v.get("insurer", "保险专用章"))


def card(sheet: Sheet, v: V) -> None:
    """保险卡, 86 x 54 mm."""
    sheet.text(43, 6, "机动车交通事故责任强制保险卡", 3.8, anchor="mm", colour=(20, 60, 120))
    rows = (("保险单号", "policy_number"), ("被保险人", "insured"), ("号牌号码", "plate_number"),
            ("车架号", "vin"), ("保险公司", "insurer"), ("服务电话", "service_phone"))  # fmt: skip
    for row, (label, key) in enumerate(rows):
        _cell(sheet, v, 5, 13 + 5.6 * row, 22, label + "：", key)
    sheet.text(5, 47, "保险期间：", 3.1)
    if "valid_from" in v:
        shown = f"{_moment(v['valid_from'])[:14]}至{_moment(v['valid_to'])[:14]}"
        sheet.value(("valid_from", "valid_to"), 22, 47, shown, (v["valid_from"], v["valid_to"]), size=2.9)
