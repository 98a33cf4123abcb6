"""When a delivery is tried again, and when an endpoint is given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

DELAYS: Final = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Wait before attempt 1, 2, ..., each counted from the end of the one before; 75.6 hours in all."""
GIVEN_UP_AFTER: Final = timedelta(days=5)


def next_attempt(attempts: int, last_ended: datetime) -> datetime | None:
    """When to try again after ``attempts`` (0: none yet) that all failed; None when the table is used up.

    For ``attempts`` 0, ``last_ended`` is when the message came to be.
    """
    return last_ended + DELAYS[attempts] if 0 <= attempts < len(DELAYS) else None


def given_up(failing_since: datetime | None, now: datetime) -> bool:
    """Whether an endpoint is to be disabled. ``failing_since``: its first failure after its last success, or None."""
    return failing_since is not None and now - failing_since >= GIVEN_UP_AFTER
