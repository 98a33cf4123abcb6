"""The files that cases share: each picture and page is drawn once and linked into every case that has it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from datasets.cases.happening import happening
from datasets.cases.nouns import Paper, Picture, PlannedPaper, PlannedPicture
from datasets.cases.paper_pages import draw_page
from datasets.cases.scene_pictures import read_rgb, take, truth_of
from datasets.scenes.code_hash import code_hash
from datasets.scenes.plan import Scene
from datasets.scenes.render_store import DRAWING, SAMPLES
from datasets.scenes.scene_file import picture_key, scaled
from datasets.scenes.seen_file import read_seen

HIDDEN = ".stock"
_PAPER = TypeAdapter(Paper)


class NotRenderedError(LookupError):
    """A picture that no renderer has made yet."""


@dataclass(slots=True)
class Stock:
    """``cache``: what was rendered; ``folder``: where the files of cases go. ``code``: hashes of the code that
    rendered the cache, comma separated, the newest first; empty for the code as it is. ``longer_px``: of pictures, 0 as
    rendered."""

    cache: Path
    folder: Path
    scenes: Mapping[str, Scene]
    code: str = ""
    samples: int = SAMPLES
    scale: float = 1.0
    """Of the size at which the cache was rendered."""
    roles: frozenset[str] = frozenset()
    """Those that are rendered at all; empty: every one."""
    longer_px: int = 0
    quality: int = 0
    """Of JPEGs of the scene, 0 as each phone has it."""
    _pictures: dict[PlannedPicture, tuple[Path, Picture]] = field(default_factory=dict)
    _papers: dict[tuple[str, PlannedPaper], tuple[Path, Paper]] = field(default_factory=dict)

    def rendered(self, planned: PlannedPicture) -> tuple[Path, Path]:
        """The picture and its truth, wherever they are or will be."""
        scene = self.scenes[planned.scene]
        shot = next(shot for shot in scene.shots if shot.role == planned.role)
        codes = self.code.split(",") if self.code else [code_hash(DRAWING)]
        keys = [picture_key(scene, scaled(shot, self.scale), code, self.samples) for code in codes]
        places = [(self.cache / f"{key}.png", self.cache / f"{key}.json") for key in keys]
        return next((place for place in places if place[0].is_file()), places[-1])

    def truth(self, planned: PlannedPicture) -> Picture:
        """What will be true of the upload; the renderer has to have looked, not drawn. Raises NotRenderedError."""
        _, truth = self.rendered(planned)
        if not truth.is_file():
            raise NotRenderedError(f"{planned.scene} {planned.role}")
        return truth_of(planned, read_seen(truth).seen, self.scenes[planned.scene], self.longer_px)

    def picture(self, planned: PlannedPicture) -> tuple[Path, Picture]:
        """The upload's file and its truth. Raises NotRenderedError."""
        if planned not in self._pictures:
            picture, truth = self.rendered(planned)
            if not (picture.is_file() and truth.is_file()):
                raise NotRenderedError(f"{planned.scene} {planned.role}")
            scene, seen = self.scenes[planned.scene], read_seen(truth).seen
            data, known = take(planned, read_rgb(picture), seen, scene, self.longer_px, self.quality)
            stem = "-".join(filter(None, (planned.scene, planned.role, planned.change, "old" * planned.old)))
            self._pictures[planned] = self._kept(stem, data), known
        return self._pictures[planned]

    def paper(self, scene: Scene, planned: PlannedPaper) -> tuple[Path, Paper]:
        """The page's file and what is true of it."""
        key = scene.name, planned
        if key not in self._papers:
            stem = "-".join(filter(None, (scene.name, planned.party, planned.kind, planned.page, planned.change)))
            note = self.folder / HIDDEN / f"{stem}.json"
            if note.is_file():  # drawing pages is slow, and they never change
                self._papers[key] = note.with_suffix(".jpg"), _PAPER.validate_json(note.read_bytes())
            else:
                data, known = draw_page(planned, happening(scene), scene)
                self._papers[key] = self._kept(stem, data), known
                note.write_bytes(_PAPER.dump_json(known))
        return self._papers[key]

    def _kept(self, stem: str, data: bytes) -> Path:
        path = self.folder / HIDDEN / f"{stem}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path


def link(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the file system has no links."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        target.write_bytes(source.read_bytes())
