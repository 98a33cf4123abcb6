"""The manifest as a PDF to be filed: the same values, and the SHA-256 of the JSON that they were taken from.

The same manifest gives the same bytes: no time of printing, no chance; the font is embedded as a subset.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout, VAlign, XPos, YPos

from service.manifest import digest_of
from vision.errors import KuaizhengError

FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),  # Debian, Ubuntu: fonts-noto-cjk
    Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc"),  # Alpine, Arch
    Path("/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc"),  # Fedora
)
_SIMPLIFIED = 2
"""Which font of the collection: Simplified Chinese."""
_FAMILY = "cjk"
_PAGES = "\x1f"
"""Becomes the number of pages wherever it stands. No number of a case can hold it; fpdf2's own ``{nb}`` one can."""
_MARGIN_MM, _LINE_MM = 12.0, 4.2
_COLUMNS = (
    ("#", 8),
    ("照片\nphoto", 42),
    ("SHA-256", 50),
    ("字节\nbytes", 20),
    ("格式\nformat", 15),
    ("收到 (UTC)\nreceived", 40),
    ("提交者\nreceived by", 40),
    ("当事方\nparty", 20),
    ("撤回 (UTC)\nwithdrawn", 38),
)


class FontMissingError(KuaizhengError):
    """There is no font that has Chinese: `apt-get install fonts-noto-cjk`."""

    code = "font_missing"


def manifest_pdf(manifest: dict[str, Any], font: Path | None = None) -> bytes:
    """The PDF, A4 across. ``font``: a file that has Chinese; else one of `FONTS`. Raises `FontMissingError`."""
    page = _Page(manifest, font_file(font))
    page.add_page()
    _head(page, manifest["case"])
    _photos(page, manifest["photos"])
    return bytes(page.output())


def font_file(told: Path | None) -> Path:
    """The font that is used. Raises `FontMissingError`."""
    found = next((path for path in ((told,) if told else FONTS) if path.is_file()), None)
    if found is None:
        raise FontMissingError("no Chinese font for the PDF: install fonts-noto-cjk, or set manifest_font")
    return found


class _Page(FPDF):
    """Pages with the case and the manifest's hash at their foot."""

    def __init__(self, manifest: dict[str, Any], font: Path) -> None:
        super().__init__(orientation="landscape", format="A4")
        self._digest = digest_of(manifest)
        self._case_id = manifest["case"]["id"]
        self.add_font(_FAMILY, fname=font, collection_font_number=_SIMPLIFIED if font.suffix == ".ttc" else 0)
        self.set_font(_FAMILY, size=9)
        self.set_margins(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        self.set_auto_page_break(True, 18)
        self.set_title(f"Manifest of evidence {self._case_id}")
        self.set_lang("zh-CN")
        self.alias_nb_pages(_PAGES)
        # Of the case's own, so that the file says nothing of when it was printed.
        self.set_creation_date(datetime.fromisoformat(manifest["case"]["created_at"]))

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font(_FAMILY, size=7)
        self.set_text_color(90)
        text = f"案件 case {self._case_id}    JSON SHA-256 {self._digest}"
        self.cell(240, _LINE_MM, text)
        self.cell(0, _LINE_MM, f"{self.page_no()} / {_PAGES}", align="R")
        self.set_text_color(0)
        self.set_font(_FAMILY, size=9)


def _head(page: FPDF, case: dict[str, Any]) -> None:
    page.set_font(_FAMILY, size=16)
    page.cell(0, 10, "证据清单  Manifest of evidence", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_font(_FAMILY, size=9)
    for label, value in _lines(case):
        page.cell(58, 5, label)
        page.multi_cell(0, 5, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(3)


def _lines(case: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "案件编号  number of the case", case["external_id"]
    yield "系统编号  id", case["id"]
    yield "事故类型  accident type", case["accident_type"] or "-"
    yield "事故时间  happened at", case["happened_at"] or "-"
    yield "标准  standard", case["standard"]
    yield "当事方  parties", ", ".join(case["parties"]) or "-"
    yield "建立  created", case["created_at"]
    yield "状态  state", case["state"] + (f", {case['closed_at']}" if case["closed_at"] else "")
    yield "法律保留  legal hold", "是  yes" if case["legal_hold"] else "否  no"


def _photos(page: FPDF, photos: list[dict[str, Any]]) -> None:
    if not photos:
        page.cell(0, 6, "没有照片  no photos", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        return
    page.set_font(_FAMILY, size=7.5)
    heading = FontFace(family=_FAMILY, emphasis="", fill_color=(236, 239, 243))
    widths = tuple(width for _, width in _COLUMNS)
    layout = TableBordersLayout.HORIZONTAL_LINES
    page.set_line_width(0.1)
    page.set_draw_color(150)
    with page.table(
        col_widths=widths,
        line_height=_LINE_MM,
        headings_style=heading,
        borders_layout=layout,
        text_align="LEFT",
        v_align=VAlign.T,
        padding=0.8,
    ) as table:
        table.row([name for name, _ in _COLUMNS])
        for number, photo in enumerate(photos, 1):
            table.row(_row(number, photo))
    page.set_font(_FAMILY, size=9)


def _row(number: int, photo: dict[str, Any]) -> list[str]:
    sha256 = photo["sha256"]
    hint = f"\n{photo['shot_hint']}" if photo["shot_hint"] else ""
    return [
        str(number),
        photo["client_id"] + hint,
        f"{sha256[:32]}\n{sha256[32:]}",
        f"{photo['size_bytes']:,}",
        photo["format"] or "-",
        photo["received_at"],
        photo["received_by"],
        photo["party"] or "-",
        photo["withdrawn_at"] or "-",
    ]
