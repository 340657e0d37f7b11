"""The harm set: undamaged pictures of what is easily taken for damage, with the object's own mask.

Faces from 24 to 400 px, glasses, text, fences, nets, lace, whiskers, textured and printed paper:
whatever is marked inside `object_mask` would be painted away. Everything is made here or comes
from scikit-image's package; nothing is downloaded. `harm_pictures` is the whole set.
"""

from __future__ import annotations

import numpy as np

from training.probes.harm import faces, structures, surfaces, text
from training.probes.harm.picture import KINDS, FacePlace, HarmPicture

__all__ = ["KINDS", "FacePlace", "HarmPicture", "harm_pictures"]


def harm_pictures(rng: np.random.Generator) -> list[HarmPicture]:
    """The whole set, the same for the same generator; some 60 pictures of 220 to 840 px."""
    parts = (faces, text, structures, surfaces)
    return [picture for part in parts for picture in part.pictures(rng)]
