"""`POST /v1/check`: a case's photos in, facts and assessment out, nothing stored: for integrators who hold them."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile

from service.api.parts import Caller, TheParts, caller_with
from service.api.problems import RESPONSES
from service.casefile import read_case
from service.guard import masked
from service.guard.roles import Permission
from vision import score, standard, wire
from vision.errors import InputError
from vision.identifiers import day_of
from vision.image import DEFAULT_LIMITS, decode
from vision.types import Case, Photo, Unreadable, UnreadableReason

MAX_PHOTOS = 60
MAX_CASE_BYTES = 64 * 2**10

Json = dict[str, Any]
router = APIRouter(prefix="/v1", tags=["check"], responses=RESPONSES)
# A case uses every core already: a second one beside it would make both slower and double the memory.
_one_at_a_time = threading.Lock()


@router.get("/standards")
def standards() -> list[Json]:
    """The standards that a case can be judged by."""
    read = [standard.load(name) for name in standard.names()]
    return [
        {"name": one.name, "version": one.version, "title": {"zh": one.title.zh, "en": one.title.en}} for one in read
    ]


@router.post("/check")
def check(
    photos: Annotated[list[UploadFile], File(max_length=MAX_PHOTOS)],
    parts: TheParts,
    caller: Annotated[Caller, Depends(caller_with(Permission.CHECK))],
    standard_name: Annotated[str, Form(alias="standard")] = "four-photos",
    case: Annotated[str, Form(max_length=MAX_CASE_BYTES)] = "",
    on: Annotated[date | None, Form()] = None,
) -> Json:
    """Facts of each photo in the order given, and the assessment; masked without `personal_read`.

    ``case`` is the text of a `case.toml`.
    """
    if standard_name not in standard.names():
        raise InputError(f"no standard {standard_name!r}; there are {', '.join(standard.names())}")
    told = _case(case, [_name(photo, number) for number, photo in enumerate(photos, 1)], on)
    day = day_of(told.happened_at) if told.happened_at else on
    with _one_at_a_time:
        facts = tuple(map(wire.as_stored, parts.gather(_decoded(photos), on=day)))
    assessment = wire.assessment_to_json(score.judge(facts, told, standard.load(standard_name)))
    lines = [wire.facts_to_json(one) for one in facts]
    if not caller.sees_personal:
        lines, assessment = [masked.facts(line) for line in lines], masked.assessment(assessment)
    return {"facts": lines, "assessment": assessment}


def _name(upload: UploadFile, number: int) -> str:
    return upload.filename or f"photo-{number}"


def _decoded(uploads: Sequence[UploadFile]) -> Iterator[Photo | Unreadable]:
    """The uploads one by one; one that is too large is hashed without being held."""
    for number, upload in enumerate(uploads, 1):
        name, size = _name(upload, number), upload.size or 0
        if size > DEFAULT_LIMITS.max_bytes:
            sha256 = hashlib.file_digest(upload.file, "sha256").hexdigest()  # type: ignore[arg-type]  # is a file
            yield Unreadable(name, UnreadableReason.TOO_LARGE, sha256, size)
        else:
            yield decode(upload.file.read(), name)


def _case(text: str, names: Sequence[str], on: date | None) -> Case:
    """What the caller says of the case. Raises `InputError` with line and reason."""
    if len(set(names)) < len(names):
        raise InputError("two photos have one name")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.toml"
        path.write_text(text, "utf-8")
        try:
            return read_case(path, names, on)
        except InputError as error:
            raise InputError(str(error).replace(f"{folder}/", "")) from error
