"""Roles and what each may do, as one plain table."""

from __future__ import annotations

from collections.abc import Set
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    UPLOADER = "uploader"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """One thing that can be done. The scopes of a machine key are these words too."""

    CASE_CREATE = "case_create"
    CASE_READ = "case_read"
    CASE_CLOSE = "case_close"
    CASE_HOLD = "case_hold"
    CASE_DELETE = "case_delete"
    PHOTO_UPLOAD = "photo_upload"
    PHOTO_WITHDRAW = "photo_withdraw"
    ORIGINAL_READ = "original_read"
    PERSONAL_READ = "personal_read"
    """Plates, names, numbers and places in full; masked without it."""
    ASSESS = "assess"
    ASSESSMENT_READ = "assessment_read"
    MANIFEST_READ = "manifest_read"
    CHECK = "check"
    REVIEW_DECIDE = "review_decide"
    LINK_MAKE = "link_make"
    WEBHOOK_MANAGE = "webhook_manage"
    KEY_MANAGE = "key_manage"
    ACCOUNT_MANAGE = "account_manage"
    AUDIT_READ = "audit_read"


_UPLOADER: Final = frozenset(
    {
        Permission.CASE_CREATE,
        Permission.CASE_READ,
        Permission.PHOTO_UPLOAD,
        Permission.PHOTO_WITHDRAW,
        Permission.ASSESS,
        Permission.ASSESSMENT_READ,
        Permission.CHECK,
        Permission.LINK_MAKE,
    }
)
_OFFICER: Final = _UPLOADER | {
    Permission.ORIGINAL_READ,
    Permission.PERSONAL_READ,
    Permission.MANIFEST_READ,
    Permission.REVIEW_DECIDE,
    Permission.CASE_CLOSE,
}
_SUPERVISOR: Final = _OFFICER | {Permission.CASE_HOLD, Permission.CASE_DELETE, Permission.AUDIT_READ}

PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.UPLOADER: _UPLOADER,
    Role.OFFICER: _OFFICER,
    Role.SUPERVISOR: _SUPERVISOR,
    # Runs the installation: keys, accounts, endpoints. Sees no evidence.
    Role.ADMIN: frozenset({Permission.WEBHOOK_MANAGE, Permission.KEY_MANAGE, Permission.ACCOUNT_MANAGE}),
    # Reads what was done and by whom, masked; changes nothing.
    Role.AUDITOR: frozenset(
        {Permission.AUDIT_READ, Permission.CASE_READ, Permission.ASSESSMENT_READ, Permission.MANIFEST_READ}
    ),
}


def allowed(role: Role, permission: Permission, scopes: Set[Permission] | None = None) -> bool:
    """Whether ``role`` may. The ``scopes`` of a machine key narrow its role, never widen it; None narrows nothing."""
    return permission in PERMISSIONS[role] and (scopes is None or permission in scopes)
