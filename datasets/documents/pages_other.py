"""Look-alikes that must not be taken for one of the three kinds."""

from __future__ import annotations

from datasets.documents.paper import portrait, round_seal
from datasets.documents.sheet import Sheet

V = dict[str, str]


def id_card(sheet: Sheet, v: V) -> None:
    """居民身份证, 85.6 x 54 mm."""
    birth = v.get("birth_date", "1990-01-01")
    rows = (("姓名", v.get("name", "")), ("性别", v.get("sex", "")),
            ("出生", f"{birth[:4]} 年 {int(birth[5:7])} 月 {int(birth[8:])} 日"),
            ("住址", v.get("address", "")))  # fmt: skip
    for row, (label, shown) in enumerate(rows):
        sheet.text(5, 8 + 7 * row, label, 2.6, colour=(60, 110, 170))
        for line in range(0, len(shown), 15):
            sheet.text(14, 8 + 7 * row + line / 15 * 4, shown[line : line + 15], 2.9)
    sheet.text(28, 15, "民族", 2.6, colour=(60, 110, 170))
    sheet.text(36, 15, "汉", 2.9)
    sheet.text(5, 47, "公民身份号码", 2.6, colour=(60, 110, 170))
    sheet.text(27, 47, v.get("licence_number", ""), 3.5)
    portrait(sheet, 58, 10, 22, 28)


def other(sheet: Sheet, v: V) -> None:
    """A receipt or another certificate; no field of ours."""
    titles = ("收款收据", "道路运输从业人员从业资格证", "机动车登记证书", "停车场收费单", "维修结算单")
    sheet.text(43, 7, titles[int(sheet.rng.integers(len(titles)))], 4.2, anchor="mm", colour=(20, 20, 20))
    rows = (("姓名", v.get("name", "")), ("日期", v.get("valid_from", "")), ("项目", "服务费用及材料费"),
            ("金额", f"{int(sheet.rng.integers(20, 900))}.00元"), ("备注", "此联交客户留存"))  # fmt: skip
    for row, (label, shown) in enumerate(rows):
        sheet.text(6, 16 + 7 * row, f"{label}：", 2.8)
        sheet.text(20, 16 + 7 * row, shown, 3.0)
        sheet.rule(19, 70, 18.5 + 7 * row)
    round_seal(sheet, 66, 40, 9, "财务专用章")
