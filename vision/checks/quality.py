"""Photo quality: as a step of other checks, and told of photos that are of no use."""

from __future__ import annotations

from collections.abc import Mapping

from vision.checks.dossier import Dossier, Look, failed, unsure
from vision.checks.parties import PAPERS
from vision.checks.reasons import Reason
from vision.types import Evidence, Finding, FramingKind, PhotoFacts, QualityVerdict, Verdict

_TRUNCATED = "truncated"


def usable(photo: PhotoFacts, limits: Mapping[str, float]) -> Look | None:
    """A step: whether the picture is sharp and exposed. Too small is judged where it matters, by plate or damage.

    A night picture on which all can still be made out is no reason to send somebody back: only a surely dark one is.
    """
    quality = photo.quality
    match quality.verdict:
        case QualityVerdict.BLUR:
            return failed(Reason.PHOTO_BLURRED, quality.sharpness_01)
        case QualityVerdict.DARK:
            told, least = quality.dark_01, limits["dark_sure_01"]
            return failed(Reason.PHOTO_DARK, told) if told >= least else unsure(Reason.PHOTO_DARK, told, least)
        case QualityVerdict.OVEREXPOSED:
            return failed(Reason.PHOTO_OVEREXPOSED, quality.over_01)
        case QualityVerdict.GLARE:
            return unsure(Reason.PHOTO_GLARE, quality.glare_01)
        case QualityVerdict.OK | QualityVerdict.SMALL:
            return None


def photo_truncated(dossier: Dossier) -> tuple[Finding, ...]:
    """Photos of which only the upper part could be decoded."""
    return tuple(
        Finding("photo_truncated", Verdict.UNSURE, Reason.PHOTO_TRUNCATED.value, evidence=(Evidence(photo.photo),))
        for photo in dossier.photos
        if any(_TRUNCATED in warning for warning in photo.warnings)
    )


def wrong_kind_of_photo(dossier: Dossier) -> tuple[Finding, ...]:
    """Photos that no requirement can use: no vehicle on them, the inside of a car, a paper of another kind."""
    found = [(photo, _strange(photo, dossier)) for photo in dossier.photos]
    reason = Reason.WRONG_KIND_OF_PHOTO.value
    return tuple(
        Finding("wrong_kind_of_photo", Verdict.UNSURE, reason, None, (Evidence(photo.photo),), kind)
        for photo, kind in found
        if kind is not None
    )


def _strange(photo: PhotoFacts, dossier: Dossier) -> str | None:
    """What the photo is of, if of nothing that is asked for; ``None`` if it may be of use."""
    limits = dossier.limits
    documents = (photo.document, *photo.more_documents) if photo.document is not None else photo.more_documents
    if documents:
        strange = all(one.kind not in PAPERS and one.score >= limits["document_score"] for one in documents)
        return documents[0].kind.value if strange else None
    outside = photo.plates or any(vehicle.score >= limits["vehicle_score"] for vehicle in photo.vehicles)
    told = photo.framing.kind in (FramingKind.OTHER, FramingKind.INTERIOR)
    return photo.framing.kind.value if told and photo.framing.score >= limits["framing_score"] and not outside else None
