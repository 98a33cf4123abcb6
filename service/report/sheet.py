"""Renders the proof sheet: one self-contained file, no script, no network, everything untrusted escaped."""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.report.overlay import DRAWN_FROM, LAYERS, percent
from service.report.views import MOST_PROOFS, PhotoView, Proof, findings_on, longest_px, photo_view
from service.words import Lang, measures, number, reason_text, road_text, say, step_text, title_of, word, worst
from vision.types import Assessment, Evidence, Finding, PhotoFacts, Pixels, Requirement, Text, Unreadable, Verdict

_HERE = Path(__file__).parent
_LAYER_WORDS = {
    "vehicle": ("车辆", "vehicles"),
    "part": ("部件", "parts"),
    "road": ("车道线、信号灯", "lane lines, traffic lights"),
    "damage": ("损伤", "damage"),
    "plate": ("号牌", "plates"),
    "document": ("证件字段", "document fields"),
}


@dataclass(frozen=True, slots=True)
class SheetInput:
    """What a sheet is made of. ``pixels`` gives a photo's pixels by name, or null if the original is gone."""

    case_name: str
    standard_title: Text
    requirements: tuple[Requirement, ...]
    assessment: Assessment
    facts: tuple[PhotoFacts | Unreadable, ...]
    pixels: Callable[[str], Pixels | None]
    told: str = ""
    """What the caller said of the case, in one line."""


def render(sheet: SheetInput, lang: Lang) -> str:
    """The sheet as HTML text."""
    photos, proofs = _photos(sheet, lang)
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("sheet.html.j2").render(
        **_style(), **_head(sheet, lang), **_body(sheet, photos, proofs, lang), zh=lang is Lang.ZH, photos=photos
    )


def _style() -> dict[str, Any]:
    # The style element is allowed by its hash alone: text that slips into the page cannot bring style of its own.
    css = (_HERE / "sheet.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    return {"css": _Safe(css), "css_hash": f"sha256-{digest}"}


class _Safe(str):
    """Text of our own that the template must not escape."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def _photos(sheet: SheetInput, lang: Lang) -> tuple[tuple[PhotoView, ...], dict[int, list[Proof]]]:
    """Each photo is opened once, and let go before the next."""
    facts = [one for one in sheet.facts if isinstance(one, PhotoFacts)]
    verdicts = {n: finding.verdict for n, finding in enumerate(sheet.assessment.findings)}
    views: list[PhotoView] = []
    proofs: dict[int, list[Proof]] = defaultdict(list)
    shown: dict[int, int] = defaultdict(int)
    for n, one in enumerate(facts, 1):
        wanted: dict[int, tuple[Evidence, ...]] = {}
        for finding, evidence in findings_on(sheet.assessment.findings, one.photo).items():
            wanted[finding] = evidence[: max(0, MOST_PROOFS - shown[finding])]
            shown[finding] += len(wanted[finding])
        pixels = sheet.pixels(one.photo)
        view, found = photo_view(one, f"p{n}", pixels, wanted, verdicts, longest_px(len(facts)), lang)
        views.append(view)
        for finding, some in found.items():
            proofs[finding].extend(some)
    return tuple(views), proofs


def _head(sheet: SheetInput, lang: Lang) -> dict[str, Any]:
    zh, assessment = lang is Lang.ZH, sheet.assessment
    count = len(sheet.facts)
    return {
        "case_name": sheet.case_name,
        "standard": f"{say(sheet.standard_title, lang)} ({assessment.standard} {assessment.standard_version})",
        "photo_count": f"{count} 个文件" if zh else f"{count} files",
        "assessment": assessment,
        "decision": word(assessment.decision, lang),
        "score": number(assessment.score),
        "road": road_text(assessment.may_clear_road, lang),
        "told": sheet.told,
        "steps": [step_text(step, lang) for step in assessment.next],
        "unreadable": [
            {
                "photo": one.photo,
                "reason": word(one.unreadable, lang),
                "size": f"{one.size_bytes:,} B",
                "sha256": one.sha256,
            }
            for one in assessment.unreadable
        ],
    }


def _body(
    sheet: SheetInput, photos: tuple[PhotoView, ...], proofs: Mapping[int, list[Proof]], lang: Lang
) -> dict[str, Any]:
    zh, assessment = lang is Lang.ZH, sheet.assessment
    anchors = {view.facts.photo: view.anchor for view in photos}
    order = sorted(range(len(assessment.findings)), key=lambda n: _urgency(assessment.findings[n]))
    counts = [(v, sum(finding.verdict is v for finding in assessment.findings)) for v in Verdict]
    layers = dict.fromkeys(layer for layer in LAYERS for view in photos if layer in view.layers)
    return {
        "breakdown": _breakdown(sheet, lang),
        "findings": [_finding(sheet, n, proofs.get(n, []), anchors, lang) for n in order],
        "counts": " · ".join(f"{word(verdict, lang)} {count}" for verdict, count in counts),
        "layers": [(layer, _LAYER_WORDS[layer][0 if zh else 1]) for layer in layers],
        "drawn_note": f"图上只画出可信度 {percent(DRAWN_FROM)} 以上的目标"
        if zh
        else f"drawn from a score of {percent(DRAWN_FROM)}",
        "footer": "系统只说明看到了什么；没有看到损伤不等于没有损伤。模型："
        if zh
        else "The system tells what was seen; damage that was not seen may still be there. Models:",
        "models": sorted(assessment.models.items()),
    }


def _urgency(finding: Finding) -> tuple[int, bool]:
    return (Verdict.FAIL, Verdict.UNSURE, Verdict.PASS).index(finding.verdict), not finding.disagreement


def _breakdown(sheet: SheetInput, lang: Lang) -> list[dict[str, Any]]:
    requirements = {requirement.id: requirement for requirement in sheet.requirements}
    most = max((line.asked for line in sheet.assessment.breakdown), default=0.0) or 1.0
    rows = []
    for line in sheet.assessment.breakdown:
        requirement = requirements.get(line.requirement)
        verdict = worst(one.verdict for one in sheet.assessment.findings if one.requirement == line.requirement)
        rows.append(
            {
                "anchor": f"r-{line.requirement}",
                "title": title_of(line.requirement, sheet.requirements, lang),
                "required": requirement is None or requirement.required,
                "tone": verdict.value,
                "verdict": word(verdict, lang),
                "earned": number(line.earned),
                "asked": number(line.asked),
                "asked_px": f"{150 * line.asked / most:.1f}",
                "earned_px": f"{150 * line.earned / most:.1f}",
            }
        )
    return rows


def _finding(sheet: SheetInput, n: int, proofs: list[Proof], anchors: Mapping[str, str], lang: Lang) -> dict[str, Any]:
    finding, zh = sheet.assessment.findings[n], lang is Lang.ZH
    first = next(i for i, one in enumerate(sheet.assessment.findings) if one.requirement == finding.requirement)
    shown = {proof.photo for proof in proofs}
    names = dict.fromkeys(evidence.photo for evidence in finding.evidence)
    measured, limit = measures(finding.measured, finding.limit, lang)
    lines = [
        ("测得" if zh else "measured", measured),
        ("标准" if zh else "limit", limit),
        ("代码" if zh else "code", f"{finding.requirement} / {finding.reason}"),
    ]
    return {
        "anchor": f"r-{finding.requirement}" + ("" if n == first else f"-{n}"),
        "bare": not finding.evidence,
        "tone": finding.verdict.value,
        "verdict": word(finding.verdict, lang),
        "title": title_of(finding.requirement, sheet.requirements, lang),
        "party": finding.party,
        "why": reason_text(finding.reason, lang),
        "lines": [(label, value) for label, value in lines if value is not None],
        "proofs": proofs,
        # What gave no picture has no place on the sheet, but its name.
        "more": [(anchors.get(photo), photo) for photo in names if photo not in shown],
    }
