"""Bytes to `Photo`: recognised by content, within limits, upright, with what the file says of its capture."""

from __future__ import annotations

import atexit
import hashlib
import os
import threading
from dataclasses import dataclass

import cv2
import numpy as np

from vision.containers import RefusedError, sniff
from vision.decoder import Raw, decode_raw
from vision.decoder_child import DecoderChild, Limits
from vision.exif import Capture, read_exif
from vision.phash import phash
from vision.types import Photo, Pixels, Unreadable, UnreadableReason

__all__ = ["DEFAULT_LIMITS", "Limits", "close_decoders", "decode"]

DEFAULT_LIMITS = Limits()
_MAX_CHILDREN = 4
_children: dict[Limits, DecoderChild] = {}
_children_lock = threading.Lock()


def decode(data: bytes, name: str, *, limits: Limits = DEFAULT_LIMITS, trusted: bool = False) -> Photo | Unreadable:
    """Decode an upload; whatever its bytes are, the answer is a photo or the reason why there is none.

    JPEG, PNG, WebP and HEIF are read, the first frame of an animation (warning ``animation``), the upper part of a
    truncated JPEG (warning ``truncated``). Safe to call from several threads.

    Args:
        data: the file as it was uploaded.
        name: as given by the caller; carried along, never looked at.
        limits: of this upload. Children are kept by limits: use few different ones.
        trusted: decode in this process, where time and memory are not limited.

    Returns:
        The photo, its pixels RGB, upright by EXIF and read-only; or an `Unreadable`.

    Raises:
        DecodeError: the decoding process cannot be started (the bytes are not to blame).
    """
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        if len(data) > limits.max_bytes:
            raise RefusedError(UnreadableReason.TOO_LARGE)
        sniff(data)  # what is no picture at all never reaches a child
        shot = _upright_in_place(data, limits) if trusted else _child(limits).decode(data, _upright_copy)
    except RefusedError as refused:
        return Unreadable(name, refused.reason, sha256, len(data))
    shot.pixels.setflags(write=False)
    told = shot.capture
    return Photo(
        name, sha256, shot.pixels, phash(shot.pixels), told.taken_at, told.gps, told.device, warnings=shot.warnings
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Shot:
    pixels: Pixels
    capture: Capture
    warnings: tuple[str, ...]


def _upright_in_place(data: bytes, limits: Limits) -> _Shot:
    try:
        raw = decode_raw(data, limits.max_pixels, lambda height, width: np.empty((height, width, 3), np.uint8))
    except MemoryError as error:
        raise RefusedError(UnreadableReason.DECODER_CRASHED) from error
    return _shot(raw, raw.pixels)


def _upright_copy(raw: Raw) -> _Shot:
    return _shot(raw, raw.pixels.copy() if raw.upright or read_exif(raw.exif).orientation == 1 else raw.pixels)


def _shot(raw: Raw, pixels: Pixels) -> _Shot:
    capture = read_exif(raw.exif)
    return _Shot(pixels if raw.upright else _turn(pixels, capture.orientation), capture, raw.warnings)


def _turn(pixels: Pixels, orientation: int) -> Pixels:
    """Undo an EXIF orientation (CIPA DC-008, 4.6.4 A): 1 gives the array itself, all others a new one."""
    match orientation:
        case 2:
            turned = cv2.flip(pixels, 1)
        case 3:
            turned = cv2.rotate(pixels, cv2.ROTATE_180)
        case 4:
            turned = cv2.flip(pixels, 0)
        case 5:
            turned = cv2.transpose(pixels)
        case 6:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
        case 7:
            turned = cv2.flip(cv2.transpose(pixels), -1)
        case 8:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case _:
            return pixels
    return np.asarray(turned, np.uint8)


def _child(limits: Limits) -> DecoderChild:
    with _children_lock:
        child = _children.pop(limits, None) or DecoderChild(limits)
        _children[limits] = child  # last in, as the one used last
        if len(_children) > _MAX_CHILDREN:
            _children.pop(next(iter(_children))).close()
        return child


def close_decoders() -> None:
    """End all decoding children; the next untrusted decode starts one again."""
    with _children_lock:
        for child in _children.values():
            child.close()
        _children.clear()


def _forget_children() -> None:
    """After a fork: the children are the parent's, and their pipes must not be shared with it."""
    global _children_lock
    _children_lock = threading.Lock()
    _children.clear()


atexit.register(close_decoders)
os.register_at_fork(after_in_child=_forget_children)
