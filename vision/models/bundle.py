"""All models of the product, loaded once and proved against their cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vision.errors import ModelError
from vision.models.appearance import Appearance
from vision.models.card import card_of, sha256_of
from vision.models.colour import ColourClassifier
from vision.models.damage_part import DamagePart
from vision.models.lane import LaneNet
from vision.models.photo import PhotoClassifier
from vision.models.plate_detector import PlateDetector
from vision.models.plate_reader import PlateReader
from vision.models.roadside import roadside_detector
from vision.models.session import Session, open_model
from vision.models.text import TextReader, text_model_files
from vision.models.view import ViewClassifier
from vision.models.yolo import Detector
from vision.types import DamageKind, PartKind, VehicleKind


@dataclass(frozen=True, slots=True)
class Models:
    """One loaded model a role; shared by threads, nothing is kept between calls."""

    photo: PhotoClassifier
    vehicle: Detector
    view: ViewClassifier
    damage: Detector
    parts: Detector
    damage_part: DamagePart
    plate_detector: PlateDetector
    plate_reader: PlateReader
    text: TextReader
    lane: LaneNet
    appearance: Appearance
    colour: ColourClassifier
    roadside: Detector
    hashes: Mapping[str, str]
    """Role -> ``sha256:...`` of the file in use."""
    provider: str


def detector_of(session: Session, kinds: type[StrEnum], *, one_kind: bool = False) -> Detector:
    """The detector of a role. Raises `ModelError` for a label of another role, before the first photo that shows it."""
    if not session.labels or (strange := set(session.labels) - set(kinds)):
        raise ModelError(f"no labels of {kinds.__name__}: {sorted(strange) if session.labels else 'none'}")
    return Detector(session, one_kind=one_kind)


def load(provider: str | None = None) -> Models:
    """Loads every model; a provider that is not there is an error. Raises `ModelError`, `ProviderError`."""
    plates = ("plate_detector", "plate_reader")
    seen = ("photo", "vehicle", "view", "damage", "parts", "damage_part", "lane", "appearance", "colour", "roadside")
    roles = (*seen, *plates)
    own = {role: open_model(card_of(role), provider) for role in roles}
    text_files = text_model_files()
    hashes = {role: f"sha256:{session.sha256}" for role, session in own.items()}
    # vision.quality opens its own small network, proved against the same card.
    hashes["quality"] = f"sha256:{card_of('quality').sha256}"
    hashes |= {
        f"text_{part}": f"sha256:{sha256_of(file)}" for part, file in zip(("find", "read"), text_files, strict=True)
    }
    return Models(
        PhotoClassifier(own["photo"]),
        detector_of(own["vehicle"], VehicleKind, one_kind=True),
        ViewClassifier(own["view"]),
        detector_of(own["damage"], DamageKind),
        detector_of(own["parts"], PartKind),
        DamagePart(own["damage_part"]),
        PlateDetector(own["plate_detector"]),
        PlateReader(own["plate_reader"]),
        TextReader(Session(text_files[0], provider=provider), Session(text_files[1], provider=provider)),
        LaneNet(own["lane"]),
        Appearance(own["appearance"]),
        ColourClassifier(own["colour"]),
        roadside_detector(own["roadside"]),
        hashes,
        own["photo"].provider,
    )
