"""What must hold after the storm, each as a list of sentences that is empty when it holds."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count


def strokes(painters):
    """Every acknowledged stroke is a row of its revision with the very bytes that were sent."""
    from annotate.models import DefectMask, StrokeDelta

    lost = []
    for painter in painters:
        for address, client, seq, name in painter.acknowledged:
            pk = address.rstrip("/").rpartition("/")[2]
            rows = StrokeDelta.objects.filter(mask__assignment=pk, client=client, last_seq=seq)
            if list(rows.values_list("tiles_id", flat=True)) != [name]:
                lost.append(f"stroke {seq} of {client} on {pk}: {list(rows)}")
        for address, digest in painter.submitted:
            pk = address.rstrip("/").rpartition("/")[2]
            if not DefectMask.objects.filter(assignment=pk, digest=digest).exists():
                lost.append(f"the mask of {pk} is not what was handed in")
    painted = DefectMask.objects.exclude(assignment=None).exclude(revision=0)
    gaps = painted.annotate(n=Count("deltas"))
    return lost + [
        f"{m.pk}: {m.n} deltas, revision {m.revision}" for m in gaps if m.n != m.revision
    ]


def masks():
    """Every handed-in mask still has the pixels of its digest."""
    from annotate.models import DefectMask
    from annotate.services import read_mask
    from photos.masks.arrays import digest

    done = DefectMask.objects.filter(state="submitted").select_related("photo")
    return [f"mask {mask.pk}" for mask in done if digest(read_mask(mask)) != mask.digest]


def votes(voters, study):
    """Every acknowledged vote stands once, and the chain is whole."""
    from evaluation.models import Study, Vote
    from evaluation.services import vote_log

    lost = []
    for token, outcome in (vote for voter in voters for vote in voter.acknowledged):
        rows = Vote.objects.filter(ballot__token=token)
        if [row.outcome for row in rows] != [outcome]:
            lost.append(f"ballot {token}: {list(rows)}")
    broken = vote_log.chain_break(Study.objects.get(pk=study.pk))
    return lost + ([f"the chain breaks at {broken}"] if broken is not None else [])


def uploads(uploaders):
    """Every acknowledged photograph is restored, each picture made once."""
    from pipeline.models import Restoration

    lost = []
    for token in (token for uploader in uploaders for token in uploader.acknowledged):
        row = Restoration.objects.filter(token=token).select_related("job").first()
        kinds = sorted(row.renditions.values_list("kind", flat=True)) if row else []
        if row is None or row.job.state != "succeeded" or len(kinds) != 4 or len(set(kinds)) != 4:
            why = f"{row.job.state}: {row.job.error}" if row else "no row"
            lost.append(f"upload {token}: {why}, {kinds}")
    return lost


def jobs():
    """Nothing waits or runs, and nothing failed."""
    from jobs.models import Job

    left = Job.objects.exclude(state="succeeded")
    return [
        f"{job.kind} {job.state}, attempt {job.attempt}, sent {job.sent_at}: {job.error}"
        for job in left
    ]


def training(run):
    """The run ended once, with one version."""
    from training.models import ModelVersion

    made = ModelVersion.objects.filter(run=run).count()
    return [] if made == 1 else [f"the training made {made} versions"]


def files():
    """Every row's file is there with its digest; after a sweep no other file is."""
    from photos import storage
    from photos.models import Blob

    wrong = []
    root = Path(settings.MEDIA_ROOT)
    for digest in Blob.objects.values_list("pk", flat=True):
        path = root / storage.key_of(digest)
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            wrong.append(f"file {digest[:12]} is missing or damaged")
    age()
    swept = storage.sweep()
    known = set(Blob.objects.values_list("pk", flat=True))
    left = [path.name for path in root.glob("??/*") if path.name not in known]
    left += [path.name for path in (root / "incoming").iterdir()]
    left += [blob.pk for blob in Blob.objects.all() if not storage.is_referenced(blob)]
    print(f"  the sweep took {swept} files that a kill had left")
    return wrong + [f"file {name[:12]} belongs to nobody" for name in left]


def age():
    """As if two days had passed for all files."""
    from django.db.models.functions import Now

    from photos.models import Blob

    Blob.objects.update(created_at=Now() - timedelta(days=2))
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            os.utime(path, (0, 0))
