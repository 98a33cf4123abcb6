"""When a delivery is tried again, and when an endpoint is given up."""

from __future__ import annotations

from datetime import timedelta
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
"""An endpoint that has failed for so long, without one success, is disabled."""
