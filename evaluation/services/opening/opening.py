"""From a draft to an open study: pictures, blind copies, the frozen plan."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction
from numpy.typing import NDArray

from config.errors import Refused
from evaluation.models import BlindCopy, Candidate, Study
from evaluation.services import categories, vote_log
from evaluation.services.planning import check_versions
from evaluation.statistics import pair_selection, promotion_checks, screening, strata
from evaluation.stimuli import blind_copies, degradations
from photos import storage
from photos.models import Photo
from pipeline.models import Rendition
from pipeline.services import render_later
from training.models import Stage

BAND = (0.45, 0.55)
OBVIOUS_LESSONS, LESSON_PHOTOS = 2, 8


@transaction.atomic
def open_study(*, study: Study, by: User | None = None) -> None:
    """Queues the making of all pictures; the study opens when they are there."""
    from evaluation.handlers import prepare_study  # jobs stand on services

    versions = [candidate.version for candidate in study.candidates.select_related("version")]
    check_versions(study.stage, versions)
    if not study.prepare():
        raise Refused(f"{study} is not a draft any more.")
    for photo in study.photos.all():
        for version in versions:
            render_later(photo=photo, stage=study.stage, version=version, created_by=by)
    making = prepare_study.using(title=f"Make the pictures of {study}", created_by=by)
    study.job = making.later(study_id=str(study.pk))
    study.save(update_fields=["job"])


@transaction.atomic
def give_up_preparing(*, study: Study) -> None:
    """Back to a draft after the job failed; finished copies are kept."""
    if study.job is not None and not study.job.is_final:
        raise Refused("The pictures are still being made.")
    if not study.back_to_draft():
        raise Refused(f"{study} is not being prepared.")


def has_copies(*, study: Study, photo: Photo, renditions: Mapping[Candidate, Rendition]) -> bool:
    """Whether an earlier attempt has copied exactly these pictures."""
    made = study.blind_copies.outputs().filter(photo=photo)
    known = dict(made.values_list("candidate_id", "rendition_id"))
    return known == {candidate.pk: row.pk for candidate, row in renditions.items()}


@transaction.atomic
def store_copies(
    *,
    study: Study,
    photo: Photo,
    outputs: Mapping[Candidate | None, NDArray[Any]],
    renditions: Mapping[Candidate, Rendition] | None = None,
    number: int = 0,
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
        if role == "lesson" and number < OBVIOUS_LESSONS:
            flaw = degradations.CRUSHED
        found[candidate, role] = ((candidate, ""), flaw)
    return found


def _framed(pixels: NDArray[Any] | None) -> Any:
    if pixels is None:
        return None
    return blind_copies.framed(pixels, blind_copies.frame(pixels.shape[1], pixels.shape[0]))


@transaction.atomic
def finish_opening(*, study: Study) -> None:
    """Freezes the plan and opens the study. Every picture must be there."""
    candidates = list(study.candidates.select_related("version"))
    photos = list(study.photos.order_by("pk"))
    made = set(study.blind_copies.values_list("photo_id", "candidate_id"))
    wanted = {(p.pk, c) for p in photos for c in [None, *(c.pk for c in candidates)]}
    if missing := wanted - made:
        raise Refused(f"{len(missing)} of {len(wanted)} pictures are missing.")
    plan = _plan(study, candidates, photos)
    if not study.open(plan=plan, digest=vote_log.digest(plan)):
        raise Refused(f"{study} is not being prepared.")


def _plan(study: Study, candidates: Sequence[Candidate], photos: Sequence[Photo]) -> dict[str, Any]:
    copies = study.blind_copies.outputs().order_by("photo_id", "candidate__position")
    names = categories.of(photos, study.weights)
    shown = [{"id": str(p.pk), "category": name} for p, name in zip(photos, names, strict=True)]
    return {
        "number": study.number,
        "stage": study.stage,
        "question": study.question,
        "candidates": [candidate.version.weights_sha256 for candidate in candidates],
        "photos": [row | {"sha256": p.original_id} for row, p in zip(shown, photos, strict=True)],
        "pixels": list(copies.values_list("pixels_sha256", flat=True)),
        "outcomes": list(vote_log.OUTCOMES),
        "alpha": str(study.alpha),
        "band": [str(bound) for bound in BAND],
        "cap": study.cap,
        "seed": study.seed,
        "ballot_size": study.ballot_size,
        "training": study.training,
        "weights": {
            category: str(round(weight, 12))
            for category, weight in strata.weights_of(shown, study.weights).items()
        },
        "pair_rule": pair_selection.VERSION,
        "screening": screening.THRESHOLDS,
        "both_bad_limit": str(promotion_checks.BOTH_BAD_LIMIT),
        "least_voters": promotion_checks.LEAST_VOTERS,
        "largest_share": str(promotion_checks.LARGEST_SHARE),
    }
