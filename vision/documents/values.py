"""Raw text of a field to its canonical form, and how that was proved. Pure functions of text.

Confusions (O/0, I/1, B/8, ...) are resolved only where a grammar or a check digit decides: a place that must be a
digit, a VIN that has no I, O, Q. What does not fit its grammar gives null: it was seen, not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vision import identifiers, plate_grammar
from vision.documents.amounts import money
from vision.documents.confusions import TRADITIONAL, UNREAD, VARIANTS, Read, digits_of, trimmed
from vision.documents.dates import date_value, inspection, timestamp
from vision.documents.vocabulary import use_character, vehicle_type
from vision.types import Validation

_HAN = "\u3400-\u4dbf\u4e00-\u9fff·"
PROVINCE_NAMES = (
    "北京市", "天津市", "上海市", "重庆市", "河北省", "山西省",
    "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "江苏省", "浙江省",
    "安徽省", "福建省", "江西省", "山东省", "河南省", "湖北省",
    "湖南省", "广东省", "广西壮族自治区", "海南省", "四川省", "贵州省",
    "云南省", "西藏自治区", "陕西省", "甘肃省", "青海省", "宁夏回族自治区",
    "新疆维吾尔自治区",
)  # fmt: skip


def text_value(raw: str) -> Read:
    text = trimmed(raw).translate(VARIANTS)
    return (text, Validation.NONE) if text else UNREAD


def han_value(raw: str) -> Read:
    """Words in Chinese characters only: what else was read around them is the form's print."""
    runs = re.findall(f"[{_HAN}]+", raw)
    return ("".join(runs).translate(VARIANTS), Validation.NONE) if runs else UNREAD


def model(raw: str) -> Read:
    """A make and a code of letters and digits (大众汽车牌SVW7140): readers take its J for 儿."""
    make, brand, design = trimmed(raw).translate(VARIANTS).rpartition("牌")
    text = make + brand + design.replace("儿", "J")
    return (text, Validation.NONE) if text else UNREAD


def company(raw: str) -> Read:
    """A company's name, up to its last 公司: what follows is a seal's rim or the next cell."""
    text, _ = han_value(raw)
    end = (text or "").rfind("公司")
    return (text[: end + 2], Validation.NONE) if text and end > 0 else (text, Validation.NONE)


def authority(raw: str) -> Read:
    """A seal's text; its first character, the likeliest to be lost, is told by the names of the provinces."""
    text, _ = han_value(raw)
    if text is None or "公安" not in text or not text.endswith(("队", "局", "所")):
        return UNREAD
    for name in PROVINCE_NAMES:
        if 0 <= (start := text.find(name)) <= 2:
            return text[start:], Validation.GRAMMAR
    heads = [name for name in PROVINCE_NAMES if text.startswith(name[1:])]
    return (heads[0][0] + text, Validation.GRAMMAR) if len(heads) == 1 else (text, Validation.NONE)


def licence_number(raw: str) -> Read:
    """18 characters of an ID number; proved by its check digit, else by nothing.

    Of a longer text only the one part that the check digit proves: which end is too much nobody can tell.
    """
    text = re.sub(r"[^0-9A-Za-z]", "", raw).replace("x", "X")
    text = re.sub(r"^(?:No|N0)", "", text)
    parts = {_eighteen(text[at : at + 18]) for at in range(len(text) - 17)}
    proven = [part for part in parts if identifiers.id_number_valid(part)]
    if len(proven) == 1:
        return proven[0], Validation.CHECKSUM
    if len(text) != 18:
        return UNREAD
    (text,) = parts
    return (text, Validation.NONE) if re.fullmatch(r"\d{17}[\dX]", text) else UNREAD


def _eighteen(text: str) -> str:
    """Digits where an ID number must have them: all but its last place, which may be X."""
    return digits_of(text[:17]) + ("X" if text[17] in "XK" else digits_of(text[17]))


def vin(raw: str) -> Read:
    """17 characters without I, O, Q; proved by the check digit, else only by the grammar."""
    text = re.sub(r"[^0-9A-Z]", "", raw.upper()).translate(str.maketrans("IOQ", "100"))
    if not identifiers.vin_well_formed(text):
        return UNREAD
    # The last four characters of a VIN are always digits (GB 16735).
    text = text[:13] + digits_of(text[13:])
    if identifiers.vin_check_ok(text):
        return text, Validation.CHECKSUM
    return (text, Validation.GRAMMAR) if identifiers.vin_well_formed(text) else UNREAD


def plate_number(raw: str) -> Read:
    text = plate_grammar.normalise(trimmed(raw)).translate(TRADITIONAL)
    text = text[:2] + text[2:].replace("O", "0").replace("I", "1")
    if text.startswith("粤0"):  # an issuing office is a letter: this is the O of the old plates there
        text = f"粤{plate_grammar.OLD_OFFICE}{text[2:]}"
    if plate_grammar.kinds_for(text):
        return text, Validation.GRAMMAR
    return (text, Validation.NONE) if re.match(f"[{plate_grammar.PROVINCES}]", text) and len(text) > 5 else UNREAD


def sex(raw: str) -> Read:
    found = re.findall("[男女]", raw)
    return (found[0], Validation.GRAMMAR) if len(found) == 1 else UNREAD


def vehicle_class(raw: str) -> Read:
    text = re.sub(r"[^A-Z0-9]", "", raw.upper())
    text = re.sub(r"(?<=[ABC])[IL]", "1", text)
    return (text, Validation.GRAMMAR) if identifiers.vehicle_class_valid(text) else UNREAD


_LIKE_DIGITS = "OoQDIlJ|!ZzSsBGb"
_NUMBER = re.compile(
    rf"(?<![\d{_LIKE_DIGITS}.,·])(\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.(\d+))?(万?)"
    rf"(?![\d{_LIKE_DIGITS}百亿]|千(?!克)|[^\w]?\d)"
)
"""A whole token: digits with or without commas at the thousands, decimals, 万; no further digit hides beside it."""


def whole_number(raw: str) -> Read:
    """Digits before a unit (kg, 人, 元), 万 written out; null where they are not the whole of the number."""
    match = _NUMBER.search(_leading_digits(raw))
    if match is None:
        return UNREAD
    whole, decimals, ten_thousands = match[1].replace(",", ""), match[2] or "", match[3]
    if ten_thousands:
        return (f"{whole}{decimals:0<4}".lstrip("0"), Validation.GRAMMAR) if len(decimals) <= 4 else UNREAD
    # Three decimals are a comma at the thousands, misread, or a number that is not whole.
    return UNREAD if len(decimals) == 3 or decimals.strip("0") else (whole, Validation.GRAMMAR)


def _leading_digits(raw: str) -> str:
    return re.sub(r"^[0-9OoIl]+", lambda match: digits_of(match[0]), trimmed(raw))


def dimensions(raw: str) -> Read:
    match = re.search(r"(?<!\d)(\d{3,5})\D{1,2}(\d{3,4})\D{1,2}(\d{3,4})(?!\d)", raw)
    return ("×".join(match.groups()), Validation.GRAMMAR) if match else UNREAD


def code(raw: str) -> Read:
    """Numbers of engines, files and policies: letters, digits and hyphens, no grammar."""
    text = re.sub(r"[^0-9A-Za-z-]", "", trimmed(raw)).strip("-")
    return (text, Validation.NONE) if text else UNREAD


def file_number(raw: str) -> Read:
    """12 digits."""
    text = re.sub(r"\D", "", digits_of(raw))
    return (text, Validation.GRAMMAR) if len(text) == 12 else UNREAD


def phone(raw: str) -> Read:
    """Numbers of hotlines (95..., 400...), of a landline, of a mobile."""
    match = re.match(r"(95\d{3,4}|400\d{7}|800\d{7}|0\d{9,11}|1[3-9]\d{9})(?!\d)", re.sub(r"[^0-9/,;、]", "", raw))
    return (match[1], Validation.GRAMMAR) if match else UNREAD


PARSERS: dict[str, Callable[[str], Read]] = {
    **dict.fromkeys(("name", "nationality", "status", "body_colour"), han_value),
    **dict.fromkeys(("energy_type",), han_value),
    **dict.fromkeys(("birth_date", "first_issue_date", "register_date", "issue_date", "scrap_date"), date_value),
    **dict.fromkeys(("signed_date", "valid_from", "valid_to"), date_value),
    **dict.fromkeys(("generated_at", "current_time"), timestamp),
    **dict.fromkeys(("seats", "total_mass", "curb_mass", "load_mass", "towing_mass", "points"), whole_number),
    **dict.fromkeys(("death_limit", "medical_limit", "property_limit"), whole_number),
    **dict.fromkeys(("engine_number", "policy_number", "barcode_number"), code),
    "licence_number": licence_number,
    "issuing_authority": authority,
    "insurer": company,
    "model": model,
    "use_character": use_character,
    "vehicle_type": vehicle_type,
    "vin": vin,
    "plate_number": plate_number,
    "sex": sex,
    "vehicle_class": vehicle_class,
    "premium_total": money,
    "dimensions": dimensions,
    "inspection_valid_to": inspection,
    "file_number": file_number,
    "service_phone": phone,
}
"""Keys that are not here are taken as they stand (`text_value`)."""


def parse(key: str, raw: str) -> Read:
    return PARSERS.get(key, text_value)(raw)
