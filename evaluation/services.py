"""Create, prepare, open, close a study; promote its winner."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from numpy.typing import NDArray

from annotate import blobs
from annotate.models import Photo
from evaluation import blinding, controls, guards, ledger, pairing
from evaluation.models import BlindCopy, Candidate, Peek, Study
from evaluation.ranking import Options
from evaluation.tally import tally
from jobs.errors import Refused
from jobs.models import Queue
from jobs.services import run_later
from pipeline.models import Rendition
from pipeline.services import render_later
from training import services as training
from training.models import ModelVersion, Promotion

LEAST, MOST = 2, 8
BAND = (0.45, 0.55)
CLOSED_TALLY = Options()
QUICK_TALLY = Options(resamples=200)


@transaction.atomic
def create_study(
    *,
    stage: str,
    question: str,
    versions: Sequence[ModelVersion],
    photos: Iterable[Photo],
    cap: int = 1500,
    alpha: float = 0.05,
    created_by: User | None = None,
) -> Study:
    """A draft with its candidates and photos."""
    _check_versions(stage, versions)
    if any(version.name.lower() in question.lower() for version in versions):
        raise Refused("The question names a candidate; voters read it.")
    number = (Study.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    study = Study.objects.create(
        number=number, stage=stage, question=question, cap=cap, alpha=alpha, created_by=created_by
    )
    study.photos.set(photos)
    if not study.photos.exists():
        raise Refused("A study needs at least one photo.")
    Candidate.objects.bulk_create(
        Candidate(study=study, version=version, position=position)
        for position, version in enumerate(versions)
    )
    return study


def _check_versions(stage: str, versions: Sequence[ModelVersion]) -> None:
    if len({version.pk for version in versions}) < LEAST:
        raise Refused("A study needs at least two candidates to compare.")
    if len(versions) > MOST:
        raise Refused(f"A study has at most {MOST} candidates.")
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


@transaction.atomic
def open_study(*, study: Study, by: User | None = None) -> None:
    """Queues the making of all pictures; the study opens when they are there."""
    versions = [candidate.version for candidate in study.candidates.select_related("version")]
    _check_versions(study.stage, versions)
    if not study.prepare():
        raise Refused(f"{study} is not a draft any more.")
    for photo in study.photos.all():
        for version in versions:
            render_later(photo=photo, stage=study.stage, version=version, created_by=by)
    study.job = run_later(
        "evaluation.prepare_study",
        params={"study_id": str(study.pk)},
        queue=Queue.MAINTENANCE,
        title=f"Make the pictures of {study}",
        created_by=by,
    )
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
) -> None:
    """Blind copies of one photo: its outputs, and the damaged original under None.

    One output drawn at random gets a degraded copy too, for gold ballots.
    """
    gold = secrets.choice([candidate for candidate in outputs if candidate is not None])
    shown = {(candidate, False): pixels for candidate, pixels in outputs.items()}
    try:
        made = blinding.blind(shown | {(gold, True): outputs[gold]}, spoil=[(gold, True)])
    except ValueError as reason:
        raise Refused(f"{photo} cannot be shown blindly: {reason}.") from reason
    study.blind_copies.filter(photo=photo, degraded=True).delete()
    for (candidate, spoilt), (file, pixels, (width, height)) in made.items():
        BlindCopy.objects.update_or_create(
            study=study,
            photo=photo,
            candidate=candidate,
            degraded=spoilt,
            defaults={
                "rendition": (renditions or {}).get(candidate) if candidate else None,
                "image": blobs.put(file, "image/png"),
                "pixels_sha256": pixels,
                "width": width,
                "height": height,
            },
        )


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
    if not study.open(plan=plan, digest=ledger.digest(plan)):
        raise Refused(f"{study} is not being prepared.")


def _plan(study: Study, candidates: Sequence[Candidate], photos: Sequence[Photo]) -> dict[str, Any]:
    copies = study.blind_copies.outputs().order_by("photo_id", "candidate__position")
    return {
        "number": study.number,
        "stage": study.stage,
        "question": study.question,
        "candidates": [candidate.version.weights_sha256 for candidate in candidates],
        "photos": [{"id": str(p.pk), "category": p.album} for p in photos],
        "pixels": list(copies.values_list("pixels_sha256", flat=True)),
        "outcomes": list(ledger.OUTCOMES),
        "alpha": str(study.alpha),
        "band": [str(bound) for bound in BAND],
        "cap": study.cap,
        "seed": study.seed,
        "pair_rule": pairing.VERSION,
        "both_bad_limit": str(guards.BOTH_BAD_LIMIT),
        "least_voters": guards.LEAST_VOTERS,
        "largest_share": str(guards.LARGEST_SHARE),
    }


def labels(study: Study) -> list[str]:
    """Candidate names by position; the same name twice is told apart by its place."""
    names = [str(candidate.version) for candidate in study.candidates.select_related("version")]
    return [
        name if names.count(name) == 1 else f"{name} ({place})"
        for place, name in enumerate(names, start=1)
    ]


def results(study: Study, *, options: Options = CLOSED_TALLY) -> dict[str, Any]:
    """Everything the counted votes say, with the guards and the verdict in words."""
    names = labels(study)
    votes = ledger.counted(study)
    judgements = ledger.judgements(votes, names)
    records = [vote.record for vote in votes]
    reference = _production_label(study, names)
    found = tally(
        judgements,
        options=options,
        names=names,
        reference=reference,
        alpha=study.alpha,
        band=BAND,
        seed=study.seed,
        seconds=ledger.seconds(votes),
        gold=controls.gold_counts(records),
        repeats=controls.repeat_counts(records),
    )
    winner = found["winner"]
    found["votes"] = len(judgements)
    limits = guards.Limits(alpha=study.alpha)
    found["guards"] = guards.check(judgements, found, winner, limits) if winner else []
    found["promotable"] = bool(winner) and all(guard["passed"] for guard in found["guards"])
    kept = [j for j in judgements if j.voter not in found["flagged_voters"]]
    if found["flagged_voters"]:
        found["without_flagged"] = tally(
            kept, options=options, names=names, reference=reference, alpha=study.alpha, band=BAND
        )
    return found


def _production_label(study: Study, names: Sequence[str]) -> str | None:
    current = Promotion.objects.current(study.stage)
    versions = [candidate.version_id for candidate in study.candidates.all()]
    if current is None or current.version_id not in versions:
        return None
    return names[versions.index(current.version_id)]


def in_production(study: Study) -> str | None:
    """The label of the candidate that production runs now."""
    return _production_label(study, labels(study))


@transaction.atomic
def close_study(*, study: Study, by: User | None = None) -> dict[str, Any]:
    """Counts all votes, decides, and writes the decision beside them; final."""
    study.refresh_from_db()  # a vote may have come since the caller read the row
    if not study.is_open:
        raise Refused(f"{study} is not open.")
    broken = ledger.chain_break(study)
    if broken is not None:
        raise Refused(f"The vote log was changed at vote {broken}: nothing can be decided.")
    study.state = Study.State.CLOSED  # nobody can take a vote back any more
    decision = results(study) | {
        "closed_by": None if by is None else by.username,
        "last_hash": study.last_hash,
    }
    if not study.close(decision):
        raise Refused(f"{study} is closed already.")
    return decision


@transaction.atomic
def promote_winner(*, study: Study, by: User) -> Promotion:
    """Puts the winner into production. Only a closed study whose guards all hold can."""
    decision = study.decision
    if study.state != Study.State.CLOSED or not decision.get("winner"):
        raise Refused("There is no winner to promote.")
    if not decision["promotable"]:
        failed = next(guard for guard in decision["guards"] if not guard["passed"])
        raise Refused(f"A guard blocks the promotion. {failed['text']}")
    position = labels(study).index(decision["winner"])
    version = study.candidates.get(position=position).version
    reason = f"{study}: {' '.join(decision['reasons'])}"
    return training.promote(
        version=version, reason=reason, promoted_by=by, study_digest=study.digest
    )


@transaction.atomic
def peek(*, study: Study, by: User) -> dict[str, Any]:
    """Interim results: logged, and listed with the final ones."""
    if study.ballots.filter(voter=by).exists():
        raise Refused("You vote in this study: its results stay hidden from you until it closes.")
    Peek.objects.create(study=study, user=by, votes=study.votes.standing().count())
    return results(study, options=QUICK_TALLY)
