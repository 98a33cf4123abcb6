"""The detector of what stands beside the road: traffic lights, signs, and what a vehicle may strike."""

from __future__ import annotations

from vision.errors import ModelError
from vision.models.session import Session
from vision.models.yolo import Detector
from vision.types import RoadObjectKind

TRAFFIC_LIGHT = "traffic_light"
LABELS = (TRAFFIC_LIGHT, *(kind.value for kind in RoadObjectKind))


def roadside_detector(session: Session) -> Detector:
    """Raises `ModelError` if the session is not of this role."""
    if session.labels != LABELS:
        raise ModelError(f"not a network of roadside objects: labels {session.labels}")
    return Detector(session, overlap=0.5, one_kind=True)
