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
    takes_files: bool = False,
    created_by: User | None = None,
) -> Study:
    """A draft with its candidates and photos; with `takes_files` further ones come as pictures.

    An empty stage is a free study: it rates sets of pictures, and no version stands in it.
    """
    versions, takes_files = list(versions), takes_files or not stage
    check_versions(stage, versions, least=0 if takes_files else MIN_CANDIDATES)
    _check_plan(question, versions, ballot_size, weights or {}, takes_files)
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
        takes_files=takes_files,
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
    takes_files: bool = False,
) -> None:
    """Rewrites a draft; its rivals stay. Nothing of an open study ever changes."""
    versions = list(versions)
    takes_files = takes_files or study.is_free or study.rivals.exists()
    check_versions(study.stage, versions, least=0 if takes_files else MIN_CANDIDATES)
    _check_plan(question, versions, ballot_size, weights or {}, takes_files)
    rows = Study.objects.filter(pk=study.pk, state=Study.State.DRAFT)
    changed = rows.update(
        question=question,
        cap=cap,
        ballot_size=ballot_size,
        training=training,
        weights=dict(weights or {}),
        takes_files=takes_files,
    )
    if changed != 1:
        raise Refused(f"{study} is not a draft any more: it stays as it is.")
    study.refresh_from_db()
    study.blind_copies.all().delete()
    study.candidates.exclude(version=None).delete()
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
    for position, candidate in enumerate(study.candidates.filter(version=None), len(versions)):
        Candidate.objects.filter(pk=candidate.pk).update(position=position)


def _check_plan(
    question: str,
    versions: Sequence[ModelVersion],
    ballot_size: int,
    weights: Mapping[str, float],
    takes_files: bool,
) -> None:
    if any(version.name.lower() in question.lower() for version in versions):
        raise Refused("The question names a candidate; voters read it.")
    if not 2 <= ballot_size <= MAX_PICTURES_PER_BALLOT:
        raise Refused(f"A ballot shows 2 to {MAX_PICTURES_PER_BALLOT} pictures.")
    if ballot_size > len(versions) and not takes_files:
        raise Refused(f"A ballot of {ballot_size} needs as many candidates.")
    if weights and (min(weights.values()) < 0 or sum(weights.values()) <= 0):
        raise Refused("The weights of categories cannot be negative, nor all zero.")


def check_candidates(study: Study) -> None:
    """What must hold when it opens: enough candidates, and rivals with pictures among them."""
    candidates = list(study.candidates.select_related("version", "rival"))
    versions = [each.version for each in candidates if each.version is not None]
    check_versions(study.stage, versions, least=min(len(versions), MIN_CANDIDATES))
    if len(candidates) < MIN_CANDIDATES:
        raise Refused("A study needs at least two candidates to compare: add the pictures first.")
    if len(candidates) > MAX_CANDIDATES:
        raise Refused(f"A study has at most {MAX_CANDIDATES} candidates.")
    if study.ballot_size > len(candidates):
        raise Refused(f"A ballot of {study.ballot_size} needs as many candidates.")
    if any(each.title.lower() in study.question.lower() for each in candidates):
        raise Refused("The question names a candidate; voters read it.")


def check_versions(
    stage: str, versions: Sequence[ModelVersion], *, least: int = MIN_CANDIDATES
) -> None:
    if not stage and versions:
        raise Refused("A free study rates sets of pictures: no version stands in it.")
    if len({version.pk for version in versions}) < least:
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
