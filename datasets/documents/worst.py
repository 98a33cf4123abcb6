"""What was told of one drawn document beside its truth, and how bad that is: the sheet's cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from datasets.documents.testset import PLACED, Sample, sample
from datasets.documents.truth import FieldTruth
from datasets.evaluation.sheets import Case
from vision.documents.flags import WANTED
from vision.types import Document, DocumentFlagKind, DocumentKind, Field, Page, Pixels, RepeatedField

FLAGGED = {
    "photocopy": DocumentFlagKind.PHOTOCOPY,
    "screen": DocumentFlagKind.SCREEN_RECAPTURE,
    "screenshot": DocumentFlagKind.SCREENSHOT,
    "glare": DocumentFlagKind.GLARE_OVER_FIELD,
    "thumb": DocumentFlagKind.OCCLUDED_FIELD,
    "cropped": DocumentFlagKind.CROPPED_EDGE,
    "tampered": DocumentFlagKind.TAMPERED_SUSPECT,
}
"""Defect -> the flag that it must raise and all others must not."""
WRONG_KIND, WRONG_TEXT, WRONG_FLAG, NO_TEXT = 10.0, 3.0, 2.0, 1.0
"""How bad a wrong answer is; a silent one is better than a wrong one. Text under glare or a thumb cannot be read."""


def kind_right(one: Sample, best: Document | None) -> bool:
    """Whether kind and pages are told as drawn; look-alikes must be no document, or another one."""
    page = one.truth.pages[0]
    if page.kind is DocumentKind.OTHER_DOCUMENT:
        return best is None or best.kind is DocumentKind.OTHER_DOCUMENT
    if best is None or best.kind is not page.kind:
        return False
    return page.kind not in WANTED or set(best.pages) == {page.page for page in one.truth.pages}


def told_of(best: Document | None) -> dict[tuple[str, str], Field | RepeatedField]:
    """(page, key) -> what was read there."""
    if best is None:
        return {}
    told: dict[tuple[str, str], Field | RepeatedField] = {(f.page, key): f for key, f in best.fields.items()}
    return told | {(f.page, f.key): f for f in best.repeats}


def missed_fields(one: Sample, best: Document | None) -> list[tuple[FieldTruth, str | None]]:
    """Fields whose text is not told as it is printed, with what is told; look-alikes have none."""
    seen, pages = told_of(best), () if one.defect == "lookalike" else one.truth.pages
    both = [(field, told(seen, page.page, field.key)) for page in pages for field in page.fields]
    return [(field, text) for field, text in both if text != field.text]


def told_beyond(one: Sample, best: Document | None) -> list[tuple[str, Field | RepeatedField, str | None]]:
    """Texts told of fields that the picture does not show whole: the key, what is told, and what is printed there (null
    where no such field is).

    Nothing of look-alikes, nor of edited pages: what their edited field says now is not known.
    """
    if one.defect in ("lookalike", "tampered"):
        return []
    shown = {(page.page, field.key) for page in one.truth.pages for field in page.fields}
    cut: dict[tuple[str, str], str]
    cut = {(page.page, field.key): field.text for page in one.truth.pages for field in page.cut}
    rest = ((place, field) for place, field in told_of(best).items() if place not in shown)
    return [(place[1], field, cut.get(place)) for place, field in rest if field.text is not None]


def told(seen: dict[tuple[str, str], Field | RepeatedField], page: Page, key: str) -> str | None:
    field = seen.get((page, key))
    return field.text if field else None


def wrong_flags(one: Sample, best: Document | None) -> list[str]:
    """Flags that are missing (-) or raised for nothing (+)."""
    raised = {flag.kind for flag in best.flags} if best else set()
    return [
        f"{'+' if flag in raised else '-'}{flag}"
        for defect, flag in FLAGGED.items()
        if (flag in raised) != (defect == one.defect)
    ]


def case(one: Sample, documents: Sequence[Document], picture: Callable[[], Pixels]) -> Case:
    """Wrong kinds first, then wrong texts, flags and silence. Boxes: the fields missed; what the best document is."""
    best = documents[0] if documents else None
    missed, flags, right = missed_fields(one, best), wrong_flags(one, best), kind_right(one, best)
    made_up = [(key, field.text) for key, field, text in told_beyond(one, best) if field.text != text]
    silent = 0.0 if one.defect in PLACED else NO_TEXT
    badness = sum(silent if text is None else WRONG_TEXT for _, text in missed) + WRONG_FLAG * len(flags)
    badness += WRONG_TEXT * len(made_up)
    said = [f"{field.key} {field.text} as {text}" for field, text in missed if text is not None]
    said += [f"no {field.key}" for field, text in missed if text is None]
    said += [f"{key} {text}, not shown" for key, text in made_up]
    kind = f"{best.kind} {best.score:.2f}" if best else "no document"
    words = (
        f"{one.seed} {one.defect} {one.name or one.truth.pages[0].kind}",
        "; ".join([kind, *flags, *said] if not right else [*flags, *said]),
    )
    boxes = [("", field.box_xyxy) for field, _ in missed]
    return Case(badness + (0 if right else WRONG_KIND), picture, words, boxes, [("", best.box_xyxy)] if best else [])


def again(seed: int, defect: str, nth: int, fonts: tuple[str, ...]) -> Pixels:
    """The picture of one of `datasets.documents.testset.plans`, drawn again: all of them would not fit into memory."""
    return sample(seed, defect, nth, fonts).pixels
