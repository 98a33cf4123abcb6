"""The whole product on one screen: decode, gather, judge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vision.facts import gather
from vision.identifiers import day_of
from vision.image import decode
from vision.models.bundle import Models
from vision.score import judge
from vision.standard import Standard
from vision.types import Assessment, Case, PhotoFacts, Unreadable
from vision.wire import as_stored


def facts_of_case(
    uploads: Iterable[tuple[str, bytes]], models: Models, case: Case
) -> tuple[PhotoFacts | Unreadable, ...]:
    """What is on the pictures of a case: (name, bytes) of each upload in, facts in the same order out."""
    on = day_of(case.happened_at) if case.happened_at else case.on  # as `judge` ranks them
    # With the decimals that are stored: an archive that is judged again gets the same answer.
    return tuple(as_stored(one) for one in gather((decode(data, name) for name, data in uploads), models, on=on))


def assess(
    uploads: Iterable[tuple[str, bytes]], models: Models, case: Case, standard: Standard
) -> tuple[Assessment, Sequence[PhotoFacts | Unreadable]]:
    """Gathers and judges. Deterministic: same bytes, models, case and standard give the same assessment."""
    facts = facts_of_case(uploads, models, case)
    return judge(facts, case, standard), facts
