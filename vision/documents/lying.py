"""A paper that lies on its side, told by its own lines when the net was not sure of its turn."""

from __future__ import annotations

import math
from collections.abc import Sequence

from vision.types import Document, TextLine, Validation

FEWEST = 4
"""Lines of two characters and more that it takes to tell."""


def lies(lines: Sequence[TextLine] | None) -> bool:
    """Whether most lines stand taller than wide: Chinese papers print nothing from top to bottom."""
    tall = [
        math.dist(line.corners[0], line.corners[3]) > math.dist(line.corners[0], line.corners[1])
        for line in lines or ()
        if len(line.text) > 1
    ]
    return len(tall) >= FEWEST and 2 * sum(tall) > len(tall)


def proved_fields(documents: Sequence[Document]) -> int:
    """Fields whose text a grammar or a check digit bears out: read the wrong way round there are few."""
    fields = [field for document in documents for field in document.fields.values()]
    return sum(field.text is not None and field.validated is not Validation.NONE for field in fields)
