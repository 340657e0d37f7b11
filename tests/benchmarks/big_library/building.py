"""Rows of a big library: 20,000 photos, 3,000 masks, 5,000 restorations and what belongs to them.

Rows alone, no pictures: pages name pictures and never open them.
"""

import uuid
from datetime import timedelta
from typing import Any

import numpy as np

PHOTOS, MASKS, RESTORATIONS = 20_000, 3_000, 5_000
ALBUMS, PEOPLE, STUDIES, VERSIONS, SNAPSHOTS, RUNS = 400, 200, 60, 30, 3, 300
AGREEMENTS, EXHIBITS, EVENTS, BATCH = 3_000, 500, 10_000, 500
IMPORTS, ORDERS = 60, 150


def build() -> None:
    """Into the empty database of this process's settings."""
    from django.db import transaction

    rng = np.random.default_rng(1)
    with transaction.atomic():
        people = _people()
        photos = _photos(rng, people)
        masks = _masks(rng, photos, people)
        _agreements(rng, masks)
        _restorations(rng, photos, people)
        _moved(people)
        versions = _versions()
        _training(photos, masks, versions, people)
        _studies(photos, versions, people)
        _events(people)


def _pick(rng: np.random.Generator, rows: list[Any]) -> Any:
    return rows[int(rng.integers(len(rows)))]


def _ago(hours: float) -> Any:
    from django.utils import timezone

    return timezone.now() - timedelta(hours=hours)


def _people() -> list[Any]:
    """One who may do everything first; assessors, reviewers and voters behind."""
    from django.contrib.auth.models import Group, User

    names = ["everything", *(f"person{number}" for number in range(PEOPLE - 1))]
    User.objects.bulk_create(User(username=name, is_staff=name == names[0]) for name in names)
    people = list(User.objects.order_by("pk"))
    User.objects.filter(pk=people[0].pk).update(is_superuser=True)
    for role in ("admin", "assessor", "reviewer", "voter"):
        group = Group.objects.get_or_create(name=role)[0]
        group.user_set.add(*(people if role != "admin" else people[:1]))
    return people


def _photos(rng: np.random.Generator, people: list[Any]) -> list[Any]:
    """A quarter are visitors', half of those with leave; a few are being read or were refused."""
    from annotate.models import Suggestion
    from photos import storage
    from photos.models import Photo
    from photos.search_text import joined

    thumbnail = storage.put(b"\xff\xd8 a thumbnail", "image/jpeg")
    kinds = ["import", "import", "import", "visitor"]
    states = ["ready"] * 18 + ["received", "refused"]
    photos = [
        Photo(
            title=f"Straße am Café {number}",
            album=f"Album {number % ALBUMS:03d}",
            source="The archive of a town, box 12, by an unknown photographer",
            licence="CC0",
            origin=kinds[number % 4],
            state=states[number // 4 % 20],
            training_allowed=number % 8 != 3,
            wants_mask=number % 2 == 0,
            thumbnail=thumbnail,
            original=thumbnail,
            width=4000,
            height=3000,
            priority=number % 5,
            urgency=float(rng.random()),
            created_by=people[number % 7] if number % 4 == 3 else None,
            search_text=joined([f"Straße am Café {number}", f"Album {number % ALBUMS:03d}"]),
        )
        for number in range(PHOTOS)
    ]
    Photo.objects.bulk_create(photos, batch_size=BATCH)
    Suggestion.objects.bulk_create(
        (
            Suggestion(photo=photo, weights="w", threshold=0.5, uncertainty=float(rng.random()))
            for photo in photos
        ),
        batch_size=BATCH,
    )
    return photos


def _masks(rng: np.random.Generator, photos: list[Any], people: list[Any]) -> list[Any]:
    """Two thirds accepted, a quarter waits for review, the rest are drafts that were left."""
    from annotate.models import Assignment, DefectMask, Review, StrokeDelta

    states = ["accepted"] * 8 + ["submitted"] * 3 + ["draft"]
    ready = [photo for photo in photos if photo.state == "ready"]
    assignments, masks = [], []
    for number, photo in enumerate(ready[:MASKS]):
        state = states[number % 12]
        painter = people[number % 20]
        assignment = Assignment(
            photo=photo,
            assessor=painter,
            state="submitted" if state != "draft" else "expired",
            lease_until=_ago(1),
            created_at=_ago(number),
        )
        assignments.append(assignment)
        masks.append(
            DefectMask(
                photo=photo,
                assignment=assignment,
                author=painter,
                state=state,
                origin="painted",
                revision=30,
                digest=f"{number:064x}",
                active_seconds=float(rng.uniform(60, 900)),
                areas={"fracture": 1000, "scuff": 2000},
                tools={"brush": {"actions": 40, "seconds": 300.0}},
                suggestion_weights="w" if number % 2 else "",
                is_honeypot=number % 100 == 0 and state == "accepted",
                submitted_at=_ago(number) if state != "draft" else None,
            )
        )
    Assignment.objects.bulk_create(assignments, batch_size=BATCH)
    DefectMask.objects.bulk_create(masks, batch_size=BATCH)
    reviews = (
        Review(mask=mask, reviewer=people[1], verdict="accepted", revision=30)
        for mask in masks
        if mask.state == "accepted"
    )
    Review.objects.bulk_create(reviews, batch_size=BATCH)
    deltas = (
        StrokeDelta(mask=mask, revision=number, client="c", first_seq=number, last_seq=number)
        for mask in masks
        for number in range(1, 11)
    )
    StrokeDelta.objects.bulk_create(deltas, batch_size=BATCH)
    return masks


def _agreements(rng: np.random.Generator, masks: list[Any]) -> None:
    from annotate.models import Agreement

    rows = []
    for number in range(AGREEMENTS):
        first, second = masks[number % len(masks)], masks[(number + 1) % len(masks)]
        kind = ("people", "honeypot", "network")[number % 3]
        rows.append(
            Agreement(
                kind=kind,
                photo=first.photo,
                first=None if kind == "network" else first,
                second=second,
                weights="w" * (kind == "network"),
                digests=str(number),
                parts={"small": [3, 5]},
                dice=float(rng.random()),
                tolerant_f1=float(rng.random()),
                cl_dice=float(rng.random()),
                component_recall=float(rng.random()),
            )
        )
    Agreement.objects.bulk_create(rows, batch_size=BATCH)


def _jobs(kind: str, count: int, queue: str = "interactive") -> list[Any]:
    """Ended ones: every fiftieth failed; the last twenty wait."""
    from jobs.models import Job

    rows = [
        Job(
            kind=kind,
            queue=queue,
            title=f"{kind} {number}",
            state="queued"
            if number >= count - 20
            else "failed"
            if number % 50 == 0
            else "succeeded",
            started_at=_ago(number / 60),
            finished_at=_ago(number / 60 - 0.01),
            created_at=_ago(number / 60),
            error="It is no picture." if number % 50 == 0 else "",
        )
        for number in range(count)
    ]
    return Job.objects.bulk_create(rows, batch_size=BATCH)


def _restorations(rng: np.random.Generator, photos: list[Any], people: list[Any]) -> None:
    from jobs.models import JobLine
    from photos.services import prepare_photo
    from pipeline.models import Exhibit, Feedback, Rendition, Restoration
    from pipeline.services.rendering.jobs import restore

    _jobs(prepare_photo.kind, PHOTOS)
    jobs = _jobs(restore.kind, RESTORATIONS)
    lines = (JobLine(job=job, text="tile 3 of 12") for job in jobs for _ in range(4))
    JobLine.objects.bulk_create(lines, batch_size=BATCH)
    ready = [photo for photo in photos if photo.state == "ready"]
    made = [
        Restoration(
            photo=ready[number],
            job=job,
            owner=people[number % 7] if number % 2 else None,
            created_at=_ago(number / 60),
            expires_at=_ago(-700),
        )
        for number, job in enumerate(jobs)
    ]
    Restoration.objects.bulk_create(made, batch_size=BATCH)
    renditions = [
        Rendition(
            photo=row.photo,
            kind=kind,
            recipe=f"{number:064x}",
            width=4000,
            height=3000,
            report={"seconds": float(rng.uniform(5, 50)), "holes": 40},
        )
        for number, row in enumerate(made)
        for kind in Rendition.Kind.values
    ]
    Rendition.objects.bulk_create(renditions, batch_size=BATCH)
    link = Restoration.renditions.through
    kinds = len(Rendition.Kind.values)
    link.objects.bulk_create(
        (
            link(restoration_id=made[number // kinds].pk, rendition_id=row.pk)
            for number, row in enumerate(renditions)
        ),
        batch_size=BATCH,
    )
    shown = (
        Exhibit(restoration=row, caption="An old photograph", shown_at=_ago(number))
        for number, row in enumerate(made[:EXHIBITS])
    )
    Exhibit.objects.bulk_create(shown)
    Feedback.objects.bulk_create(
        Feedback(restoration=row, reasons=["missed"], text="A scratch was left.")
        for row in made[::5]
    )


def _moved(people: list[Any]) -> None:
    """What came in from other tools, and orders of albums."""
    from annotate.models import Import
    from pipeline.models import Order

    Import.objects.bulk_create(
        Import(name=f"box {number}.zip", state="done", created_by=people[number % 3])
        for number in range(IMPORTS)
    )
    Order.objects.bulk_create(
        Order(album=f"Album {number:03d}", number=f"A {number}", customer="Frau Meyer")
        for number in range(ORDERS)
    )


def _versions() -> list[Any]:
    from training.models import ModelVersion, Promotion, Stage

    rows = [
        ModelVersion(
            stage=Stage.values[number % 3],
            name=f"version {number}",
            weights_sha256=f"{number:064x}",
            gate={"passed": True},
            card={"figures": {}},
            metrics={},
        )
        for number in range(VERSIONS)
    ]
    ModelVersion.objects.bulk_create(rows)
    Promotion.objects.bulk_create(
        Promotion(stage=row.stage, version=row, reason="It won.") for row in rows
    )
    return rows


def _training(photos: list[Any], masks: list[Any], versions: list[Any], people: list[Any]) -> None:
    from training.models import DatasetSnapshot, RunMetric, SnapshotItem, TrainingRun

    for number in range(SNAPSHOTS):
        snapshot = DatasetSnapshot.objects.create(
            name=f"snapshot {number}", digest=f"{number:064x}"
        )
        items = (
            SnapshotItem(
                snapshot=snapshot,
                photo=mask.photo,
                mask=mask,
                image_digest=f"{place:064x}",
                mask_digest=mask.digest,
                split="validation" if place % 5 == 0 else "train",
                group=mask.photo.album,
                licence="CC0",
                source=mask.photo.source,
            )
            for place, mask in enumerate(masks)
        )
        SnapshotItem.objects.bulk_create(items, batch_size=BATCH)
    jobs = _jobs("training.train_run", RUNS, "train")
    runs = [
        TrainingRun(stage="segmentation", recipe_name="lite", recipe={}, snapshot=snapshot, job=job)
        for job in jobs
    ]
    TrainingRun.objects.bulk_create(runs)
    metrics = (
        RunMetric(
            run=run, step=step, epoch=step // 10, seconds=1, split=split, name=name, value=0.5
        )
        for run in sorted(runs, key=lambda run: run.pk)[:5]  # the first is a page looked at
        for step in range(500)
        for split in ("train", "validation")
        for name in ("loss", "score", "dice")
    )
    RunMetric.objects.bulk_create(metrics, batch_size=BATCH)


def _studies(photos: list[Any], versions: list[Any], people: list[Any]) -> None:
    """Of 60 photos each, and a draft of as many as a study may have; twenty are open."""
    from evaluation.models import Candidate, Study
    from evaluation.views.photo_choices import MAX_PHOTOS

    usable = [photo for photo in photos if photo.state == "ready" and photo.origin != "visitor"]
    candidates = [version for version in versions if version.stage == "inpainting"][:4]
    through = Study.photos.through
    for number in range(1, STUDIES + 1):
        study = Study.objects.create(
            number=number, stage="inpainting", question="Which picture is better?"
        )
        Candidate.objects.bulk_create(
            Candidate(study=study, version=version, position=place)
            for place, version in enumerate(candidates)
        )
        start = number * 60
        chosen = usable[:MAX_PHOTOS] if number == STUDIES else usable[start : start + 60]
        through.objects.bulk_create(
            (through(study_id=study.pk, photo_id=photo.pk) for photo in chosen), batch_size=BATCH
        )
    plan = {
        "candidates": [str(each.pk) for each in candidates],
        "alpha": 0.05,
        "band": [0.45, 0.55],
    }
    Study.objects.filter(number__lte=20).update(state="open", opened_at=_ago(5), plan=plan)


def _events(people: list[Any]) -> None:
    from accounts.models import AuditEvent

    rows = (
        AuditEvent(
            person=people[0].pk,
            name="everything",
            method="POST",
            route="annotate/photos/",
            status=302,
            request_id=str(uuid.UUID(int=number)),
        )
        for number in range(EVENTS)
    )
    AuditEvent.objects.bulk_create(rows, batch_size=BATCH)
