"""The manifest of evidence: complete, the same for the same rows, and readable when printed."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fpdf.line_break import TotalPagesSubstitutionFragment
from fpdf.output import PDFPage

from service.manifest_pdf import FONTS, FontMissingError, font_file, manifest_pdf
from tests.service_client import Asking, asking, code
from tests.service_parts import jpeg

needs_font = pytest.mark.skipif(not any(path.is_file() for path in FONTS), reason="no Noto CJK: make fonts")


@pytest.fixture
def service(sqlite_url: str, tmp_path: Path) -> Iterator[Asking]:
    with asking(sqlite_url, tmp_path) as opened:
        yield opened


def filled(service: Asking) -> str:
    case = service.case("苏州-1", parties=[{"id": "甲方", "plate": "皖A12345"}], place="人民路 1 号")
    service.client.put(f"/v1/cases/{case}/photos/1.jpg?party=甲方", content=jpeg(1), headers=service.police)
    service.put(case, "2", b"no picture")
    service.put(case, "3.jpg", jpeg(3))
    service.client.post(f"/v1/cases/{case}/photos/3.jpg/withdraw", headers=service.police)
    return case


def test_a_manifest_names_every_photo(service: Asking) -> None:
    case = filled(service)
    answer = service.client.get(f"/v1/cases/{case}/manifest", headers=service.police)
    manifest = answer.json()
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert manifest["case"]["external_id"] == "苏州-1" and manifest["case"]["parties"] == ["甲方"]
    told = [(one["client_id"], one["sha256"], one["format"], one["party"]) for one in manifest["photos"]]
    assert told == [
        ("1.jpg", hashlib.sha256(jpeg(1)).hexdigest(), "jpeg", "甲方"),
        ("2", hashlib.sha256(b"no picture").hexdigest(), None, None),
        ("3.jpg", hashlib.sha256(jpeg(3)).hexdigest(), "jpeg", None),
    ]
    assert [one["withdrawn_at"] is not None for one in manifest["photos"]] == [False, False, True]
    assert all(one["received_by"].startswith("key:") for one in manifest["photos"])
    assert "皖A12345" not in answer.text and "人民路" not in answer.text
    again = service.client.get(f"/v1/cases/{case}/manifest", headers=service.police)
    assert again.content == answer.content


def test_manifests_are_for_who_may(service: Asking) -> None:
    case = filled(service)
    for path in ("manifest", "manifest.pdf"):
        url = f"/v1/cases/{case}/{path}"
        assert code(service.client.get(url, headers=service.uploader)) == (403, "forbidden")
        assert code(service.client.get(url, headers=service.insurer)) == (404, "not_found")


@needs_font
def test_the_pdf_says_the_same(service: Asking, tmp_path: Path) -> None:
    case = filled(service)
    url = f"/v1/cases/{case}/manifest"
    manifest = service.client.get(url, headers=service.police)
    answer = service.client.get(f"{url}.pdf", headers=service.police)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-") and answer.content == manifest_pdf(manifest.json())
    text = words(answer.content, tmp_path)
    for photo in manifest.json()["photos"]:
        for said in (photo["sha256"][:32], photo["sha256"][32:], photo["client_id"], photo["received_at"]):
            assert said in text
    assert hashlib.sha256(manifest.content).hexdigest() in text and "苏州-1" in text and "证据清单" in text


@needs_font
def test_a_long_manifest_goes_over_pages(tmp_path: Path) -> None:
    photo = {
        "client_id": "a" * 200,
        "sha256": "0" * 64,
        "size_bytes": 10**9,
        "format": None,
        "party": "乙" * 40,
        "received_at": "2026-05-01T00:00:00.000Z",
        "received_by": "link:" + "0" * 32,
        "shot_hint": "前" * 200,
        "withdrawn_at": None,
    }
    case: dict[str, Any] = dict.fromkeys(("accident_type", "happened_at", "closed_at"))
    case |= {"id": "0" * 32, "external_id": "长" * 200, "standard": "four-photos", "parties": ["🚗"] * 10}
    case |= {"created_at": "2026-05-01T00:00:00.000Z", "state": "open", "legal_hold": False}
    pdf = manifest_pdf({"manifest": 1, "case": case, "photos": [photo] * 6})
    pages = words(pdf, tmp_path).split("\f")
    assert len(pages) > 2 and all("JSON SHA-256" in page for page in pages if page.strip())
    assert words(manifest_pdf({"manifest": 1, "case": case, "photos": []}), tmp_path).count("没有照片") == 1


@needs_font
def test_a_case_s_number_is_printed_as_it_is(service: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not read as a mark of the PDF's own: of the number of pages, the foot of each page alone is one."""
    case = service.case("A-{nb}-1")
    add, added = PDFPage.add_text_substitution, list[PDFPage]()

    def counted(page: PDFPage, fragment: TotalPagesSubstitutionFragment) -> None:
        added.append(page)
        add(page, fragment)

    monkeypatch.setattr(PDFPage, "add_text_substitution", counted)
    answer = service.client.get(f"/v1/cases/{case}/manifest.pdf", headers=service.police)
    assert len(added) == 1
    text = words(answer.content, tmp_path)
    assert "A-{nb}-1" in text and "1 / 1" in text


def test_a_missing_font_is_told(service: Asking, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(FontMissingError):
        font_file(tmp_path / "none.ttf")
    monkeypatch.setattr("service.manifest_pdf.FONTS", ())
    answer = service.client.get(f"/v1/cases/{filled(service)}/manifest.pdf", headers=service.police)
    assert code(answer) == (503, "font_missing")


def words(pdf: bytes, folder: Path) -> str:
    """The text of a PDF, by a reader that is not ours."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext: apt-get install poppler-utils")
    path = folder / "manifest.pdf"
    path.write_bytes(pdf)
    done = subprocess.run([program, "-layout", path, "-"], check=True, capture_output=True, text=True)
    return re.sub(r"[ \t]+", " ", done.stdout)


def test_the_description_fits(service: Asking) -> None:
    """The model of the description has the fields that are given."""
    from service.api.manifest import Manifest

    answer = service.client.get(f"/v1/cases/{filled(service)}/manifest", headers=service.police)
    assert Manifest.model_validate_json(answer.content).model_dump(mode="json") == json.loads(answer.content)
