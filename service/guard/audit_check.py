"""Finds what was done to an audit log.

The chain finds edits, deletions and reordering; the checkpoints find a chain that was worked out anew, and a cut
tail. For the last, checkpoints must also be kept where the database's keeper cannot write: records after the newest
checkpoint that is kept elsewhere can be cut unseen by who sets the chain's head back too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from service.guard.audit import AuditRecord, Checkpoint, Head, genesis, is_signed, record_hash


@dataclass(frozen=True, slots=True)
class Problem:
    """Something is wrong at ``sequence``; ``code`` is stable."""

    code: str
    sequence: int


class ChainCheck:
    """Looks at a chain record by record, in the order of their sequence, and gathers everything that is wrong.

    ``checkpoints`` are those of the database and those kept elsewhere, in any order.
    """

    def __init__(
        self, chain: str, checkpoints: Sequence[Checkpoint], public_keys: Mapping[str, Ed25519PublicKey]
    ) -> None:
        self.problems: list[Problem] = []
        self._chain, self._last = chain, genesis(chain)
        self._claims: dict[int, set[str]] = {}
        for one in checkpoints:
            if is_signed(one, chain, public_keys):
                self._claims.setdefault(one.sequence, set()).add(one.hash)
            else:
                self._wrong("bad_checkpoint", one.sequence)

    def see(self, record: AuditRecord) -> None:
        """The next record."""
        if record.chain != self._chain:
            self._wrong("foreign_record", record.sequence)
        if record.sequence != self._last.sequence + 1:
            self._wrong("gap_or_disorder", record.sequence)
        if record.previous_hash != self._last.hash:
            self._wrong("broken_link", record.sequence)
        if record_hash(record) != record.hash:
            self._wrong("altered_record", record.sequence)
        if self._claims.pop(record.sequence, {record.hash}) != {record.hash}:
            self._wrong("not_what_was_signed", record.sequence)
        self._last = record.head

    def end(self, head: Head | None = None) -> tuple[Problem, ...]:
        """Everything that is wrong; empty when all is right.

        ``head`` is what the database says of the chain's end: not signed, but a tail cut without a thought of it is
        found.
        """
        for sequence in sorted(self._claims):
            self._wrong("cut_tail", sequence)
        if head is not None and (head.sequence, head.hash) != (self._last.sequence, self._last.hash):
            self._wrong("cut_tail" if head.sequence > self._last.sequence else "other_head", head.sequence)
        return tuple(self.problems)

    def _wrong(self, code: str, sequence: int) -> None:
        self.problems.append(Problem(code, sequence))


def verify(
    chain: str,
    records: Iterable[AuditRecord],
    checkpoints: Sequence[Checkpoint],
    public_keys: Mapping[str, Ed25519PublicKey],
    head: Head | None = None,
) -> tuple[Problem, ...]:
    """What `ChainCheck` says of ``records``."""
    check = ChainCheck(chain, checkpoints, public_keys)
    for record in records:
        check.see(record)
    return check.end(head)
