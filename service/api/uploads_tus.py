"""tus 1.0 (https://tus.io/protocols/resumable-upload): its headers, and what is wrong with them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import AsyncIterable, AsyncIterator, Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.bodies import Code, impersonal
from vision.errors import InputError

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
ALGORITHMS: dict[str, Callable[[], Any]] = {
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),  # the one that tus asks every server for
    "sha256": hashlib.sha256,
}
PART_TYPE = "application/offset+octet-stream"
MAX_METADATA = 4096
_LARGEST = 2**62


class TusVersionError(InputError):
    """The client speaks another version."""

    code = "tus_version"


class UploadHeaderError(InputError):
    """A header of the upload is missing or makes no sense."""

    code = "bad_upload_header"


class UploadMetadataError(InputError):
    """Upload-Metadata does not say which photo this is."""

    code = "bad_upload_metadata"


class PartTypeError(InputError):
    """A part has a media type of its own."""

    code = "unsupported_media_type"


class OffsetConflictError(InputError):
    """The part does not begin where the upload stands."""

    code = "offset_conflict"


class UploadExpiredError(InputError):
    """The upload was not finished in time."""

    code = "upload_expired"


class PartChecksumError(InputError):
    """The part is not what its Upload-Checksum says; it was thrown away."""

    code = "part_checksum_mismatch"


class Metadata(BaseModel):
    """What Upload-Metadata says of a photo; other words in it are kept for the client, and mean nothing."""

    model_config = ConfigDict(extra="ignore")

    client_id: Annotated[
        str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9._-]+$"), AfterValidator(impersonal)
    ]
    case_id: Annotated[str, Field(pattern=r"^[0-9a-f]{1,64}$")] | None = None
    party: Code | None = None
    shot_hint: Code | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")] | None = None


def metadata(header: str) -> Metadata:
    """Reads Upload-Metadata: ``key base64,key base64``. Raises `UploadMetadataError`."""
    if len(header) > MAX_METADATA:
        raise UploadMetadataError(f"longer than {MAX_METADATA} characters")
    found: dict[str, str] = {}
    for pair in header.split(",") if header else ():
        key, _, value = pair.strip().partition(" ")
        if not key or key in found:
            raise UploadMetadataError("each key has a name of its own")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError, ValueError) as error:
            raise UploadMetadataError("values are UTF-8 in base64") from error
    try:
        return Metadata.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        raise UploadMetadataError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def number(header: str | None, name: str) -> int:
    """A size or an offset. Raises `UploadHeaderError`."""
    if header is None or not (header.isascii() and header.isdigit()) or len(header) > 19 or int(header) > _LARGEST:
        raise UploadHeaderError(f"{name} is needed: a whole number, not negative")
    return int(header)


class Checksum:
    """Holds the bytes of a part against ``Upload-Checksum: <algorithm> <base64>``; null: says nothing.

    Raises `UploadHeaderError` for an algorithm that is none of `ALGORITHMS`, or no base64.
    """

    def __init__(self, header: str | None) -> None:
        self.told = header is not None
        name, _, value = (header or "").partition(" ")
        if self.told and name not in ALGORITHMS:
            raise UploadHeaderError(f"Upload-Checksum knows {', '.join(ALGORITHMS)}")
        try:
            self._expected = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UploadHeaderError("Upload-Checksum: the checksum is in base64") from error
        self._seen = ALGORITHMS.get(name, hashlib.sha256)()

    def update(self, data: bytes) -> None:
        self._seen.update(data)

    def prove(self) -> None:
        """Raises `PartChecksumError`."""
        if self.told and not hmac.compare_digest(self._seen.digest(), self._expected):
            raise PartChecksumError("the part is not what its Upload-Checksum says")


async def as_far_as_it_came(stream: AsyncIterable[bytes], checksum: Checksum) -> AsyncIterator[bytes]:
    """The body; one that breaks off just ends, so that what came of it is kept. With a checksum, none of it is.

    Raises `ClientDisconnect`.
    """
    try:
        async for chunk in stream:
            checksum.update(chunk)
            yield chunk
    except ClientDisconnect:
        if checksum.told:
            raise


def expires(milliseconds: int) -> str:
    """Upload-Expires, as RFC 9110 writes dates."""
    return format_datetime(datetime.fromtimestamp(milliseconds // 1000, UTC), usegmt=True)


class TusHeaders:
    """ASGI: every answer below ``paths`` says which tus this is, those that tell of an error too."""

    def __init__(self, app: ASGIApp, paths: tuple[str, ...]) -> None:
        self._app, self._paths = app, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Tus-Resumable"] = headers["Tus-Version"] = VERSION
            await send(message)

        mine = scope["type"] == "http" and scope["path"].startswith(self._paths)
        await self._app(scope, receive, told if mine else send)
