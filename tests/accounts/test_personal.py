"""A person takes home what is kept of her, and is forgotten; new tables of people are met at once."""

import io
import json
import zipfile

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ApiToken, AuditEvent, Preference
from accounts.personal.fates import FATES, NAMED, WITHHELD, Fate
from accounts.personal.forgetting import forget_person, left_of
from accounts.personal.taking_home import as_json, counts_of, rows_of
from annotate.models import Assignment, DefectMask, MarkAnswer, Review
from config.errors import Refused
from evaluation.models import Ballot, ColourCheck, Study
from jobs.models import Job
from photos import belongings, storage
from photos.models import Album, Blob, Photo
from pipeline.models import Rendition, Restoration, Upload, Webhook
from tests.conftest import person

pytestmark = pytest.mark.django_db
NAME = "zdenka.novakova"


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def keys():
    """Every key of every table that leads to an account."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is User
    }


def test_every_key_to_a_person_has_a_fate():
    assert keys() == FATES.keys()
    cut = [key for key, fate in FATES.items() if fate is Fate.CUT]
    for key in cut:
        model, _, field = key.rpartition(".")
        assert apps.get_model(model)._meta.get_field(field).null
    texts = {
        belongings.label(field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
    }
    assert WITHHELD.keys() <= texts and NAMED.keys() <= texts


def test_every_text_called_username_is_known():
    found = {
        belongings.label(field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if "username" in field.name
    }
    assert found == {key for key in NAMED if "username" in key} | {"auth.User.username"}


@pytest.fixture
def zdenka(admin):
    user = person(NAME, "assessor", "voter")
    user.email, user.first_name, user.last_name = "z@novakova.example", "Zdenka", "Novakova"
    user.save()
    picture = storage.put(b"her grandmother", "image/jpeg")
    photo = Photo.objects.create(
        title="Grandmother", origin="visitor", state="ready", original=picture, created_by=user
    )
    job = Job.objects.create(kind="pipeline.restore", state="succeeded", created_by=user)
    row = Restoration.objects.create(photo=photo, owner=user, job=job)
    made = Rendition.objects.create(
        photo=photo, kind="inpainted", recipe="r", width=1, height=1,
        image=storage.put(b"mended", "image/png"),
    )  # fmt: skip
    row.renditions.add(made)
    lab = Photo.objects.create(title="Of the lab", state="ready")
    Preference.objects.create(user=user, time_zone="Europe/Prague")
    Album.objects.create(name="Meyer", owner=user).painters.add(user)
    assignment = Assignment.objects.create(
        photo=lab, assessor=user, purpose="honeypot", lease_until="2999-01-01T00:00Z"
    )
    mask = DefectMask.objects.create(photo=lab, author=user, assignment=assignment)
    review = Review.objects.create(
        mask=mask, reviewer=user, verdict="accepted", revision=1, comment="good"
    )
    MarkAnswer.objects.create(review=review, mark=0, author=user, text="it is a button")
    ApiToken.objects.make(user=user, name="backup", scopes=[])
    Webhook.objects.create(owner=user, url="https://novakova.example/hook")
    Upload.objects.create(owner=user, length=5, name="half.png", expires_at="2999-01-01T00:00Z")
    study = Study.objects.create(number=1, stage="inpainting", question="?")
    Ballot.objects.create(study=study, voter=user, photo=lab, slots=[7, 8], kind="gold")
    ColourCheck.objects.create(study=study, user=user, passed=False)
    AccessAttempt.objects.create(username=NAME, ip_address="192.0.2.1", failures_since_start=1)
    LogEntry.objects.create(
        user=admin, content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk),
        object_repr=NAME, action_flag=2,
    )  # fmt: skip
    AuditEvent.objects.create(
        person=user.pk, name="as it was", method="POST", route="x", status=200
    )
    return user


def words():
    rows = (row for model in apps.get_models(include_auto_created=True) for row in model._base_manager.values())  # fmt: skip
    return " ".join(repr(row) for row in rows).lower()


def test_she_takes_home_every_row_and_picture_of_hers(zdenka):
    client = Client()
    client.force_login(zdenka)
    page = client.get("/account/data/").content.decode()
    assert "Restoration" in page and "Your data" in page
    answer = client.post("/account/data/take/", {"form": "zip"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    rows = json.loads(archive.read("data.json"))
    missing = {key.rpartition(".")[0] for key in keys()} - rows.keys()
    assert missing <= {
        "photos.Erasure", "annotate.Import", "training.DatasetSnapshot", "training.TrainingRun", "training.Promotion",
        "pipeline.Exhibit", "evaluation.Study", "evaluation.Peek", "evaluation.Conflict", "evaluation.Override",
        "evaluation.Rival", "evaluation.Guest", "training.Evaluation", "training.PromotionRequest", "pipeline.Order",
        "training.GraphFile",
        "auth.User_user_permissions", "admin.LogEntry", "accounts.OneUseLink", "accounts.RecoveryCode",
        "accounts.Identity", "accounts.Notice", "accounts.MailChoice", "accounts.Letter", "otp_totp.TOTPDevice",
    }  # fmt: skip
    files = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()[1:]}
    assert files == {"original.jpg": b"her grandmother", "inpainted.png": b"mended"}
    assert rows["auth.User"][0]["email"] == "z@novakova.example"
    assert json.loads(client.post("/account/data/take/", {"form": "json"}).content) == rows
    assert counts_of(zdenka) == {name: len(kept) for name, kept in rows.items()}


def test_nobody_takes_home_secrets_or_what_spoils_a_vote_or_a_test(zdenka):
    said = as_json(zdenka)
    row = ApiToken.objects.get()
    assert row.digest not in said and zdenka.password not in said
    assert "gold" not in said and "honeypot" not in said and "slots" not in said
    assert Webhook.objects.get().salt not in said


def test_nobody_takes_home_what_is_anothers(zdenka, stranger):
    said = as_json(stranger)
    assert NAME not in said and "Grandmother" not in said
    assert rows_of(stranger).keys() <= {"auth.User", "auth.User_groups"}
    client = Client()
    assert client.post("/account/data/take/").status_code == 302  # to the sign-in page


def test_too_much_for_one_file_is_said(zdenka, monkeypatch):
    monkeypatch.setattr("accounts.personal.taking_home.MOST_BYTES", 3)
    client = Client()
    client.force_login(zdenka)
    answer = client.post("/account/data/take/", {"form": "zip"}, follow=True)
    assert "too much for one file" in answer.content.decode()


def test_a_forgotten_person_is_nowhere(zdenka, admin, capsys):
    client, other = Client(), Client()
    client.force_login(zdenka)
    other.force_login(admin)
    call_command("forget_person", NAME, "--with-photographs")
    zdenka.refresh_from_db()
    assert list(left_of(zdenka)) == []
    said = words()
    for trace in ("zdenka", "novakova", "grandmother", "192.0.2.1", "half.png"):
        assert trace not in said, trace
    assert not Blob.objects.exists()
    assert client.get("/account/data/").status_code == 302
    assert other.get("/account/data/").status_code == 200
    assert DefectMask.objects.get().author == zdenka and Ballot.objects.get().voter == zdenka
    assert not ColourCheck.objects.exists() and not zdenka.groups.exists()
    capsys.readouterr()
    call_command("forget_person", zdenka.username, "--check")
    assert "nothing says who" in capsys.readouterr().out


def test_photographs_stay_unless_they_are_to_go(zdenka):
    assert forget_person(zdenka) == 0
    row = Restoration.objects.get()
    assert row.owner is None and row.photo.created_by is None and row.photo.state == "ready"


@pytest.mark.parametrize("left", ["token", "email", "webhook", "group", "active"])
def test_the_proof_finds_what_is_left_of_a_person(zdenka, left):
    forget_person(zdenka)
    if left == "token":
        ApiToken.objects.make(user=zdenka, name="x", scopes=[])
    elif left == "webhook":
        Webhook.objects.create(owner=zdenka, url="https://x.example")
    elif left == "group":
        zdenka.groups.add(Group.objects.get_or_create(name="voter")[0])
    else:
        User.objects.filter(pk=zdenka.pk).update(
            **({"email": "z@x"} if left == "email" else {"is_active": True})
        )
    with pytest.raises(CommandError, match="Still there"):
        call_command("forget_person", zdenka.username, "--check")


def test_the_last_admin_is_not_forgotten(admin):
    with pytest.raises(Refused, match="last admin"):
        forget_person(admin)
    with pytest.raises(CommandError, match="no account"):
        call_command("forget_person", "nobody at all")


def test_a_study_that_shows_her_photograph_keeps_all_as_it_was(zdenka):
    study = Study.objects.get()
    study.photos.add(Photo.objects.get(title="Grandmother"))
    Study.objects.update(state="open")
    with pytest.raises(CommandError, match="close it first"):
        call_command("forget_person", NAME, "--with-photographs")
    assert User.objects.get(username=NAME).is_active and ApiToken.objects.exists()


def test_the_command_writes_a_file_once(zdenka, tmp_path, capsys):
    file = tmp_path / "zdenka.zip"
    call_command("take_home", NAME, str(file))
    assert "data.json" in zipfile.ZipFile(file).namelist()
    with pytest.raises(CommandError, match="exists"):
        call_command("take_home", NAME, str(file))
