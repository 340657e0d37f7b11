"""An album restored as a job, and taken out as one ZIP."""

import io
import zipfile

import pytest
from django.urls import reverse

from jobs.models import Job, Queue
from photos import storage
from photos.models import Album, Photo
from pipeline.models import Rendition, Restoration
from pipeline.services.rendering import albums

pytestmark = pytest.mark.django_db


@pytest.fixture
def album():
    for title in ("Oma", "Oma", "Opa"):
        Photo.objects.create(title=title, album="Meyer", state="ready", width=8, height=8)
    return Album.objects.create(name="Meyer")


def work_off(kind):
    from jobs.tasks import run

    for job in Job.objects.filter(kind=kind, state="queued"):
        run(str(job.pk))


def test_one_job_asks_for_every_photo_once(album, reviewer, sign_in, settings):
    settings.JOB_HEARTBEAT_SECONDS = 3600
    client = sign_in(reviewer)
    for _ in range(2):
        client.post(reverse("restore_album", args=[album.pk]))
    assert Job.objects.filter(kind__endswith="restore_album").count() == 1
    work_off("pipeline.restore_album")
    assert Restoration.objects.count() == 3
    queues = Job.objects.filter(kind="pipeline.restore").values_list("queue", flat=True)
    assert set(queues) == {Queue.MAINTENANCE}  # visitors come first
    assert client.post(reverse("restore_album", args=[album.pk])).status_code == 409


def test_what_was_dropped_in_a_moment_ago_is_restored_too(album, reviewer):
    """A restoration reads its photo, where that is left to do."""
    Photo.objects.filter(title="Oma").update(state=Photo.State.RECEIVED)
    Photo.objects.filter(title="Opa").update(state=Photo.State.REFUSED)
    found = albums.to_restore(album.photos(reviewer))
    assert {photo.title for photo in found} == {"Oma"} and found.count() == 2
    Photo.objects.update(state=Photo.State.REFUSED)
    assert "is restored or on its way" in albums.why_not(album.photos(reviewer))


def test_the_zip_has_a_folder_for_each_photo(album, reviewer, sign_in):
    client = sign_in(reviewer)
    assert client.get(reverse("album_zip", args=[album.pk])).status_code == 409
    for photo in Photo.objects.all():
        job = Job.objects.create(kind="pipeline.restore", state="succeeded")
        row = Restoration.objects.create(photo=photo, job=job)
        image = storage.put(f"mended {photo.pk}".encode(), "image/png")
        made = Rendition.objects.create(
            photo=photo, kind="inpainted", recipe="r", width=1, height=1, image=image
        )
        row.renditions.add(made)
    answer = client.get(reverse("album_zip", args=[album.pk]))
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    names = sorted(packed.namelist())
    folders = {name.partition("/")[0] for name in names}
    assert len(names) == len(folders) == 3  # two photos are called Oma
    assert [name.rpartition("/")[2] for name in names] == [
        "Oma.repaired.png", "Oma.repaired.png", "Opa.repaired.png",
    ]  # fmt: skip
    assert packed.read(names[0]).startswith(b"mended ")


def test_what_failed_is_asked_for_again(album, reviewer):
    photo = Photo.objects.first()
    failed = Job.objects.create(kind="pipeline.restore", state="failed")
    Restoration.objects.create(photo=photo, job=failed)
    assert albums.to_restore(album.photos(reviewer)).count() == 3
