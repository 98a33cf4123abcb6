"""The verifier in Python that receivers copy, loaded as the file that it is."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "docs/webhooks/verify.py"
_SPEC = importlib.util.spec_from_file_location("verify", FILE)
assert _SPEC is not None and _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)

verify_webhook: Callable[..., str] = _MODULE.verify_webhook
NotOurs: type[ValueError] = _MODULE.NotOurs
