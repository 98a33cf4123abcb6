"""The only import of onnxruntime: opens a model, proves that it is the one its card tells of, runs it.

Providers: ``cpu``, ``openvino`` (plugin), ``cuda``, ``tensorrt``. Without a wish the best one that the machine
offers is taken (cuda, openvino, cpu) and told in `Session.provider`; a wish that cannot be met is a `ProviderError`,
never a silent run on the CPU.
"""

from __future__ import annotations

import functools
import hashlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as state

from vision.errors import ModelError, ProviderError
from vision.models.card import Card

Array = npt.NDArray[Any]
PROVIDERS = ("cuda", "openvino", "cpu")
"""In the order of choice when nothing is asked for; ``tensorrt`` only on wish (it compiles for minutes)."""
CLASSIC = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}
FAILURES: tuple[type[Exception], ...] = (
    RuntimeError,
    ValueError,
    state.EPFail,
    state.Fail,
    state.InvalidArgument,
    state.InvalidGraph,
    state.InvalidProtobuf,
    state.NotImplemented,
    state.RuntimeException,
)
"""What onnxruntime raises; its own errors share no base class."""
LOAD_FAILURES: tuple[type[Exception], ...] = (OSError, *FAILURES)
PLUGIN = "kuaizheng-openvino"


@functools.cache
def openvino_devices() -> tuple[Any, ...]:
    """CPU devices that the OpenVINO plugin offers; empty where it is not installed or does not know the CPU."""
    try:
        import onnxruntime_ep_openvino as plugin
    except ImportError:
        return ()
    ort.register_execution_provider_library(PLUGIN, plugin.get_library_path())
    devices = [d for d in ort.get_ep_devices() if d.ep_name == plugin.get_ep_name()]
    return tuple(d for d in devices if d.ep_metadata.get("ov_device") == "CPU")


def available() -> tuple[str, ...]:
    """Providers that this machine offers, best first."""
    offered = set(ort.get_available_providers())
    have = [p for p in PROVIDERS if (openvino_devices() if p == "openvino" else CLASSIC[p] in offered)]
    return (*have, "tensorrt") if CLASSIC["tensorrt"] in offered else tuple(have)


def choose(wish: str | None) -> str:
    """The provider to use. Raises `ProviderError` if the wish cannot be met."""
    have = available()
    if wish is None:
        return have[0]
    if wish not in have:
        raise ProviderError(f"execution provider {wish!r} is not available here; available: {', '.join(have)}")
    return wish


def threads() -> int:
    """Cores this process may use: more threads than that fight each other."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _open(model: str | bytes, provider: str) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Spinning threads of a dozen sessions would take the cores from one another.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Else onnxruntime takes the CPU where a provider fails, at loading or in any later run, and only prints it.
    stay = {"enable_fallback": 0}
    if provider == "openvino":
        options.add_provider_for_devices(list(openvino_devices()[:1]), {})
        return ort.InferenceSession(model, sess_options=options, **stay)
    session = ort.InferenceSession(model, sess_options=options, providers=[CLASSIC[provider]], **stay)
    if session.get_providers()[0] != CLASSIC[provider]:
        raise ProviderError(f"{provider} was asked for, onnxruntime gave {session.get_providers()[0]}")
    return session


class Session:
    """One loaded model. Thread-safe: onnxruntime allows concurrent `run` on a session, and nothing else is kept."""

    def __init__(self, model: Path | bytes, *, card: Card | None = None, provider: str | None = None) -> None:
        """Loads ``model``; with ``card``, proves its hash, inputs, outputs and labels.

        Raises `ModelError` if it does not load or does not fit its card, `ProviderError` for a missing provider.
        """
        self.provider = choose(provider)
        try:
            data = model.read_bytes() if isinstance(model, Path) else model
            self.sha256 = hashlib.sha256(data).hexdigest()
            self._session = _open(data, self.provider)
        except LOAD_FAILURES as error:
            raise ModelError(f"{_name(model)} does not load: {error}") from error
        meta = self._session.get_modelmeta().custom_metadata_map
        self.metadata: Mapping[str, str] = dict(meta)
        self.labels: tuple[str, ...] = tuple(meta["labels"].split("\n")) if "labels" in meta else ()
        self.inputs: Mapping[str, tuple[int | str, ...]] = {i.name: tuple(i.shape) for i in self._session.get_inputs()}
        self.outputs: tuple[str, ...] = tuple(o.name for o in self._session.get_outputs())
        self.heard: Callable[[float], object] = lambda _: None
        """Told the seconds of each run."""
        if card is not None:
            self._prove(card)

    def _prove(self, card: Card) -> None:
        for what, told, found in (
            ("sha256", card.sha256, self.sha256),
            ("inputs", {k: tuple(v) for k, v in card.inputs.items()}, dict(self.inputs)),
            ("outputs", tuple(card.outputs), self.outputs),
            ("labels", tuple(card.labels), self.labels),
        ):
            if told != found:
                raise ModelError(f"{card.file}: {what} on the card is {told}, in the file {found}")

    def run(self, *arrays: Array) -> tuple[Array, ...]:
        """Runs the model on its inputs in their order; returns its outputs in theirs.

        Raises `ModelError`, also for an answer that holds no numbers: NaN is below every limit, and would be told as
        "nothing found".
        """
        feed, began = dict(zip(self.inputs, arrays, strict=True)), time.perf_counter()
        try:
            found = tuple(np.asarray(out) for out in self._session.run(None, feed))
        except FAILURES as error:
            raise ModelError(f"inference failed: {error}") from error
        self.heard(time.perf_counter() - began)
        if strange := [name for name, out in zip(self.outputs, found, strict=True) if not _finite(out)]:
            raise ModelError(f"the model's answer is not a number: {', '.join(strange)}")
        return found


def _finite(out: Array) -> bool:
    return out.dtype.kind != "f" or bool(np.isfinite(out).all())


def _name(model: Path | bytes) -> str:
    return model.name if isinstance(model, Path) else "model"


def open_model(card: Card, provider: str | None = None) -> Session:
    """Opens the weights that a card tells of and proves them."""
    return Session(card.path, card=card, provider=provider)


def batches(count: int, size: int) -> Sequence[slice]:
    """Slices of at most ``size`` that cover ``count`` items."""
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]
