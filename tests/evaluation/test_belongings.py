"""Every file, JSON and text that leads to a photo: filled with marks, erased, and looked for.

The rows are made from the models themselves, so a field of tomorrow is in this test from its first
day: it fails until the erasure reaches the field or `photos.belongings` says why it may stay.
"""

import uuid
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as product
from django.db import connection, models

from annotate.models import Assignment, DefectMask
from annotate.services.owners import withdraw_leave
from config.env import VAR
from evaluation.services.erasure import MAY_STAY, remains
from jobs.models import Job, JobLine
from photos import backups, belongings, erasure, storage
from photos.models import Blob, Erasure, OfPhotoQuerySet, Photo
from pipeline.models import Restoration
from training.models import ModelVersion

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "mark of"


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.MEDIA_ROOT, settings.RUNS_ROOT = tmp_path / "media", tmp_path / "runs"


def value_of(field, made):
    """Something for a field to hold: its own mark where it can tell anything."""
    mark = f"{MARK} {belongings.label(field)}"
    if field.is_relation:
        if field.related_model is Blob:
            return storage.put(mark.encode(), "image/png")
        return made.get(field.related_model)
    if field in belongings.telling(field.model):
        if isinstance(field, models.JSONField):
            return [{"x": 3, "y": 4, "word": mark, "points": [[3, 4]]}]
        return mark[-field.max_length :] if field.max_length else mark
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.DateTimeField):
        return "2030-01-01T00:00Z"
    return 1


OWN = {  # what a model itself insists on
    "photos.Photo": {"state": "ready", "origin": "visitor", "page_of": None, "training_allowed": True},
    "evaluation.Study": {"state": "closed", "plan": {}, "decision": {}},
    "annotate.DefectMask": {"parent": None, "state": "draft", "origin": "visitor"},
    "annotate.Assignment": {"truth": None},
    "annotate.Import": {"report": {}, "options": {}},
    "pipeline.Restoration": {"earlier": None, "settings": {}},
    "evaluation.Ballot": {"repeats": None, "state": "cast"},
    "evaluation.Vote": {"supersedes": None},
}  # fmt: skip


def fill(model, made):
    """One row with every field filled; its keys lead to the rows made before."""
    if model._meta.auto_created:
        sides = {f.name: made[f.related_model] for f in model._meta.fields if f.is_relation}
        return model._default_manager.create(**sides)
    facts = {
        field.name: value_of(field, made)
        for field in model._meta.concrete_fields
        if not (field.primary_key and not isinstance(field, models.UUIDField))
    }
    row = model(**facts | OWN.get(model._meta.label, {}))
    row.save(force_insert=True)
    return row


@pytest.fixture
def world(admin):
    """A row of every model that leads to the photo, and of those that these insist on."""
    from annotate.models import Import
    from evaluation.models import Rival, Study
    from pipeline.models import Webhook
    from training.models import DatasetSnapshot

    made = {type(admin): admin}
    for model in (
        Job,
        ModelVersion,
        DatasetSnapshot,
        Study,
        Rival,
        Webhook,
        Import,
        *belongings.paths(),
    ):
        if model not in made and model is not Erasure:
            made[model] = fill(model, made)
    JobLine.objects.create(job=made[Job], text=f"{MARK} a line")
    Job.objects.update(params={"photo_id": str(made[Photo].pk)})
    return made


def marked():
    """Which field holds which mark, in all rows of all tables, and which files are there."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in belongings.telling(model):
            names = field.attname
            for value in model._base_manager.values_list(names, flat=True):
                if MARK in str(value):
                    found.add(belongings.label(field))
    for path in Path(product.MEDIA_ROOT).rglob("*"):
        if path.is_file() and MARK.encode() in path.read_bytes():
            found.add(path.read_bytes().decode())
    return found


def names_no_photo(field):
    """Rows that the photo's rows point at, and that were there before it."""
    return not field.startswith(
        (
            "annotate.Import.",  # a file of many; what it says of the photo: tests/annotate
            "training.ModelVersion",
            "training.DatasetSnapshot",
            "evaluation.Study.",
            "evaluation.Rival.",
            "pipeline.Webhook",
        )
    )


def test_an_erasure_reaches_every_field_or_says_why_not(world):
    photo = world[Photo]
    before = {label.removeprefix(f"{MARK} ") for label in marked()}
    assert len(before) > 60
    assert {"pipeline.Stroke.picture", "pipeline.TonedPicture.jpeg", "photos.Photo.tiles"} <= before
    erasure.erase_photo(photo=photo, because=f"{MARK} a reason")
    after = {label.removeprefix(f"{MARK} ") for label in marked()}
    left = set(filter(names_no_photo, after)) - belongings.STAYS.keys()
    assert not left - belongings.ANYWHERE.keys()
    assert list(remains(photo)) == []


@pytest.mark.parametrize("label", [
    "training.SnapshotItem.source", "training.SnapshotItem.colour_hints", "photos.Photo.note",
    "photos.Photo.infrared", "photos.Photo.reading",
])  # fmt: skip
def test_the_proof_finds_what_an_erasure_would_forget(world, label):
    """As if the line that empties the field had been left out."""
    photo = world[Photo]
    erasure.erase_photo(photo=photo)
    model = apps.get_model(label.rpartition(".")[0])
    field = model._meta.get_field(label.rpartition(".")[2])
    rows = model._base_manager.filter(**{belongings.paths()[model]: photo.pk})
    assert rows.update(**{field.name: value_of(field, {})}) == 1
    assert f"1 of {label}" in list(remains(photo))


def test_what_may_stay_is_there_and_has_a_reason():
    known = {
        belongings.label(field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
    }
    said = belongings.STAYS | belongings.ANYWHERE
    assert said.keys() <= known and all(len(reason) > 10 for reason in said.values())
    assert not {label for label in belongings.STAYS if "image" in label.rpartition(".")[2] and "digest" not in label}  # fmt: skip
    models_that_stay = {label.split(".")[1] for label in belongings.STAYS}
    assert models_that_stay <= MAY_STAY | {"Vote"}


def test_every_folder_of_the_product_is_declared():
    named = vars(import_module("config.settings"))
    paths = {name: value for name, value in named.items() if isinstance(value, Path)}
    inside = {name for name, path in paths.items() if name.isupper() and VAR in path.parents}
    assert inside == belongings.FOLDERS.keys()


def test_a_withdrawal_leaves_nothing_of_its_owner_to_others(world, reviewer):
    photo = world[Photo]
    Assignment.objects.update(state="open")
    withdraw_leave(photo=photo)
    photo.refresh_from_db()
    assert (photo.note, photo.marks) == ("", [])
    assert not DefectMask.objects.filter(origin="visitor").exists()
    for model, path in belongings.paths().items():
        rows = model._default_manager.filter(**{path: photo.pk})
        if isinstance(rows, OfPhotoQuerySet):
            assert not rows.visible_to(reviewer).exists(), model


OWNERS = {  # reached by a private link, or by no address at all
    "Restoration", "Rendition", "Answer", "Suggestion", "Erasure", "Ballot", "BlindCopy", "Study_photos",
    "Import_photos", "ImportLine", "RivalPicture",
}  # fmt: skip


def test_rows_of_a_photo_have_the_door_or_are_the_owners_own():
    """A new table of photos goes through `visible_to`, or is named here."""
    direct = {model for model, path in belongings.paths().items() if path == "photo"}
    doors = {model for model in direct if isinstance(model._default_manager.all(), OfPhotoQuerySet)}
    assert {model.__name__ for model in direct - doors} == OWNERS


def test_a_backup_brings_every_field_back_and_an_erasure_lasts(world, tmp_path, capsys):
    if connection.vendor != "sqlite":
        pytest.skip("tests/services restores on PostgreSQL")
    photo, before = world[Photo], marked()
    backups.make(tmp_path / "backup", say=lambda text: None)
    Restoration.objects.all().delete()
    backups.restore(tmp_path / "backup", overwrite=True, say=lambda text: None)
    assert marked() == before
    erasure.erase_photo(photo=Photo.objects.get(pk=photo.pk))
    backups.restore(tmp_path / "backup", overwrite=True, say=lambda text: None)
    assert list(remains(Photo.objects.get(pk=photo.pk))) == []
