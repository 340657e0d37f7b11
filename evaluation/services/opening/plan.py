"""The plan of a study, frozen when it opens."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from config.errors import Refused
from evaluation.models import Candidate, Study
from evaluation.services import categories, vote_log
from evaluation.services.rivals.complete import means, shared_photos
from evaluation.statistics import pair_selection, promotion_checks, strata
from evaluation.statistics.records import rules
from evaluation.statistics.voters import screening
from photos.models import Photo

BAND = (0.45, 0.55)


@transaction.atomic
def finish_opening(*, study: Study) -> None:
    """Freezes the plan and opens the study. Every picture must be there."""
    candidates = list(study.candidates.select_related("version", "rival"))
    photos = list(shared_photos(study).order_by("pk"))
    left_out = list(study.photos.exclude(pk__in=[photo.pk for photo in photos]))
    made = set(study.blind_copies.values_list("photo_id", "candidate_id"))
    wanted = {(p.pk, c) for p in photos for c in [None, *(c.pk for c in candidates)]}
    if missing := wanted - made:
        raise Refused(f"{len(missing)} of {len(wanted)} pictures are missing.")
    plan = _plan(study, candidates, photos) | _of_rivals(study, candidates, left_out)
    study.photos.remove(*left_out)
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
        "candidates": [candidate.digest for candidate in candidates],
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
        "rules": rules.NOW,
        "screening": screening.THRESHOLDS,
        "both_bad_limit": str(promotion_checks.BOTH_BAD_LIMIT),
        "least_voters": promotion_checks.LEAST_VOTERS,
        "largest_share": str(promotion_checks.LARGEST_SHARE),
    }


def _of_rivals(
    study: Study, candidates: Sequence[Candidate], left_out: Sequence[Photo]
) -> dict[str, Any]:
    """What only a study of files says: who has no weights, photos that some rival lacks, and what
    each candidate changed beside its task, by position."""
    if not study.takes_files:
        return {}
    outside = [
        {name: str(value) for name, value in row.items()} for row in means(study, candidates)
    ]
    return {
        "files": [each.position for each in candidates if each.version is None],
        "left_out": sorted(str(photo.pk) for photo in left_out),
        "outside": outside,
    }
