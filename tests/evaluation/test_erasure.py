"""A person's photograph is erased: nothing is left in any room, and a command proves it."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from annotate import services as annotate
from config.errors import Refused
from evaluation import services
from evaluation.models import BlindCopy
from evaluation.services import votes
from evaluation.services.erasure import MAY_STAY, remains
from jobs.models import Job, JobLine
from photos import erasure, storage
from photos.models import Blob, Erasure, Photo
from pipeline import services as pipeline
from pipeline.models import Rendition, Restoration
from tests.pipeline.builders import upload, version_of
from tests.pipeline.conftest import weights_folder  # noqa: F401
from tests.pipeline.engine.tiny import ARGUMENTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def restored(weights_folder, run_jobs):  # noqa: F811
    from tests.pipeline.builders import promote

    for stage in ARGUMENTS:
        promote(version_of(weights_folder, stage))
    import io

    row = pipeline.restore_later(file=io.BytesIO(upload()), name="Ida Walnut 1912.png")
    run_jobs()
    return Restoration.objects.get(pk=row.pk)


def pixels_of(photo):
    names = [f.name for f in Photo._meta.fields if f.related_model is Blob]
    return {getattr(photo, f"{name}_id") for name in names} - {None}


def words():
    """Every text of every row, as a thief would look for a name."""
    rows = (row for model in apps.get_models() for row in model._base_manager.values())
    return " ".join(repr(row) for row in rows)


def test_an_erased_restoration_leaves_no_file_row_or_name(restored, capsys):
    photo = restored.photo
    files = pixels_of(photo) | set(Rendition.objects.values_list("image", flat=True))
    JobLine.objects.create(job=restored.job, text="could not read Ida Walnut 1912.png")
    assert len(files) > 5 and "Ida Walnut" in words()
    call_command("erase_photo", restored.token, "--because", "her granddaughter asked")
    assert f"nothing is left of {photo.pk}" in capsys.readouterr().out
    assert not Blob.objects.filter(pk__in=files).exists()
    assert not any(storage.default_storage.exists(storage.key_of(digest)) for digest in files)
    assert not Rendition.objects.exists() and not Restoration.objects.exists()
    assert "Ida Walnut" not in words()
    assert Erasure.objects.get().because == "her granddaughter asked"


@pytest.mark.parametrize("plant", ["row", "file", "folder"])
def test_the_proof_finds_what_is_left(plant, restored, settings):
    erasure.erase_photo(photo=restored.photo)
    photo = Photo.objects.get()
    digest = Erasure.objects.get().digests[0]
    if plant == "row":
        Restoration.objects.create(photo=photo)
    elif plant == "file":
        storage.default_storage.save(storage.key_of(digest), __import__("io").BytesIO(b"x"))
    else:
        copy = Path(settings.RUNS_ROOT) / "r" / "images" / f"{digest}.png"
        copy.parent.mkdir(parents=True)
        copy.touch()
    try:
        with pytest.raises(CommandError, match="Still there"):
            call_command("erase_photo", str(photo.pk), "--check")
    finally:
        for path in Path(settings.RUNS_ROOT).rglob(f"*{digest}*"):
            path.unlink()


def test_a_worker_that_still_works_on_it_leaves_nothing(restored, monkeypatch):
    """The photo goes while the results are made."""
    from pipeline.services import render_plan
    from pipeline.services.rendering import keeping

    plan = render_plan.plan_for(restored.photo)
    erasure.erase_photo(photo=restored.photo)
    with pytest.raises(Refused, match="was erased"):
        keeping.keep_rendition(plan, "inpainted", {}, {})
    with pytest.raises(Refused, match="was erased"):
        annotate.save_suggestion(
            photo=plan.photo, weights="w", threshold=0.5, probability_png=blobs_png(plan.photo)
        )


def blobs_png(photo):
    import numpy as np

    from photos.decoding import scans

    return scans.write_png(np.zeros((photo.height, photo.width), np.uint8))


def test_a_photo_in_an_open_study_waits_for_its_end(study, voter, admin):
    photo = study.photos.first()
    with pytest.raises(Refused, match="close it first"):
        erasure.erase_photo(photo=photo)
    photo.refresh_from_db()
    assert photo.state == Photo.State.READY
    ballot = votes.next_ballot(study=study, voter=voter)
    votes.cast_vote(ballot=ballot, voter=voter, outcome="left")
    services.close_study(study=study, by=admin)
    files = set(BlindCopy.objects.filter(photo=photo).values_list("image", flat=True))
    erasure.erase_photo(photo=photo, erased_by=admin)
    assert files and not Blob.objects.filter(pk__in=files).exists()
    assert list(remains(photo)) == [] and study.votes.count() == 1


def test_a_photo_in_a_draft_study_leaves_it(draft):
    photo = draft.photos.first()
    erasure.erase_photo(photo=photo)
    assert photo not in draft.photos.all()


def test_what_may_stay_holds_no_text_or_picture_of_the_photo():
    assert {"SnapshotItem", "Ballot", "BlindCopy", "Study_photos", "Erasure"} == MAY_STAY
    assert not Job.objects.exists()
