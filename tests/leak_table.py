"""Every endpoint with what it takes to call it, who may, and what another organisation is answered.

`tests/integration/test_service_leaks.py` asks the app for its routes: one that has no row here fails the tests.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.guard.roles import Permission
from tests.personal_parts import BODY, NAME, NOTE, PLATE
from tests.service_client import told
from tests.service_parts import jpeg

Json = dict[str, Any]
_numbers = itertools.count(1000)
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True, slots=True)
class Things:
    """Ids of what belongs to the police: a case that was looked at, and all that hangs on it."""

    case: str
    version: int
    link: str
    upload: str
    endpoint: str
    officer: str
    key: str
    token: str
    """Of an address of an original, altered."""


class Foreign(StrEnum):
    """What another organisation is answered that may do it in its own house."""

    NOT_FOUND = "not_found"
    OWN = "own"
    """Its own things."""


@dataclass(frozen=True, slots=True)
class Row:
    """``may`` null: whoever has a key; ``fresh``: changes things, so that each role gets a case of its own."""

    may: Permission | None
    path: Callable[[Things], str]
    foreign: Foreign = Foreign.NOT_FOUND
    fresh: bool = False
    ok: tuple[int, ...] = (200, 201, 202, 204)
    body: Callable[[Things], Json] = lambda _: {}
    """More arguments of the request."""
    foreign_body: Callable[[Things], Json] | None = None
    """The same of another organisation, where it sends something else."""
    open_to_links: bool = False
    needs_key: bool = True


def _json(value: Callable[[Things], Json]) -> Callable[[Things], Json]:
    return lambda things: {"json": value(things)}


def _case(rest: str = "") -> Callable[[Things], str]:
    return lambda things: f"/v1/cases/{things.case}{rest}"


def _at(path: str) -> Callable[[Things], str]:
    return lambda _: path


def _endpoint(rest: str = "") -> Callable[[Things], str]:
    return lambda things: f"/v1/webhook-endpoints/{things.endpoint}{rest}"


def _review(things: Things) -> Json:
    return {"version": things.version, "decision": "retake", "reason": "other", "note": NOTE}


def _begin(things: Things) -> Json:
    metadata = told(client_id=f"{next(_numbers)}.jpg", case_id=things.case)
    return {"headers": {**TUS, "Upload-Length": "10", "Upload-Metadata": metadata}}


_PART = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
P, OWN = Permission, Foreign.OWN
TABLE: dict[tuple[str, str], Row] = {
    ("POST", "/v1/cases"): Row(
        P.CASE_CREATE,
        _at("/v1/cases"),
        OWN,
        body=_json(lambda _: {**BODY, "external_id": f"N-{next(_numbers)}"}),
        foreign_body=_json(lambda _: {"external_id": f"N-{next(_numbers)}"}),
    ),
    ("GET", "/v1/cases"): Row(P.CASE_READ, _at("/v1/cases"), OWN),
    ("GET", "/v1/cases/{case_id}"): Row(P.CASE_READ, _case()),
    ("DELETE", "/v1/cases/{case_id}"): Row(P.CASE_DELETE, _case(), fresh=True),
    ("POST", "/v1/cases/{case_id}/close"): Row(P.CASE_CLOSE, _case("/close"), fresh=True),
    ("PUT", "/v1/cases/{case_id}/legal-hold"): Row(P.CASE_HOLD, _case("/legal-hold?held=true"), fresh=True),
    ("PUT", "/v1/cases/{case_id}/photos/{client_id}"): Row(
        P.PHOTO_UPLOAD,
        lambda things: f"/v1/cases/{things.case}/photos/{next(_numbers)}.jpg",
        body=lambda _: {"content": jpeg()},
        open_to_links=True,
    ),
    ("GET", "/v1/cases/{case_id}/photos"): Row(P.CASE_READ, _case("/photos")),
    ("POST", "/v1/cases/{case_id}/photos/{client_id}/withdraw"): Row(
        P.PHOTO_WITHDRAW, _case("/photos/1.jpg/withdraw"), fresh=True, open_to_links=True
    ),
    ("GET", "/v1/cases/{case_id}/photos/{client_id}/files"): Row(P.ORIGINAL_READ, _case("/photos/1.jpg/files")),
    **{
        ("GET", f"/v1/files/{kind}/{{token}}"): Row(
            None,
            lambda things, kind=kind: f"/v1/files/{kind}/{things.token}",  # type: ignore[misc]
            OWN,
            ok=(401,),
            needs_key=False,
        )
        for kind in ("original", "crop", "overlay")
    },
    ("OPTIONS", "/v1/uploads"): Row(None, _at("/v1/uploads"), OWN, needs_key=False),
    ("POST", "/v1/uploads"): Row(P.PHOTO_UPLOAD, _at("/v1/uploads"), body=_begin, open_to_links=True),
    # An upload is its sender's: another key of the organisation finds nothing either.
    ("HEAD", "/v1/uploads/{upload_id}"): Row(
        P.PHOTO_UPLOAD,
        lambda things: f"/v1/uploads/{things.upload}",
        body=lambda _: {"headers": TUS},
        ok=(200, 404),
        open_to_links=True,
    ),
    ("PATCH", "/v1/uploads/{upload_id}"): Row(
        P.PHOTO_UPLOAD,
        lambda things: f"/v1/uploads/{things.upload}",
        body=lambda _: {"headers": _PART, "content": b"a"},
        ok=(204, 404, 409),
        open_to_links=True,
    ),
    ("DELETE", "/v1/uploads/{upload_id}"): Row(
        P.PHOTO_UPLOAD,
        lambda things: f"/v1/uploads/{things.upload}",
        body=lambda _: {"headers": TUS},
        ok=(204, 404),
        open_to_links=True,
    ),
    ("POST", "/v1/uploads/{upload_id}"): Row(
        P.PHOTO_UPLOAD,
        lambda things: f"/v1/uploads/{things.upload}",
        body=lambda _: {"headers": {**TUS, "X-HTTP-Method-Override": "HEAD"}},
        ok=(200, 204, 404),
        open_to_links=True,
    ),
    ("GET", "/v1/cases/{case_id}/assessments/latest"): Row(P.ASSESSMENT_READ, _case("/assessments/latest")),
    ("GET", "/v1/cases/{case_id}/assessments/{version}"): Row(P.ASSESSMENT_READ, _case("/assessments/1")),
    ("GET", "/v1/cases/{case_id}/assessments"): Row(P.ASSESSMENT_READ, _case("/assessments")),
    ("POST", "/v1/cases/{case_id}/assess"): Row(P.ASSESS, _case("/assess"), fresh=True),
    ("GET", "/v1/cases/{case_id}/stream"): Row(P.ASSESSMENT_READ, _case("/stream?until_idle=true")),
    ("GET", "/v1/standards"): Row(None, _at("/v1/standards"), OWN, needs_key=False),
    ("POST", "/v1/check"): Row(
        P.CHECK,
        _at("/v1/check"),
        OWN,
        body=lambda _: {
            "files": [("photos", ("1.jpg", jpeg())), ("photos", ("paper.jpg", jpeg(80)))],
            "data": {"case": f'[[parties]]\nid = "A"\nplate = "{PLATE}"\nphotos = ["1.jpg", "paper.jpg"]\n'},
        },
    ),
    ("POST", "/v1/cases/{case_id}/links"): Row(P.LINK_MAKE, _case("/links"), body=_json(lambda _: {"party": "A"})),
    ("GET", "/v1/cases/{case_id}/links"): Row(P.LINK_MAKE, _case("/links")),
    ("DELETE", "/v1/cases/{case_id}/links/{link_id}"): Row(
        P.LINK_MAKE, lambda things: f"/v1/cases/{things.case}/links/{things.link}", fresh=True, ok=(200, 404)
    ),
    **{
        ("GET", path): Row(None, _at(f"{path}?until_idle=true"), OWN, ok=(401, 403), open_to_links=True)
        for path in ("/v1/party", "/v1/party/assessment", "/v1/party/stream")
    },
    ("GET", "/v1/cases/{case_id}/manifest"): Row(P.MANIFEST_READ, _case("/manifest")),
    ("GET", "/v1/cases/{case_id}/manifest.pdf"): Row(P.MANIFEST_READ, _case("/manifest.pdf")),
    ("GET", "/v1/webhook-endpoints"): Row(P.WEBHOOK_MANAGE, _at("/v1/webhook-endpoints"), OWN),
    ("POST", "/v1/webhook-endpoints"): Row(
        P.WEBHOOK_MANAGE, _at("/v1/webhook-endpoints"), OWN, body=_json(lambda _: {"url": "https://example.com/x"})
    ),
    ("GET", "/v1/webhook-endpoints/{endpoint_id}"): Row(P.WEBHOOK_MANAGE, _endpoint()),
    ("POST", "/v1/webhook-endpoints/{endpoint_id}/rotate-secret"): Row(P.WEBHOOK_MANAGE, _endpoint("/rotate-secret")),
    ("POST", "/v1/webhook-endpoints/{endpoint_id}/enable"): Row(P.WEBHOOK_MANAGE, _endpoint("/enable")),
    ("POST", "/v1/webhook-endpoints/{endpoint_id}/disable"): Row(P.WEBHOOK_MANAGE, _endpoint("/disable")),
    ("GET", "/v1/webhook-endpoints/{endpoint_id}/deliveries"): Row(P.WEBHOOK_MANAGE, _endpoint("/deliveries")),
    ("POST", "/v1/webhook-endpoints/{endpoint_id}/replay"): Row(
        P.WEBHOOK_MANAGE,
        _endpoint("/replay"),
        body=_json(lambda _: {"since": "2026-01-01T00:00:00Z"}),
        ok=(200, 202, 409, 422),
    ),
    ("DELETE", "/v1/webhook-endpoints/{endpoint_id}"): Row(P.WEBHOOK_MANAGE, _endpoint()),
    ("GET", "/v1/audit"): Row(P.AUDIT_READ, _at("/v1/audit?limit=100"), OWN),
    ("GET", "/v1/audit/checkpoints"): Row(P.AUDIT_READ, _at("/v1/audit/checkpoints"), OWN),
    ("GET", "/v1/session"): Row(None, _at("/v1/session"), OWN),
    ("POST", "/v1/session"): Row(
        None,
        _at("/v1/session"),
        OWN,
        ok=(401, 429),
        body=_json(lambda _: {"organisation": "police", "login": "wang", "password": "wrong"}),
        needs_key=False,
    ),
    ("DELETE", "/v1/session"): Row(None, _at("/v1/session"), OWN),
    ("PUT", "/v1/session/password"): Row(
        None, _at("/v1/session/password"), OWN, ok=(403,), body=_json(lambda _: {"current": "a", "new": "b"})
    ),
    ("GET", "/v1/session/oidc"): Row(None, _at("/v1/session/oidc"), OWN, ok=(404,), needs_key=False),
    ("GET", "/v1/session/oidc/callback"): Row(
        None, _at("/v1/session/oidc/callback?state=a&code=b"), OWN, ok=(404,), needs_key=False
    ),
    ("GET", "/v1/officers"): Row(P.ACCOUNT_MANAGE, _at("/v1/officers"), OWN),
    ("POST", "/v1/officers"): Row(
        P.ACCOUNT_MANAGE,
        _at("/v1/officers"),
        OWN,
        body=_json(lambda _: {"login": f"o{next(_numbers)}", "name": "N", "role": "officer"}),
    ),
    ("PATCH", "/v1/officers/{officer_id}"): Row(
        P.ACCOUNT_MANAGE, lambda things: f"/v1/officers/{things.officer}", body=_json(lambda _: {"role": "officer"})
    ),
    ("GET", "/v1/keys"): Row(P.KEY_MANAGE, _at("/v1/keys"), OWN),
    ("POST", "/v1/keys"): Row(P.KEY_MANAGE, _at("/v1/keys"), OWN, body=_json(lambda _: {"name": "n"})),
    ("DELETE", "/v1/keys/{prefix}"): Row(P.KEY_MANAGE, lambda things: f"/v1/keys/{things.key}"),
    ("GET", "/v1/reviews"): Row(P.REVIEW_DECIDE, _at("/v1/reviews"), OWN),
    ("POST", "/v1/reviews/{case_id}/claim"): Row(
        P.REVIEW_DECIDE, lambda things: f"/v1/reviews/{things.case}/claim", fresh=True
    ),
    ("DELETE", "/v1/reviews/{case_id}/claim"): Row(
        P.REVIEW_DECIDE, lambda things: f"/v1/reviews/{things.case}/claim", fresh=True
    ),
    ("POST", "/v1/reviews/{case_id}/decide"): Row(
        P.REVIEW_DECIDE, lambda things: f"/v1/reviews/{things.case}/decide", fresh=True, body=_json(_review)
    ),
    ("POST", "/v1/cases/{case_id}/flag"): Row(P.ASSESS, _case("/flag"), fresh=True),
    ("GET", "/v1/cases/{case_id}/reviews"): Row(P.ASSESSMENT_READ, _case("/reviews")),
    ("POST", "/v1/search"): Row(
        P.PERSONAL_READ, _at("/v1/search"), OWN, body=_json(lambda _: {"kind": "name", "text": NAME})
    ),
    ("GET", "/health"): Row(None, _at("/health"), OWN, needs_key=False),
    ("GET", "/ready"): Row(None, _at("/ready"), OWN, ok=(200, 503), needs_key=False),
    ("GET", "/openapi.json"): Row(None, _at("/openapi.json"), OWN, needs_key=False),
}
