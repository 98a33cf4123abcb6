"""Errors of the guard. Messages never quote a secret, a token or a personal value."""

from __future__ import annotations

from vision.errors import InputError, KuaizhengError


class Denied(KuaizhengError):  # noqa: N818 - what happened, as the HTTP answer names it
    """Not proved to be allowed; why stays inside, so that a caller cannot probe."""

    code = "denied"


class KeyFileError(KuaizhengError):
    """A file of secrets cannot be used."""

    code = "bad_key_file"


class UrlRefused(InputError):  # noqa: N818 - as Denied
    """A webhook address that we do not connect to."""

    code = "url_refused"


class DecryptionError(KuaizhengError):
    """A stored field was altered, moved, or belongs to a key that is not here."""

    code = "bad_ciphertext"
