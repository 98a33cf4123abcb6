"""One tree of errors. Each has a stable ``code``; what a person reads is the message."""

from __future__ import annotations


class KuaizhengError(Exception):
    """Root of all errors that we raise on purpose."""

    code = "error"


class InputError(KuaizhengError):
    """The caller gave something that cannot be worked with (a folder without photos, a wrong case.toml)."""

    code = "bad_input"


class StandardError(InputError):
    """A standard's file is wrong; the message names the file, the line and the reason."""

    code = "bad_standard"


class ModelError(KuaizhengError):
    """A model cannot be loaded or does not fit its card. Never turned into "nothing found"."""

    code = "bad_model"


class ProviderError(ModelError):
    """An execution provider was asked for that is not there."""

    code = "provider_missing"


class DecodeError(KuaizhengError):
    """The decoding process itself cannot be run (not: the bytes are bad, that is `Unreadable`)."""

    code = "decoder_unavailable"
