"""A visitor withdraws leave: no picture and no name reaches anybody else, at any address."""

import io
import uuid

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client

from annotate import services as annotate
from annotate.models import Agreement, Assignment, DefectMask, Review, Suggestion
from annotate.services.import_export import exports
from annotate.services.owners import withdraw_leave
from jobs.models import Job
from photos import storage
from photos.models import Photo
from pipeline.models import Restoration
from tests.conftest import person
from tests.test_architecture import views
from tests.training.builders import scratched
from training import services as training
from training.models import SnapshotItem, TrainingRun
from training.services import run_folder_writer

pytestmark = pytest.mark.django_db
NAME = "Grandmother Zdenka 1931"
ROLES = ("anonymous", "nobody", "assessor", "reviewer", "voter", "admin")


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.MEDIA_ROOT, settings.RUNS_ROOT = tmp_path / "media", tmp_path / "runs"


@pytest.fixture
def world(assessor, reviewer, admin):
    """A visitor's photo with leave, painted, reviewed, frozen, restored; then leave is withdrawn."""
    mask = scratched(7, title=NAME, origin="visitor", state="submitted")
    other = scratched(8, title="Somebody else")
    photo = mask.photo
    photo.preview = photo.display = photo.original = photo.cost_map = photo.working
    photo.save()
    suggestion = Suggestion.objects.create(
        photo=photo, weights="w", probability=photo.working, threshold=0.5
    )
    assignment = Assignment.objects.create(
        photo=photo, assessor=assessor, suggestion=suggestion, state="open",
        lease_until="2999-01-01T00:00Z",
    )  # fmt: skip
    mask.assignment = assignment
    mask.author = assessor
    mask.save()
    Review.objects.create(mask=mask, reviewer=reviewer, verdict="returned", comment="x", revision=1)
    accepted = scratched(9, title=NAME + " copy", origin="visitor")
    DefectMask.objects.filter(pk=accepted.pk).update(author=assessor, is_honeypot=True)
    Agreement.objects.create(
        kind="honeypot", photo=photo, first=accepted, second=mask, digests="d", dice=1.0,
        tolerant_f1=1.0, cl_dice=1.0,
    )  # fmt: skip
    snapshot = training.freeze_snapshot(
        name="s", seed=0, validation_share=0.0, include_clean=False, created_by=admin
    )
    restoration = Restoration.objects.create(photo=photo, expires_at="2999-01-01T00:00Z")
    annotate_photo = accepted.photo
    for each in (photo, annotate_photo):
        withdraw_leave(photo=each)
    return {
        "photo": photo, "mask": mask, "accepted": accepted, "other": other, "snapshot": snapshot,
        "assignment": assignment, "restoration": restoration,
    }  # fmt: skip


def ids_of(world):
    """Every row of every room that belongs to the photo, by what an address may call it."""
    found = set()
    photos = [world["photo"].pk, world["accepted"].photo_id]
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Photo:
                found |= set(
                    model._default_manager.filter(**{f"{field.name}__in": photos}).values_list(
                        "pk", flat=True
                    )
                )
    found |= {*photos, world["snapshot"].pk, *Job.objects.values_list("pk", flat=True)}
    return found


def addresses(world):
    """Every route with every id of the photo that fits; private links are their owner's alone."""
    texts = (
        "thumbnail",
        "preview",
        "photo",
        "working",
        "cost",
        "original",
        "fracture",
        "before",
        "png",
    )
    for route, _ in views():
        if route.startswith("admin/") or "<str:token>" in route:
            continue
        parts = [part.partition(">")[0] for part in route.split("<")[1:]]
        rows = ids_of(world) if any(part.startswith(("uuid", "int")) for part in parts) else {None}
        for row in rows:
            wanted = "uuid" if isinstance(row, uuid.UUID) else "int"
            if row is not None and not any(part.startswith(wanted) for part in parts):
                continue
            words = (
                texts if any(part.startswith(("str", "slug", "path")) for part in parts) else ("",)
            )
            for word in words:
                yield _filled(route, row, wanted, word)


def _filled(route, row, wanted, word):
    at = "/" + route
    for kind, value in ((wanted, row), ("uuid", uuid.UUID(int=0)), ("int", 0)):
        while f"<{kind}:" in at and value is not None:
            at = (
                at[: at.index(f"<{kind}:")]
                + str(value)
                + at[at.index(">", at.index(f"<{kind}:")) + 1 :]
            )
    while "<" in at:
        at = at[: at.index("<")] + (word or "x") + at[at.index(">") + 1 :]
    return at


def client_of(role):
    client = Client(raise_request_exception=False)
    if role == "assessor":
        client.force_login(User.objects.get(username="ada"))
    elif role != "anonymous":
        client.force_login(person(f"one {role}", *([role] if role != "nobody" else [])))
    return client


def body_of(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("role", ROLES)
def test_no_address_shows_name_or_picture(world, role):
    picture = storage.read(world["photo"].working)
    client, shown, asked = client_of(role), [], 0
    for at in set(addresses(world)):
        answer = client.get(at)
        body, asked = body_of(answer), asked + 1
        if NAME.encode() in body or picture in body:
            shown.append(at)
    assert asked > 200
    assert not shown


def test_its_owner_still_sees_it(world):
    answer = Client().get(f"/restore/{world['restoration'].token}/")
    assert answer.status_code == 200 and NAME in answer.content.decode()


def test_nothing_is_changed_through_a_page_that_stayed_open(world, sign_in, assessor):
    at = f"/annotate/assignments/{world['assignment'].pk}/"
    client = sign_in(assessor)
    for action in ("strokes", "submit", "heartbeat", "skip"):
        assert client.post(f"{at}{action}/", {}, "application/json").status_code == 404
    assert not Assignment.objects.open().filter(photo=world["photo"]).exists()
    going_on = annotate.claim_assignment(assessor=assessor)
    assert going_on is None or going_on.photo_id != world["photo"].pk


@pytest.mark.parametrize("kind", ["coco", "manifest", "png-index", "npz"])
def test_no_export_holds_its_mask_or_its_name(world, tmp_path, kind):
    files = exports.export_masks(folder=tmp_path / "out", kind=kind)
    assert files
    assert not [path for path in files if NAME in path.name or NAME.encode() in path.read_bytes()]


def test_later_runs_on_an_older_snapshot_leave_it_out(world):
    frozen = world["snapshot"].items
    assert frozen.filter(photo=world["accepted"].photo).exists()
    assert set(frozen.remaining().values_list("photo__title", flat=True)) == {"Somebody else"}
    assert set(frozen.gone()) | set(frozen.remaining()) == set(frozen.all())
    for stage in ("segmentation", "inpainting", "colorization"):
        assert not frozen.usable_for(stage).filter(photo__title__startswith=NAME).exists()


def test_samples_of_runs_that_saw_it_go(world, settings):
    run = TrainingRun.objects.create(
        stage="segmentation", recipe_name="x", recipe={}, snapshot=world["snapshot"]
    )
    (run.folder / "samples").mkdir(parents=True)
    (run.folder / "samples" / "1.png").write_bytes(b"x")
    run_folder_writer.forget_erased()
    assert not (run.folder / "samples").exists()


def test_no_job_is_called_after_a_visitors_photo(client, run_jobs):
    from tests.pipeline.builders import upload

    file = io.BytesIO(upload())
    file.name = f"{NAME}.png"
    client.post("/api/v1/restorations/", {"photo": file})
    run_jobs()
    assert Job.objects.exists()
    assert not Job.objects.filter(title__contains="Zdenka").exists()


def test_leave_given_again_opens_the_door_again(world, sign_in, reviewer):
    Photo.objects.filter(pk=world["photo"].pk).update(training_allowed=True)
    answer = sign_in(reviewer).get(f"/annotate/masks/{world['mask'].pk}/review/")
    page = sign_in(reviewer).get(f"/annotate/photos/{world['photo'].pk}/")
    assert page.status_code == 200 and NAME in page.content.decode()
    assert answer.status_code in (200, 404)


def test_every_query_set_of_rows_of_a_photo_has_the_door():
    """The siblings: a model with a photo that pages of others show asks for leave."""
    shown = {DefectMask, Assignment, Agreement, SnapshotItem}
    assert all(hasattr(model.objects.all(), "visible_to") for model in shown)
