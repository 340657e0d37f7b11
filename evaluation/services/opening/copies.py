"""From a draft to an open study: pictures, blind copies, the frozen plan."""

import secrets
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from config.errors import Refused
from evaluation.models import BlindCopy, Candidate, Study
from evaluation.stimuli import blind_copies, degradations, missed
from photos import storage
from photos.models import Photo
from pipeline.models import Rendition
from training.models import Stage

OBVIOUS_LESSONS, LESSON_PHOTOS = 2, 8


def has_copies(
    *, study: Study, photo: Photo, renditions: Mapping[Candidate, Rendition | None]
) -> bool:
    """Whether an earlier attempt has copied exactly these pictures."""
    made = study.blind_copies.outputs().filter(photo=photo)
    known = dict(made.values_list("candidate_id", "rendition_id"))
    return known == {c.pk: row.pk if row else None for c, row in renditions.items()}


@transaction.atomic
def store_copies(
    *,
    study: Study,
    photo: Photo,
    outputs: Mapping[Candidate | None, NDArray[Any]],
    renditions: Mapping[Candidate, Rendition | None] | None = None,
    number: int = 0,
    figures: Mapping[Candidate, dict[str, float]] | None = None,
) -> None:
    """Blind copies of one photo: its outputs, and the damaged original under None.

    One output drawn at random gets a degraded copy too, for gold ballots; another one on the
    first eight photos, for the training round, where the first two are easy.
    """
    shown = {(candidate, ""): pixels for candidate, pixels in outputs.items()}
    try:
        blind_copies.check_sizes(outputs)
        spoilt = _spoilt(study, outputs, number)
        made = blind_copies.blind(shown, spoil=spoilt, original=(None, ""))
    except ValueError as reason:
        raise Refused(f"{photo} cannot be shown blindly: {reason}.") from reason
    study.blind_copies.filter(photo=photo, degraded=True).delete()
    for (candidate, role), (file, pixels, (width, height)) in made.items():
        BlindCopy.objects.update_or_create(
            study=study,
            photo=photo,
            candidate=candidate,
            degraded=bool(role),
            lesson=role == "lesson",
            defaults={
                "rendition": (renditions or {}).get(candidate) if candidate else None,
                "image": storage.put(file, "image/png"),
                "flaw": spoilt[candidate, role][1] if role else "",
                "pixels_sha256": pixels,
                "figures": (figures or {}).get(candidate) if candidate and not role else None,
                "width": width,
                "height": height,
            },
        )


Role = tuple[Candidate | None, str]


def _spoilt(
    study: Study, outputs: Mapping[Candidate | None, NDArray[Any]], number: int
) -> dict[Role, tuple[Role, str]]:
    rng = np.random.default_rng(secrets.randbits(128))
    candidates = [candidate for candidate in outputs if candidate is not None]
    roles = ["gold", *(["lesson"] if study.training and number < LESSON_PHOTOS else [])]
    original = _framed(outputs.get(None))
    found: dict[Role, tuple[Role, str]] = {}
    for role in roles:
        candidate = secrets.choice(candidates)
        pixels = _framed(outputs[candidate])
        coloured = study.stage == Stage.COLORIZATION
        flaw = degradations.choose(pixels, original, coloured=coloured, rng=rng)
        if study.stage == Stage.SEGMENTATION and missed.can_miss(pixels, original):
            flaw = degradations.MISSED
        if role == "lesson" and number < OBVIOUS_LESSONS:
            flaw = degradations.CRUSHED
        found[candidate, role] = ((candidate, ""), flaw)
    return found


def _framed(pixels: NDArray[Any] | None) -> Any:
    if pixels is None:
        return None
    return blind_copies.framed(pixels, blind_copies.frame(pixels.shape[1], pixels.shape[0]))
