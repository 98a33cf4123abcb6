"""Papers that share words with ours and must be told apart: each has its own layout and no field of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from datasets.documents.paper import barcode, guilloche, portrait, round_seal
from datasets.documents.sheet import Colour, Sheet
from datasets.documents.truth import Truth
from vision.types import DocumentKind, Page, Pixels

V = Mapping[str, str]
BLACK: Colour = (20, 20, 20)


def qualification(sheet: Sheet, v: V) -> None:
    """道路运输从业人员从业资格证: names, numbers and a class like a driving licence's."""
    sheet.text(52, 6, "中华人民共和国道路运输从业人员从业资格证", 3.6, anchor="mm", colour=BLACK)
    rows = (("姓名", v["name"]), ("性别", v["sex"]), ("出生日期", v["birth_date"]), ("国籍", "中国"),
            ("住址", v["address"][:20]), ("证号", v["licence_number"]), ("准驾车型", v["vehicle_class"]),
            ("从业资格类别", "经营性道路货物运输驾驶员"), ("初次领证日期", v["first_issue_date"]),
            ("有效期限", f"{v['valid_from']} 至 {v['valid_to']}"))  # fmt: skip
    _rows(sheet, rows, 14, 5.4)
    portrait(sheet, 76, 14, 20, 26)
    round_seal(sheet, 84, 56, 9, "道路运输管理局")


def registration(sheet: Sheet, v: V) -> None:
    """机动车登记证书, part of a page of A4: a vehicle licence's words in a numbered table."""
    sheet.text(92, 10, "机动车登记证书", 7, anchor="mm", colour=BLACK)
    sheet.text(92, 19, "注册登记机动车信息栏", 4, anchor="mm", colour=BLACK)
    rows = (("5.车辆类型", v["vehicle_type"]), ("6.车辆品牌", v["model"][:3]), ("7.车辆型号", v["model"][3:]),
            ("8.车身颜色", v["body_colour"]), ("9.车辆识别代号/车架号", v["vin"]), ("11.发动机号", v["engine_number"]),
            ("13.燃料种类", "汽油"), ("20.转向形式", "方向盘"), ("30.核定载客", v["seats"] + "人"),
            ("32.使用性质", v["use_character"]), ("33.车辆获得方式", "购买"),
            ("36.发证日期", v["issue_date"]))  # fmt: skip
    _rows(sheet, rows, 28, 8.2, size=3.6, at=62)
    barcode(sheet, 110, 124, 60, 6)


def business_card(sheet: Sheet, v: V) -> None:
    sheet.text(8, 10, v["insurer"], 3.4, colour=(20, 60, 130))
    sheet.text(8, 22, v["name"], 6, colour=BLACK)
    sheet.text(34, 23, "理赔客户经理", 3)
    for row, shown in enumerate(("电话：0571-8888" + v["vin"][-4:], "手机：1380000" + v["vin"][-4:],
                                 "地址：" + v["address"][:18], "邮编：310000")):  # fmt: skip
        sheet.text(8, 33 + 5 * row, shown, 2.8)
    sheet.rule(8, 82, 28)


def receipt(sheet: Sheet, v: V) -> None:
    """A till's strip of a repair shop."""
    sheet.text(36, 8, "维修结算单", 5, anchor="mm", colour=BLACK)
    rows = (("车牌号", v["plate_number"]), ("日期", v["valid_from"][:10]), ("钣金喷漆", "680.00"),
            ("前保险杠", "1250.00"), ("工时费", "300.00"), ("合计", "2230.00"), ("收款方式", "微信支付"))  # fmt: skip
    _rows(sheet, rows, 18, 6, size=3.2, at=38)
    for y in (14, 62):
        sheet.rule(4, 68, y, dashed=True)
    sheet.text(36, 68, "谢谢惠顾，票据请妥善保管", 2.8, anchor="mm")


def _rows(
    sheet: Sheet, rows: tuple[tuple[str, str], ...], top: float, step: float, size: float = 2.7, at: float = 27
) -> None:
    for row, (label, shown) in enumerate(rows):
        sheet.text(6, top + step * row, label, size)
        sheet.text(at, top + step * row, shown, size * 1.05, family=sheet.value_font, colour=BLACK)


@dataclass(frozen=True, slots=True)
class Lookalike:
    size_mm: tuple[float, float]
    paper: Colour
    print_page: Callable[[Sheet, V], None]


LOOKALIKES = {
    "从业资格证": Lookalike((105, 74), (232, 240, 246), qualification),
    "机动车登记证书": Lookalike((184, 134), (240, 246, 238), registration),
    "business card": Lookalike((90, 54), (250, 250, 250), business_card),
    "receipt": Lookalike((72, 74), (248, 247, 244), receipt),
}


def draw_lookalike(name: str, party: Mapping[str, V], seed: int, font: str) -> tuple[Pixels, Truth]:
    """A look-alike drawn flat with the values of a party, as `datasets.documents.draw.draw` draws pages."""
    kind = LOOKALIKES[name]
    rng = np.random.default_rng((seed, sum(map(ord, name))))
    scale = 9.0 if kind.size_mm[0] > 150 else 15.0
    size_px = (round(kind.size_mm[0] * scale), round(kind.size_mm[1] * scale))
    ink: Colour = (kind.paper[0] - 30, kind.paper[1] - 30, kind.paper[2] - 30)
    labels = "noto-serif" if font != "noto-serif" else "noto-sans"
    sheet = Sheet(kind.size_mm, scale, guilloche(size_px, kind.paper, ink, rng), labels, font, rng, Page.MAIN)
    kind.print_page(sheet, {key: text for values in party.values() for key, text in values.items()})
    pixels, truth = sheet.done(DocumentKind.OTHER_DOCUMENT)
    return pixels, Truth((truth,))
