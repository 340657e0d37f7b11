"""One row of everything that the API has an address for, so that a fuzzer meets more than 404."""

from accounts.models import ApiToken
from accounts.scopes import SCOPES
from annotate.models import DefectMask
from evaluation import services as evaluation
from evaluation.services.ballots import next_ballot
from jobs.models import Job, State
from photos import storage
from pipeline import services as pipeline
from pipeline.models import Rendition, Upload, Webhook, patience
from pipeline.services import webhooks
from tests.annotate.builders import file_of, painted, picture, ready_photo, strokes_of
from tests.evaluation.conftest import make_photo, make_version, open_now
from training.models import DatasetSnapshot, TrainingRun


def token_of(user, *scopes):
    return ApiToken.objects.make(user=user, name="a fuzzer", scopes=list(scopes or SCOPES))[1]


def build(user):
    """What stands in addresses for rows of this user, by parameter, or by path where it is told
    by that: `{token}` is many things."""
    photo = ready_photo(64, 48)
    tiles = storage.put(strokes_of(painted(64, 48)), "application/octet-stream")
    facts = {"photo": photo, "tiles": tiles, "revision": 1, "state": DefectMask.State.ACCEPTED}
    study, ballot = _study(user)
    webhook = Webhook.objects.create(owner=user, url="https://example.org/hook")
    webhooks.ping_later(webhook)
    version, run = _learned(user)
    upload = Upload.objects.create(owner=user, length=70, name="a.png", expires_at=patience())
    return {
        "photo_id": str(photo.pk),
        "mask_id": str(DefectMask.objects.create(**facts).pk),
        "number": study.number,
        "webhook": str(webhook.pk),
        "/ballots/{token}": ballot.token,
        "/restorations/{token}": _restored(user, photo).token,
        "/uploads/{token}": upload.token,
        "/versions/{id}": str(version.pk),
        "/runs/{id}": str(run.pk),
        "/snapshots/{id}": str(run.snapshot_id),
    }


def known(rows, path):
    """The path parameters of rows that are there; an enumeration keeps what was drawn."""
    found = {name: value for name, value in rows.items() if f"{{{name}}}" in path}
    parts = ((part, value) for part, value in rows.items() if part in path and "/" in part)
    return found | {part[part.index("{") + 1 : -1]: value for part, value in parts}


def _study(user):
    versions = [make_version(name) for name in ("walnut", "hazel")]
    study = open_now(
        evaluation.create_study(
            stage="inpainting", question="Which is better?", versions=versions,
            photos=[make_photo("scan")], training=False, created_by=user,
        )
    )  # fmt: skip
    return study, next_ballot(study=study, voter=user)


def _restored(user, photo):
    row = pipeline.restore_later(file=file_of(picture(64, 48)), name="a.png", owner=user)
    Job.objects.filter(pk=row.job_id).update(state=State.SUCCEEDED, progress=1.0)
    files = dict.fromkeys(("image", "jpeg", "preview"), photo.working)
    for kind in Rendition.Kind.values:
        facts = {"photo": row.photo, "kind": kind, "recipe": kind, "width": 64, "height": 48}
        row.renditions.add(Rendition.objects.create(**facts, **files))
    return row


def _learned(user):
    snapshot = DatasetSnapshot.objects.create(name="frozen", digest="0" * 64)
    run = TrainingRun.objects.create(
        stage="inpainting", recipe_name="tiny", recipe={}, snapshot=snapshot, created_by=user
    )
    return make_version("beech", run=run), run
