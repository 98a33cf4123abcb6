"""Who is who: plates seen at the scene and papers, put to parties as far as they prove it. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from vision.checks.geometry import centre, inside, main_vehicles, plate_box, plate_height_px, plate_width_px
from vision.plate_grammar import kinds_for
from vision.types import Document, DocumentKind, Field, FramingKind, Page, PhotoFacts, Plate, PlateKind

PAPERS = (DocumentKind.DRIVING_LICENCE, DocumentKind.VEHICLE_LICENCE, DocumentKind.INSURANCE_POLICY)
_IDENTITY: Mapping[DocumentKind, tuple[str, ...]] = {
    DocumentKind.DRIVING_LICENCE: ("licence_number",),
    DocumentKind.VEHICLE_LICENCE: ("plate_number", "vin"),
    DocumentKind.INSURANCE_POLICY: ("policy_number",),
}
"""Two pictures of one paper share one of these."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A plate on a photo of the scene."""

    photo: PhotoFacts
    plate: Plate
    sure: bool
    main: bool
    """On a main vehicle or a close-up; else it may be a bystander's, and is here as a paper or the case names it."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, on one or more photos; of each field the best reading."""

    kind: DocumentKind
    pages: tuple[tuple[PhotoFacts, Document], ...]

    def field(self, key: str) -> Field | None:
        found = [document.fields[key] for _, document in self.pages if key in document.fields]
        return max(found, key=lambda field: (field.text is not None, field.score), default=None)

    def readings(self, key: str, least_score: float) -> tuple[str, ...]:
        """Every text that was read for sure, repeats on other pages included; of plates, those that can be one."""
        texts = {d.fields[key].text for _, d in self.pages if key in d.fields and d.fields[key].score >= least_score}
        texts |= {r.text for _, d in self.pages for r in d.repeats if r.key == key and r.score >= least_score}
        return tuple(sorted(text for text in texts if text and (key != "plate_number" or kinds_for(text))))

    def identity(self, least_score: float) -> frozenset[str]:
        """What was read for sure that only pictures of the same paper share."""
        return frozenset(text for key in _IDENTITY[self.kind] for text in self.readings(key, least_score))

    @property
    def page_kinds(self) -> frozenset[Page]:
        return frozenset(page for _, document in self.pages for page in document.pages)

    @property
    def has_main_page(self) -> bool:
        return bool(self.page_kinds - {Page.SECOND})


@dataclass(frozen=True, slots=True)
class PartyFile:
    """All that is known to belong to one party."""

    id: str
    plate: str | None
    """As claimed by the case, else as seen at the scene, else unknown."""
    claimed: bool
    photos: frozenset[str]
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Parties:
    files: tuple[PartyFile, ...]
    sightings: tuple[Sighting, ...]
    open_papers: tuple[Paper, ...]
    """Papers that could be anyone's."""
    open_plates: tuple[str, ...]
    """Plates at the scene, read for sure, that are no known party's."""

    def name_of(self, photo: PhotoFacts) -> str | None:
        """The one party whose photo this is: told by the case, else by the only plate on it."""
        told = [file.id for file in self.files if photo.photo in file.photos]
        if told:
            return told[0] if len(told) == 1 else None
        texts = {s.plate.text for s in self.sightings if s.sure and s.photo is photo}
        owners = {file.id for file in self.files if file.plate is not None and file.plate in texts}
        return owners.pop() if len(owners) == 1 and len(texts) == 1 else None


def is_paper(photo: PhotoFacts, limits: Mapping[str, float]) -> bool:
    """Whether this is a picture of papers, not of the scene."""
    if photo.document is not None and photo.document.score >= limits["document_score"]:
        return True
    return photo.framing.kind is FramingKind.DOCUMENT and photo.framing.score >= limits["framing_score"]


def sightings_of(
    photos: Sequence[PhotoFacts], limits: Mapping[str, float], named: Collection[str]
) -> tuple[Sighting, ...]:
    """Plates on main vehicles and on close-ups; others only where they are ``named`` by a paper or the case."""
    found = []
    for photo in photos:
        if is_paper(photo, limits):
            continue
        boxes = [vehicle.box_xyxy for vehicle in main_vehicles(photo, limits, limits["vehicle_doubt"])[:2]]
        for plate in photo.plates:
            on_main = any(inside(centre(plate_box(plate)), box) for box in boxes)
            main = on_main or not boxes or photo.framing.kind is FramingKind.CLOSEUP
            if may_be_read(plate, limits) and (main or plate.text in named):
                found.append(Sighting(photo, plate, plate_sure(plate, limits), main))
    return tuple(found)


def may_be_read(plate: Plate, limits: Mapping[str, float]) -> bool:
    """Whether it is read, or is at least a plate: of shop signs and badges the reader says that they are of no kind."""
    is_plate = plate.text is not None or plate.kind is not PlateKind.OTHER
    return is_plate and plate.score >= limits["plate_doubt"]


def plate_sure(plate: Plate, limits: Mapping[str, float]) -> bool:
    """Whether the text may be relied on: read, likely right, and not of fewer pixels than any reader can vouch for.

    The score is the chance that the text is right, blur included, so sharpness has no say here. It knows too little of
    plates seen from the side: of real validation plates squeezed to 40 px of width 6 of the 118 told for sure were told
    wrongly, at 45 px none of 126 (`python -m datasets.plates.squeezed`).
    """
    tall = plate_height_px(plate) >= limits["plate_height_px"]
    wide = plate_width_px(plate) >= limits["plate_sure_width_px"]
    return plate.text is not None and plate.score >= limits["plate_score"] and tall and wide


def without_tries(papers: Sequence[Paper], least_score: float) -> tuple[Paper, ...]:
    """One party's papers, but for earlier tries: main pages of which no number was read, beside one of the kind of
    which one was. Such a picture says nothing: it may as well be of another paper."""
    known = {paper.kind for paper in papers if paper.has_main_page and paper.identity(least_score)}
    return tuple(p for p in papers if p.kind not in known or not p.has_main_page or p.identity(least_score))


def joined(papers: Sequence[Paper], least_score: float) -> tuple[Paper, ...]:
    """Papers of one kind and party as one, unless numbers tell that they are several. Second pages belong to the only
    main page there is; pictures of which no number was read are of one paper."""
    if len(papers) < 2 or sum(paper.has_main_page and bool(paper.identity(least_score)) for paper in papers) > 1:
        return tuple(papers)
    return (Paper(papers[0].kind, tuple(page for paper in papers for page in paper.pages)),)


def papers_of(photos: Sequence[PhotoFacts], limits: Mapping[str, float]) -> tuple[Paper, ...]:
    """Documents of the three kinds; pictures of one paper (same number, plate or VIN) are put together."""
    papers: list[Paper] = []
    for photo in photos:
        documents = (photo.document, *photo.more_documents) if photo.document is not None else photo.more_documents
        for document in documents:
            if document.kind not in PAPERS or document.score < limits["document_doubt"]:
                continue
            paper = Paper(document.kind, ((photo, document),))
            same = [other for other in papers if _same_paper(paper, other, limits["field_score"])]
            pages = tuple(page for other in same for page in other.pages) + paper.pages
            papers = [other for other in papers if other not in same] + [Paper(document.kind, pages)]
    return tuple(papers)


def _same_paper(one: Paper, other: Paper, least_score: float) -> bool:
    if one.kind is not other.kind:
        return False
    keys = (*_IDENTITY[one.kind], "file_number")
    return any(set(one.readings(key, least_score)) & set(other.readings(key, least_score)) for key in keys)
