"""All nouns of the project: frozen, slotted, typed; no behaviour beyond trivial properties.

Conventions, everywhere: colours are RGB; boxes are ``(x0, y0, x1, y1)`` and points ``(x, y)`` in pixels of the
photo after its EXIF turn, at full resolution; scores and ``*_01`` values lie in 0..1; empty is an empty tuple;
left and right of a vehicle are the vehicle's own. Field names are those of the JSON contract (`vision.wire`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""RGB, shape (height, width, 3), upright."""
Point: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[float, float, float, float]
Corners: TypeAlias = tuple[Point, Point, Point, Point]
"""Top left, top right, bottom right, bottom left, as the content is read."""


class FramingKind(StrEnum):
    SCENE = "scene"
    WHOLE = "whole"
    MEDIUM = "medium"
    CLOSEUP = "closeup"
    INTERIOR = "interior"
    DOCUMENT = "document"
    OTHER = "other"


class View(StrEnum):
    """The side of the vehicle that faces the camera; in ring order, so that neighbours touch."""

    FRONT = "front"
    FRONT_LEFT = "front_left"
    LEFT = "left"
    REAR_LEFT = "rear_left"
    REAR = "rear"
    REAR_RIGHT = "rear_right"
    RIGHT = "right"
    FRONT_RIGHT = "front_right"


class VehicleKind(StrEnum):
    CAR = "car"
    TRUCK = "truck"
    BUS = "bus"
    MOTORCYCLE = "motorcycle"
    BICYCLE = "bicycle"


class VehicleColour(StrEnum):
    """Of the paint. Silver is a light metallic grey; brown holds beige and gold, red holds maroon; orange is other."""

    WHITE = "white"
    BLACK = "black"
    GREY = "grey"
    SILVER = "silver"
    RED = "red"
    BLUE = "blue"
    BROWN = "brown"
    YELLOW = "yellow"
    GREEN = "green"
    OTHER = "other"


class PartKind(StrEnum):
    BACK_BUMPER = "back_bumper"
    BACK_GLASS = "back_glass"
    BACK_LEFT_DOOR = "back_left_door"
    BACK_LEFT_LIGHT = "back_left_light"
    BACK_RIGHT_DOOR = "back_right_door"
    BACK_RIGHT_LIGHT = "back_right_light"
    FRONT_BUMPER = "front_bumper"
    FRONT_GLASS = "front_glass"
    FRONT_LEFT_DOOR = "front_left_door"
    FRONT_LEFT_LIGHT = "front_left_light"
    FRONT_RIGHT_DOOR = "front_right_door"
    FRONT_RIGHT_LIGHT = "front_right_light"
    HOOD = "hood"
    LEFT_MIRROR = "left_mirror"
    RIGHT_MIRROR = "right_mirror"
    TAILGATE = "tailgate"
    TRUNK = "trunk"
    WHEEL = "wheel"


class DamageKind(StrEnum):
    SCRATCH = "scratch"
    DENT = "dent"
    BROKEN_OR_MISSING = "broken_or_missing"
    GLASS_CRACK = "glass_crack"
    LAMP_DAMAGE = "lamp_damage"
    BARE_PRIMER = "bare_primer"
    HOOD_DAMAGE = "hood_damage"
    AIRBAG = "airbag"


class PlateKind(StrEnum):
    """GA 36-2018 kinds, from secondary sources."""

    BLUE = "blue"
    YELLOW_SINGLE = "yellow_single"
    YELLOW_DOUBLE = "yellow_double"
    GREEN_SMALL = "green_small"
    GREEN_LARGE = "green_large"
    WHITE_POLICE = "white_police"
    WHITE_ARMED_POLICE = "white_armed_police"
    WHITE_ARMY = "white_army"
    BLACK_CONSULATE = "black_consulate"
    BLACK_EMBASSY = "black_embassy"
    BLACK_HK_MACAU = "black_hk_macau"
    COACH = "coach"
    TRAILER = "trailer"
    CIVIL_AVIATION = "civil_aviation"
    TEMPORARY = "temporary"
    MOTORCYCLE = "motorcycle"
    OTHER = "other"


class LineColour(StrEnum):
    WHITE = "white"
    YELLOW = "yellow"


class LineKind(StrEnum):
    """Kinds of lane lines (GB 5768.3) that are told apart."""

    SOLID_WHITE = "solid_white"
    DASHED_WHITE = "dashed_white"
    SOLID_YELLOW = "solid_yellow"
    DASHED_YELLOW = "dashed_yellow"
    DOUBLE_YELLOW = "double_yellow"


class LightState(StrEnum):
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    UNKNOWN = "unknown"
    """Dark, too small, or not told for sure."""


class RoadObjectKind(StrEnum):
    """What stands beside the road and is told apart, beside traffic lights."""

    TRAFFIC_SIGN = "traffic_sign"
    POLE = "pole"
    """Lamp posts, posts of signs and lights, masts."""
    TREE = "tree"
    """Its trunk."""
    BOLLARD = "bollard"
    GUARD_RAIL = "guard_rail"
    WALL = "wall"


class QualityVerdict(StrEnum):
    OK = "ok"
    BLUR = "blur"
    DARK = "dark"
    OVEREXPOSED = "overexposed"
    GLARE = "glare"
    SMALL = "small"


class DocumentKind(StrEnum):
    DRIVING_LICENCE = "driving_licence"
    VEHICLE_LICENCE = "vehicle_licence"
    INSURANCE_POLICY = "insurance_policy"
    ID_CARD = "id_card"
    OTHER_DOCUMENT = "other_document"


class Page(StrEnum):
    MAIN = "main"
    SECOND = "second"
    ELECTRONIC = "electronic"
    POLICY = "policy"
    CARD = "card"


class DocumentFlagKind(StrEnum):
    PHOTOCOPY = "photocopy"
    SCREEN_RECAPTURE = "screen_recapture"
    SCREENSHOT = "screenshot"
    GLARE_OVER_FIELD = "glare_over_field"
    OCCLUDED_FIELD = "occluded_field"
    CROPPED_EDGE = "cropped_edge"
    TOO_SMALL = "too_small"
    BLURRED = "blurred"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_KIND = "wrong_kind"
    TAMPERED_SUSPECT = "tampered_suspect"


class Validation(StrEnum):
    """How a document field's text was proved."""

    CHECKSUM = "checksum"
    GRAMMAR = "grammar"
    AGREES_WITH = "agrees_with"
    NONE = "none"


class UnreadableReason(StrEnum):
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    DECODE_TIMEOUT = "decode_timeout"
    DECODER_CRASHED = "decoder_crashed"
    EMPTY = "empty"


class Verdict(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNSURE = "unsure"


class Decision(StrEnum):
    COMPLETE = "complete"
    RETAKE = "retake"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A decoded upload: what `vision.image.decode` makes of bytes. Pixels are never changed by anyone."""

    name: str
    """As given by the caller; untrusted text."""
    sha256: str
    """Of the original bytes, hex."""
    pixels: Pixels
    """Full resolution, upright."""
    phash: str
    """64-bit perceptual hash, 16 hex digits."""
    taken_at: datetime | None = None
    """Aware when the file tells an offset, else naive local time."""
    gps: tuple[float, float] | None = None
    """Latitude, longitude, degrees, WGS 84."""
    device: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def size_wh(self) -> tuple[int, int]:
        return self.pixels.shape[1], self.pixels.shape[0]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An upload that gave no pixels; evidence too."""

    photo: str
    unreadable: UnreadableReason
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Framing:
    kind: FramingKind
    score: float


@dataclass(frozen=True, slots=True)
class Quality:
    verdict: QualityVerdict
    sharpness_01: float
    dark_01: float
    over_01: float
    glare_01: float


@dataclass(frozen=True, slots=True)
class Part:
    kind: PartKind
    box_xyxy: Box
    score: float


@dataclass(frozen=True, slots=True)
class Vehicle:
    kind: VehicleKind
    box_xyxy: Box
    score: float
    view: View | None = None
    view_score: float = 0.0
    parts: tuple[Part, ...] = ()
    colour: VehicleColour | None = None
    """Null where it cannot be told, and where nobody looked: `appearance` tells which."""
    colour_score: float = 0.0
    """The chance of the likeliest colour, told or not; 0 where the vehicle is too small."""
    appearance: str | None = None
    """A vector of length 1, base64 of 64 signed bytes in steps of 1/127; null where the vehicle is too small.

    Only vectors of one model (`PhotoFacts.models`) can be compared; earlier ones had 32 numbers.
    """
    view_chances: tuple[float, ...] = ()
    """Of the eight views, in the order of `View`; the rest up to 1: none can be told. Empty in earlier facts."""

    def __post_init__(self) -> None:
        """Raises ValueError for chances of other than the eight views."""
        if len(self.view_chances) not in (0, len(View)):
            raise ValueError(f"view_chances: {len(View)} of them or none, not {len(self.view_chances)}")


@dataclass(frozen=True, slots=True)
class Damage:
    kind: DamageKind
    box_xyxy: Box
    polygon: tuple[Point, ...]
    score: float
    part: PartKind | None = None
    """Null where no class covers the place (fender, sill, roof), and where the part is doubtful."""
    sharpness_01: float | None = None
    part_score: float | None = None
    """The chance that ``part`` is right; where it is null, that of the likeliest answer."""


@dataclass(frozen=True, slots=True)
class Plate:
    text: str | None
    """Null where the reader abstains."""
    kind: PlateKind
    corners: Corners
    score: float
    """The chance that the whole text is right; of an abstention, that there is a plate."""
    char_scores: tuple[float, ...] = ()
    sharpness_01: float | None = None


@dataclass(frozen=True, slots=True)
class LaneLine:
    """One line painted along the road, as far as it is in sight."""

    colour: LineColour
    points: tuple[Point, ...]
    """Along its middle, two or more."""
    score: float
    """That this is a lane line."""
    kind: LineKind | None = None
    """Null where solid or dashed cannot be told."""
    kind_score: float = 0.0


@dataclass(frozen=True, slots=True)
class Lane:
    """What is seen of lane lines, best first; empty: somebody looked, and saw none."""

    lines: tuple[LaneLine, ...] = ()
    legible_01: float = 0.0
    """That the kind of at least one line can be read: the best line's score times its kind's."""


@dataclass(frozen=True, slots=True)
class TrafficLight:
    """A traffic light and what it showed when the photo was taken."""

    box_xyxy: Box
    score: float
    state: LightState = LightState.UNKNOWN
    state_score: float = 0.0


@dataclass(frozen=True, slots=True)
class RoadObject:
    """Something fixed beside the road: a sign, or what a vehicle may strike."""

    kind: RoadObjectKind
    box_xyxy: Box
    score: float


@dataclass(frozen=True, slots=True)
class TextLine:
    text: str
    score: float
    corners: Corners


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a document. ``text`` null: seen but not readable; ``raw`` is what the reader gave."""

    text: str | None
    raw: str
    score: float
    box_xyxy: Box
    page: Page
    validated: Validation = Validation.NONE


@dataclass(frozen=True, slots=True)
class RepeatedField:
    """A field printed again on another page (plate_number on the second page of a vehicle licence)."""

    key: str
    text: str | None
    raw: str
    score: float
    box_xyxy: Box
    page: Page
    validated: Validation = Validation.NONE


@dataclass(frozen=True, slots=True)
class DocumentFlag:
    kind: DocumentFlagKind
    score: float
    """The chance that it is right; of small and blurred print a measure, .5 where it is raised.

    Facts stored before flags had chances hold measures of all.
    """
    box_xyxy: Box | None = None


@dataclass(frozen=True, slots=True)
class Document:
    kind: DocumentKind
    pages: tuple[Page, ...]
    score: float
    box_xyxy: Box
    flags: tuple[DocumentFlag, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    repeats: tuple[RepeatedField, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What is on one picture. ``lane``, ``traffic_light`` and ``roadside`` are null where nobody looked: close-ups and
    papers."""

    photo: str
    sha256: str
    size_wh: tuple[int, int]
    phash: str
    framing: Framing
    quality: Quality
    warnings: tuple[str, ...] = ()
    taken_at: datetime | None = None
    gps: tuple[float, float] | None = None
    device: str | None = None
    rotation: int = 0
    """Degrees clockwise still to be turned so that the content is upright: 0, 90, 180, 270."""
    vehicles: tuple[Vehicle, ...] = ()
    damages: tuple[Damage, ...] = ()
    plates: tuple[Plate, ...] = ()
    document: Document | None = None
    more_documents: tuple[Document, ...] = ()
    lane: Lane | None = None
    traffic_light: tuple[TrafficLight, ...] | None = None
    """All that were found, best first."""
    roadside: tuple[RoadObject, ...] | None = None
    """All that were found, best first."""
    text_lines: tuple[TextLine, ...] | None = None
    models: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Party:
    id: str
    plate: str | None = None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """What the caller says of a case; all optional. ``on`` is the day papers are judged by if no time is known."""

    accident_type: str | None = None
    happened_at: datetime | None = None
    parties: tuple[Party, ...] = ()
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Words for people, Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of a standard: which check, how much it weighs, its limits and parameters."""

    id: str
    check: str
    title: Text
    weight: float
    required: bool = True
    scene: bool = False
    """Needs the scene: must be met before the road is cleared."""
    retake: Text | None = None
    """What to tell the party to do; null where no photo can cure a failure."""
    params: Mapping[str, float | str | bool | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a finding was seen."""

    photo: str
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    requirement: str
    """Requirement id, or a standing check's id (agreement, reuse) that carries no weight."""
    verdict: Verdict
    reason: str
    """Stable reason code."""
    party: str | None = None
    evidence: tuple[Evidence, ...] = ()
    measured: float | int | str | None = None
    """Of a count, an int: the JSON says 2, not 2.0."""
    limit: float | int | str | None = None
    disagreement: bool = False


@dataclass(frozen=True, slots=True)
class ScoreLine:
    requirement: str
    asked: float
    earned: float


@dataclass(frozen=True, slots=True)
class Instruction:
    requirement: str
    text: Text
    gain: float
    """Points the score would rise by."""
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    standard: str
    standard_version: str
    score: float
    decision: Decision
    may_clear_road: bool
    findings: tuple[Finding, ...]
    breakdown: tuple[ScoreLine, ...]
    next: tuple[Instruction, ...]
    unreadable: tuple[Unreadable, ...] = ()
    models: Mapping[str, str] = field(default_factory=dict)
