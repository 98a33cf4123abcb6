"""What could not run, told in one line: a code and a message, never a traceback.

The one place of the service that catches everything: a fault in one case must not stop the others, and an exit
status of 1 means "lacks something", so that a fault of ours must not end a command with Python's own status 1.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from vision.errors import KuaizhengError

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Failure:
    """``code`` is stable; ``message`` is for a person and holds nothing that was read off a photo."""

    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def attempt(work: Callable[[], Result]) -> Result | Failure:
    """``work``'s result, or why there is none."""
    try:
        return work()
    except KuaizhengError as error:
        return Failure(error.code, " ".join(str(error).split()))
    except Exception as error:  # noqa: BLE001 - see the module's first lines
        # Where it happened, not what was in hand: a message may quote a plate or a name.
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Failure(
            "internal", f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}, a fault of ours"
        )
