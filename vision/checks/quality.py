"""Photo quality: as a step of other checks, and told of photos that are of no use."""

from __future__ import annotations

from vision.checks.dossier import Dossier, Look, failed, unsure
from vision.checks.reasons import Reason
from vision.types import Evidence, Finding, FramingKind, PhotoFacts, QualityVerdict, Verdict

_TRUNCATED = "truncated"


def usable(photo: PhotoFacts) -> Look | None:
    """A step: whether the picture is sharp and exposed. Too small is judged where it matters, by plate or damage."""
    quality = photo.quality
    match quality.verdict:
        case QualityVerdict.BLUR:
            return failed(Reason.PHOTO_BLURRED, quality.sharpness_01)
        case QualityVerdict.DARK:
            return failed(Reason.PHOTO_DARK, quality.dark_01)
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
    """Photos that no requirement can use: neither vehicle nor paper on them, or the inside of a car."""
    limit = dossier.limits["framing_score"]
    strange = (FramingKind.OTHER, FramingKind.INTERIOR)
    return tuple(
        Finding(
            "wrong_kind_of_photo",
            Verdict.UNSURE,
            Reason.WRONG_KIND_OF_PHOTO.value,
            evidence=(Evidence(photo.photo),),
            measured=photo.framing.kind.value,
        )
        for photo in dossier.photos
        if photo.framing.kind in strange
        and photo.framing.score >= limit
        and photo.document is None
        and not any(vehicle.score >= dossier.limits["vehicle_score"] for vehicle in photo.vehicles)
        and not photo.plates
    )
