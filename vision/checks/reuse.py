"""The same picture twice in a set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vision.checks.dossier import Dossier
from vision.checks.parties import is_paper
from vision.checks.reasons import Reason
from vision.types import Evidence, Finding, PhotoFacts, Unreadable, Verdict


def copies_of(photos: Sequence[PhotoFacts], limits: Mapping[str, float]) -> tuple[tuple[PhotoFacts, ...], ...]:
    """Photos grouped by picture: the same bytes, or perceptual hashes at most ``copy_bits`` apart.

    Papers of one kind look alike by nature, so among them only the same bytes count.
    """
    groups: list[list[PhotoFacts]] = []
    for photo in photos:
        same = [group for group in groups if any(_same(photo, other, limits) for other in group)]
        groups = [group for group in groups if group not in same]
        groups.append([other for group in same for other in group] + [photo])
    return tuple(tuple(group) for group in groups)


def _same(one: PhotoFacts, other: PhotoFacts, limits: Mapping[str, float]) -> bool:
    if one.sha256 == other.sha256:
        return True
    if is_paper(one, limits) or is_paper(other, limits):
        return False
    return (int(one.phash, 16) ^ int(other.phash, 16)).bit_count() <= limits["copy_bits"]


def same_photo_twice(dossier: Dossier) -> tuple[Finding, ...]:
    """A picture that was uploaded more than once counts once."""
    return tuple(
        Finding(
            "same_photo_twice",
            Verdict.UNSURE,
            Reason.SAME_PHOTO_TWICE.value,
            evidence=tuple(Evidence(photo.photo) for photo in group),
            measured=len(group),
            limit=1,
        )
        for group in dossier.copies
        if len(group) > 1
    )


def originals_readable(dossier: Dossier) -> tuple[Finding, ...]:
    """Uploads that gave no picture."""
    return tuple(_unreadable(one) for one in dossier.unreadable)


def _unreadable(one: Unreadable) -> Finding:
    reason = Reason.ORIGINAL_UNREADABLE.value
    return Finding(
        "originals_readable", Verdict.UNSURE, reason, None, (Evidence(one.photo),), measured=one.unreadable.value
    )
