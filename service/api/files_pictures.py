"""Pictures made of an original and its facts: a plate, a paper, a damage, a finding; and what was seen as shapes."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from service.report.overlay import documents_of, shapes
from service.report.pictures import Turn, crop
from service.words import Lang
from vision.image import decode
from vision.types import Assessment, Box, Photo, PhotoFacts, Point

CROP_PX = 1600
KINDS = ("plate", "document", "damage")
_MARGIN = {"document": 0.02}
_STYLE = """
polygon { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke: #2aa4ff; }
.part { stroke: #b79cff; stroke-dasharray: 4 3; } .damage { stroke: #ff3b30; fill: rgba(255, 59, 48, .18); }
.road { stroke: #f03fd8; } .plate { stroke: #2bd67b; } .document { stroke: #ffb02e; }
.document.good { stroke: #24b36b; } .document.fair { stroke: #3d8fe8; } .document.plain { stroke: #98a3b3; }
.document.warn { stroke: #f0a500; } .document.bad, .plate.bad { stroke: #ff3b30; fill: rgba(255, 59, 48, .16); }
"""


def boxes_of(facts: PhotoFacts, kind: str) -> tuple[Box, ...]:
    """Where each plate, document or damage of the photo lies, in the order of the facts."""
    match kind:
        case "plate":
            return tuple(_around(plate.corners) for plate in facts.plates)
        case "document":
            return tuple(document.box_xyxy for document in documents_of(facts))
        case "damage":
            return tuple(damage.box_xyxy for damage in facts.damages)
    return ()


def boxes_of_finding(assessment: Assessment, number: int, photo: str) -> tuple[Box, ...]:
    """Where on the photo a finding was seen; ``number`` counts the assessment's findings from 0."""
    if number >= len(assessment.findings):
        return ()
    return tuple(box for one in assessment.findings[number].evidence if one.photo == photo for box in one.boxes)


def crop_jpeg(data: bytes, facts: PhotoFacts, boxes: tuple[Box, ...], kind: str) -> bytes | None:
    """The part of the photo around ``boxes``, turned upright; null where the original gives no pixels."""
    photo = decode(data, facts.photo)
    if not isinstance(photo, Photo):
        return None
    turn = Turn(facts.rotation, facts.size_wh)
    picture = crop(
        turn.pixels(photo.pixels), [turn.box(box) for box in boxes], CROP_PX, _MARGIN.get(kind, 0.35), flattest=16.0
    )
    return picture.jpeg


def overlay_svg(facts: PhotoFacts, lang: Lang) -> str:
    """What was seen, as shapes to lay over the original: same size, same way up as browsers show it."""
    width, height = facts.size_wh
    found = shapes(facts, Turn(0, facts.size_wh), lang)
    drawn = "".join(
        f"<polygon class={quoteattr(f'{one.layer} {one.tone}'.strip())} points={quoteattr(one.svg_points)}>"
        f"<title>{escape(one.title)}</title></polygon>\n"
        for one in found
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">\n'
        f"<style>{_STYLE}</style>\n{drawn}</svg>\n"
    )


def _around(points: tuple[Point, ...]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
