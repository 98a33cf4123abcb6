"""Layouts of the vehicle licence (行驶证): main page, second page, electronic."""

from __future__ import annotations

from datasets.documents.paper import barcode, square_seal
from datasets.documents.sheet import Sheet, shown_moment

V = dict[str, str]


def main_page(sheet: Sheet, v: V) -> None:
    """88 x 60 mm, after the specimen's proportions."""
    sheet.text(44, 5.4, "中华人民共和国机动车行驶证", 4.2, anchor="mm", colour=(20, 20, 20))
    sheet.text(44, 8.6, "Vehicle License of the People's Republic of China", 2.3, anchor="mm")
    sheet.label(4.2, 12.3, "号牌号码", "Plate No.")
    sheet.value("plate_number", 16, 12.8, v.get("plate_number", ""), v.get("plate_number", ""))
    sheet.label(41.8, 12.3, "车辆类型", "Vehicle Type")
    sheet.value("vehicle_type", 54, 12.8, v.get("vehicle_type", ""), v.get("vehicle_type", ""))
    sheet.label(4.2, 19.3, "所有人", "Owner", width=9.8)
    sheet.value("owner", 16, 19.7, v.get("owner", ""), v.get("owner", ""))
    sheet.label(4.2, 26.2, "住址", "Address", width=9.8)
    small = 3.1 if len(v.get("address", "")) <= 21 else 2.7
    sheet.value("address", 16, 26.2, v.get("address", ""), v.get("address", ""), wrap=68, size=small)
    sheet.label(4.2, 33.2, "使用性质", "Use Character")
    use = v.get("use_character", "")
    sheet.value("use_character", 16, 33.8, use, use, size=min(3.1, 16 / max(1, len(use))))
    sheet.label(33, 33.2, "品牌型号", "Model")
    sheet.value("model", 44, 33.8, v.get("model", ""), v.get("model", ""))
    sheet.label(25, 40.2, "车辆识别代号", "VIN")
    sheet.value("vin", 41, 40.6, v.get("vin", ""), v.get("vin", ""))
    sheet.label(25, 46.8, "发动机号码", "Engine No.")
    sheet.value("engine_number", 39, 47.2, v.get("engine_number", ""), v.get("engine_number", ""))
    sheet.label(25, 53.8, "注册日期", "Register Date")
    sheet.value("register_date", 37, 54.2, v.get("register_date", ""), v.get("register_date", ""))
    sheet.label(56, 53.8, "发证日期", "Issue Date")
    sheet.value("issue_date", 67, 54.2, v.get("issue_date", ""), v.get("issue_date", ""))
    for x0, x1, y in ((14, 40, 15.3), (53, 84, 15.3), (14, 84, 22.2), (14, 84, 29.2), (14, 32, 36.2), (43, 84, 36.2),
                      (40, 84, 43), (38, 84, 49.6), (36, 55, 56.6), (66, 84, 56.6)):  # fmt: skip
        sheet.rule(x0, x1, y, dashed=True)
    if v.get("issuing_authority"):
        square_seal(sheet, 3.4, 37.8, 20, v["issuing_authority"])


def second_page(sheet: Sheet, v: V) -> None:
    """副页: masses, dimensions, inspection."""
    rows = (
        (4.2, 6, "号牌号码", "plate_number", "", 18), (44, 6, "档案编号", "file_number", "", 58),
        (4.2, 13, "核定载人数", "seats", "人", 18), (44, 13, "总质量", "total_mass", "kg", 58),
        (4.2, 20, "整备质量", "curb_mass", "kg", 18), (44, 20, "核定载质量", "load_mass", "kg", 58),
        (4.2, 27, "外廓尺寸", "dimensions", "mm", 18), (50, 27, "准牵引总质量", "towing_mass", "kg", 66),
    )  # fmt: skip
    for x, y, label, key, unit, at in rows:
        sheet.label(x, y, label, width=12 if len(label) == 4 else None)
        if v.get(key):
            sheet.value(key, at, y + 0.2, v[key] + unit, v[key], size=2.9)
        else:
            sheet.text(at, y, "--", 2.9)
        sheet.rule(at - 1, at + 22, y + 2.4, dashed=True)
    sheet.label(4.2, 34, "备注", width=12)
    sheet.value("remarks", 18, 34.2, v.get("remarks", ""), v.get("remarks", ""), size=2.9)
    sheet.label(4.2, 42, "检验记录", width=12)
    if "inspection_valid_to" in v:
        year, month = v["inspection_valid_to"][:4], v["inspection_valid_to"][5:7]
        shown = f"检验有效期至{year}年{month}月{v.get('plate_number', '')[:2]}"
        sheet.value("inspection_valid_to", 18, 42.2, shown, v["inspection_valid_to"], size=2.9)
    for below in (36.6, 44.6):
        sheet.rule(17, 84, below, dashed=True)
    barcode(sheet, 30, 51, 52, 6)


def electronic(sheet: Sheet, v: V) -> None:
    """A phone screen of the traffic police app, 70 x 124 mm."""
    sheet.pen.rectangle(tuple(sheet.px(x) for x in (0, 0, 70, 14)), fill=(40, 110, 210))
    sheet.text(35, 8, "电子行驶证", 4.2, anchor="mm", colour=(255, 255, 255))
    sheet.text(35, 20, "中华人民共和国机动车行驶证", 3.6, anchor="mm", colour=(20, 60, 130))
    keys = (
        ("号牌号码", "plate_number", ""), ("车辆类型", "vehicle_type", ""), ("所有人", "owner", ""),
        ("使用性质", "use_character", ""), ("品牌型号", "model", ""), ("车辆识别代号", "vin", ""),
        ("发动机号码", "engine_number", ""), ("注册日期", "register_date", ""), ("发证日期", "issue_date", ""),
        ("状态", "status", ""), ("检验有效期至", "inspection_valid_to", ""), ("强制报废期止", "scrap_date", ""),
        ("车身颜色", "body_colour", ""), ("能源种类", "energy_type", ""), ("核定载人数", "seats", "人"),
        ("总质量", "total_mass", "kg"), ("外廓尺寸", "dimensions", "mm"), ("生成时间", "generated_at", ""),
    )  # fmt: skip
    for row, (label, key, unit) in enumerate(keys):
        y = 27.0 + row * 5.2
        sheet.text(4, y, label, 2.6, colour=(120, 120, 130))
        if v.get(key):
            sheet.value(key, 25, y, shown_moment(v[key]) + unit, v[key], size=2.7)
