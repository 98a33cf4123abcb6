"""What only the built scene can tell about its soundness: whether any photo of the contact shows it."""

from __future__ import annotations

import numpy as np

from datasets.scenes.built import BuiltScene
from datasets.scenes.look_truth_rays import Trees
from datasets.scenes.look_truth_road import seen_contact
from datasets.scenes.pinhole import pinhole
from datasets.scenes.plan import Scene
from datasets.scenes.render_build import aim

CONTACT_ROLES = ("contact_far", "contact_near")


def hidden_contact(scene: Scene, built: BuiltScene, trees: Trees) -> tuple[str, ...]:
    """A reason where the scene has photos of the contact and it is hidden on all of them, else nothing."""
    shots = [shot for shot in scene.shots if shot.role in CONTACT_ROLES]
    for shot in shots:
        aim(built, shot)
        if seen_contact(pinhole(shot), np.array(scene.contact), trees.every) is not None:
            return ()
    return ("the contact is hidden on all photos of it",) if shots else ()
