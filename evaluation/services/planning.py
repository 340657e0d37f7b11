"""Drafts: make, change, delete one; propose who should stand in it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from config.errors import Refused
from evaluation.models import Candidate, Study
from photos.models import Photo
from training.models import ModelVersion, Promotion, Stage

MIN_CANDIDATES, MAX_CANDIDATES = 2, 8
PROPOSED = 6
MAX_PICTURES_PER_BALLOT = 6


@transaction.atomic
def create_study(
    *,
    stage: str,
    question: str,
    versions: Sequence[ModelVersion],
    photos: Iterable[Photo],
    cap: int = 1500,
    alpha: float = 0.05,
    ballot_size: int = 2,
    training: bool = True,
    weights: Mapping[str, float] | None = None,
    created_by: User | None = None,
) -> Study:
    """A draft with its candidates and photos."""
    versions = list(versions)
    check_versions(stage, versions)
    _check_plan(question, versions, ballot_size, weights or {})
    number = (Study.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    study = Study.objects.create(
        number=number,
        stage=stage,
        question=question,
        cap=cap,
        alpha=alpha,
        ballot_size=ballot_size,
        training=training,
        weights=dict(weights or {}),
        created_by=created_by,
    )
    _fill(study, versions, photos)
    return study


@transaction.atomic
def change_study(
    *,
    study: Study,
    question: str,
    versions: Sequence[ModelVersion],
    photos: Iterable[Photo],
    cap: int,
    ballot_size: int = 2,
    training: bool = True,
    weights: Mapping[str, float] | None = None,
) -> None:
    """Rewrites a draft. Nothing of an open study ever changes."""
    versions = list(versions)
    check_versions(study.stage, versions)
    _check_plan(question, versions, ballot_size, weights or {})
    rows = Study.objects.filter(pk=study.pk, state=Study.State.DRAFT)
    changed = rows.update(
        question=question,
        cap=cap,
        ballot_size=ballot_size,
        training=training,
        weights=dict(weights or {}),
    )
    if changed != 1:
        raise Refused(f"{study} is not a draft any more: it stays as it is.")
    study.refresh_from_db()
    study.blind_copies.all().delete()
    study.candidates.all().delete()
    _fill(study, versions, photos)


@transaction.atomic
def delete_draft(*, study: Study) -> None:
    if not Study.objects.filter(pk=study.pk, state=Study.State.DRAFT).exists():
        raise Refused(f"{study} has been open: it stays in the record.")
    study.delete()


def _fill(study: Study, versions: Sequence[ModelVersion], photos: Iterable[Photo]) -> None:
    study.photos.set(photos)
    if not study.photos.exists():
        raise Refused("A study needs at least one photo.")
    Candidate.objects.bulk_create(
        Candidate(study=study, version=version, position=position)
        for position, version in enumerate(versions)
    )


def _check_plan(
    question: str,
    versions: Sequence[ModelVersion],
    ballot_size: int,
    weights: Mapping[str, float],
) -> None:
    if any(version.name.lower() in question.lower() for version in versions):
        raise Refused("The question names a candidate; voters read it.")
    if not 2 <= ballot_size <= MAX_PICTURES_PER_BALLOT:
        raise Refused(f"A ballot shows 2 to {MAX_PICTURES_PER_BALLOT} pictures.")
    if ballot_size > len(versions):
        raise Refused(f"A ballot of {ballot_size} needs as many candidates.")
    if weights and (min(weights.values()) < 0 or sum(weights.values()) <= 0):
        raise Refused("The weights of categories cannot be negative, nor all zero.")


def check_versions(stage: str, versions: Sequence[ModelVersion]) -> None:
    if len({version.pk for version in versions}) < MIN_CANDIDATES:
        raise Refused("A study needs at least two candidates to compare.")
    if len(versions) > MAX_CANDIDATES:
        raise Refused(f"A study has at most {MAX_CANDIDATES} candidates.")
    for version in versions:
        if version.stage != stage:
            raise Refused(f"{version} belongs to another stage.")
    usable = set(ModelVersion.objects.usable().values_list("pk", flat=True))
    for version in versions:
        if version.pk not in usable:
            raise Refused(f"{version} has not passed the export check yet.")
    current = Promotion.objects.current(stage)
    if current is not None and current.version not in versions:
        raise Refused(f"The model in production, {current.version}, must be a candidate.")


def propose(stage: str, most: int = PROPOSED) -> list[ModelVersion]:
    """Production and the best of the others by their validation, `most` in all."""
    usable = ModelVersion.objects.usable().with_weights().filter(stage=stage)
    best = sorted(usable, key=lambda version: (-merit(version), str(version.pk)))
    current = Promotion.objects.current(stage)
    first = [] if current is None else [current.version]
    return [*first, *(version for version in best if version not in first)][:most]


def merit(version: ModelVersion) -> float:
    """Higher is better; relative to methods without learning, so that validation sets compare."""
    metrics: dict[str, Any] = version.metrics
    if version.stage == Stage.INPAINTING:
        found = metrics.get("margin", metrics.get("hole_psnr/network"))
    elif version.stage == Stage.SEGMENTATION:
        found = metrics.get("real/fracture/dice", metrics.get("synthetic/fracture/dice"))
    elif metrics.get("chroma_mse/network") is None:
        found = None
    else:
        found = -metrics["chroma_mse/network"] / (metrics.get("chroma_mse/grey") or 1.0)
    return float("-inf") if found is None else float(found)
