"""Layouts of the driving licence (驾驶证): main page, second page, electronic."""

from __future__ import annotations

from datasets.documents.paper import barcode, portrait, square_seal
from datasets.documents.sheet import Sheet, shown_moment

V = dict[str, str]


def main_page(sheet: Sheet, v: V) -> None:
    """88 x 60 mm; the valid period as from-to, or (issued before 2013) as a start and a number of years."""
    sheet.text(44, 5.4, "中华人民共和国机动车驾驶证", 4.0, anchor="mm", colour=(20, 20, 20))
    sheet.text(44, 8.9, "Driving License of the People's Republic of China", 2.2, anchor="mm")
    sheet.label(20, 12.4, "证号", "", width=6)
    sheet.text(28, 12.5, "No.", 2.0)
    sheet.value("licence_number", 33, 12.3, v.get("licence_number", ""), v.get("licence_number", ""), size=3.4)
    sheet.label(4, 17.6, "姓名", "Name", width=6.5)
    sheet.value("name", 14, 18, v.get("name", ""), v.get("name", ""))
    sheet.label(42, 17.6, "性别", "Sex", width=5.6)
    sheet.value("sex", 50, 18, v.get("sex", ""), v.get("sex", ""))
    sheet.label(59, 17.6, "国籍", "Nationality", width=5.6)
    sheet.value("nationality", 71, 18, v.get("nationality", ""), v.get("nationality", ""))
    sheet.label(4, 24, "住址", "Address", width=6.5)
    sheet.value("address", 14, 24.2, v.get("address", ""), v.get("address", ""), wrap=69)
    for y in (20.2, 26.8, 30.6):
        sheet.rule(13, 84, y, dashed=True)
    sheet.label(27, 34.4, "出生日期", "Date of Birth")
    sheet.value("birth_date", 44, 34.8, v.get("birth_date", ""), v.get("birth_date", ""))
    sheet.label(27, 41, "初次领证日期", "Date of First Issue")
    sheet.value("first_issue_date", 44, 41.4, v.get("first_issue_date", ""), v.get("first_issue_date", ""))
    sheet.label(27, 47.6, "准驾车型", "Class")
    sheet.value("vehicle_class", 44, 48, v.get("vehicle_class", ""), v.get("vehicle_class", ""))
    for y in (37.2, 43.8, 50.4):
        sheet.rule(43, 63, y, dashed=True)
    _valid_period(sheet, v)
    if v.get("issuing_authority"):
        square_seal(sheet, 3.5, 33, 20, v["issuing_authority"])
    portrait(sheet, 65, 33, 19, 23)


def _valid_period(sheet: Sheet, v: V) -> None:
    start, end = v.get("valid_from", ""), v.get("valid_to", "")
    years = int(end[:4]) - int(start[:4]) if start and end[:4].isdigit() else 0
    same_day = end[5:] == start[5:]
    if years in (6, 10) and same_day and sheet.rng.random() < 0.25:
        sheet.label(4, 54.6, "有效起始日期", "Valid From")
        sheet.value("valid_from", 20, 55, start, start)
        sheet.label(40, 54.6, "有效期限", "Valid For")
        sheet.value("valid_to", 51, 55, f"{years}年", end)
        return
    sheet.label(4, 54.6, "有效期限", "Valid Period", width=10.5)
    if start:
        shown = f"{start} 至 {end}" if sheet.rng.random() < 0.6 else f"{start}至{end}"
        sheet.value(("valid_from", "valid_to"), 18, 55, shown, (start, end))


def second_page(sheet: Sheet, v: V) -> None:
    """副页: file number and record."""
    sheet.text(44, 5.4, "中华人民共和国机动车驾驶证副页", 3.8, anchor="mm", colour=(20, 20, 20))
    sheet.label(4, 12, "证号", "No.", width=6)
    sheet.value("licence_number", 14, 12.2, v.get("licence_number", ""), v.get("licence_number", ""))
    sheet.label(4, 19, "姓名", "Name", width=6)
    sheet.value("name", 14, 19.2, v.get("name", ""), v.get("name", ""))
    sheet.label(40, 19, "档案编号", "File No.")
    sheet.value("file_number", 52, 19.2, v.get("file_number", ""), v.get("file_number", ""))
    sheet.label(4, 27, "记录", "Record", width=6)
    sheet.value("record", 14, 27.2, v.get("record", ""), v.get("record", ""), wrap=66)
    for y in (15, 22, 30):
        sheet.rule(13, 84, y, dashed=True)
    barcode(sheet, 30, 50, 52, 6)


def electronic(sheet: Sheet, v: V) -> None:
    """A phone screen of the traffic police app, 70 x 124 mm."""
    sheet.pen.rectangle(tuple(sheet.px(x) for x in (0, 0, 70, 14)), fill=(40, 110, 210))
    sheet.text(35, 8, "电子驾驶证", 4.2, anchor="mm", colour=(255, 255, 255))
    sheet.text(35, 20, "中华人民共和国机动车驾驶证", 3.6, anchor="mm", colour=(20, 60, 130))
    portrait(sheet, 50, 25, 14, 18)
    keys = (
        ("证号", "licence_number"), ("姓名", "name"), ("性别", "sex"), ("国籍", "nationality"),
        ("出生日期", "birth_date"), ("初次领证日期", "first_issue_date"), ("准驾车型", "vehicle_class"),
        ("有效期限", "valid"), ("状态", "status"), ("累积记分", "points"), ("档案编号", "file_number"),
        ("条形码编号", "barcode_number"), ("生成时间", "generated_at"), ("当前时间", "current_time"),
    )  # fmt: skip
    for row, (label, key) in enumerate(keys):
        y = 27 + row * 6.4
        sheet.text(4, y, label, 2.6, colour=(120, 120, 130))
        if key == "valid" and "valid_from" in v:
            shown = f"{v['valid_from']}至{v['valid_to']}"
            sheet.value(("valid_from", "valid_to"), 25, y, shown, (v["valid_from"], v["valid_to"]), size=2.7)
        elif key == "points":
            sheet.value(key, 25, y, f"{v.get(key, '')}分" if v.get(key) else "", v.get(key, ""), size=2.7)
        else:
            sheet.value(key, 25, y, shown_moment(v.get(key, "")), v.get(key, ""), size=2.7)
