"""Files by their hash: stored once, never lost while used, swept when orphaned."""

import hashlib
import io
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import InMemoryStorage
from django.db.models.functions import Now

from config.errors import Refused
from photos import storage as blobs
from photos.models import Blob
from tests.annotate.builders import ready_photo

pytestmark = [pytest.mark.django_db, pytest.mark.services]
S3 = os.environ.get("TEST_S3_URL")
NO_S3 = pytest.mark.skipif(not S3, reason="no TEST_S3_URL")


@pytest.fixture(params=["folder", "remote", pytest.param("s3", marks=NO_S3)])
def storage(request, monkeypatch):
    """The folder, a storage that has no paths, and S3 itself."""
    made = {"remote": InMemoryStorage, "s3": s3_storage}.get(request.param)
    if made is not None:
        monkeypatch.setattr(blobs, "default_storage", made())
    return blobs.default_storage


def s3_storage():
    from storages.backends.s3 import S3Storage

    made = S3Storage(
        bucket_name="heirloom", endpoint_url=S3, region_name="us-east-1", access_key="a key",
        secret_key="a secret", file_overwrite=True,
    )  # fmt: skip
    made.connection.meta.client.create_bucket(Bucket="heirloom")
    return made


def age(**of):
    Blob.objects.update(created_at=Now() - timedelta(**of))


def test_what_is_put_is_read_back_under_its_hash(storage):
    blob = blobs.put(io.BytesIO(b"grandmother" * 300_000), "text/plain")
    assert blob.digest == hashlib.sha256(b"grandmother" * 300_000).hexdigest()
    assert (blob.size, blobs.read(blob)) == (3_300_000, b"grandmother" * 300_000)
    assert storage.exists(f"{blob.digest[:2]}/{blob.digest}")


def test_bytes_files_and_paths_are_the_same_to_it(storage, tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    kinds = [b"x", io.BytesIO(b"x"), tmp_path / "a"]
    assert len({blobs.put(kind, "text/plain").pk for kind in kinds}) == 1
    assert Blob.objects.count() == 1


def test_nothing_is_left_of_a_file_over_the_limit(storage, settings):
    with pytest.raises(Refused, match="more than 1 MB, which is the limit"):
        blobs.put(io.BytesIO(bytes(1_000_001)), "text/plain", limit=1_000_000)
    assert not Blob.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("incoming/*"))


def test_another_process_gets_a_path(storage):
    with blobs.local_file(blobs.put(b"abc", "text/plain")) as path:
        assert path.read_bytes() == b"abc"


def test_the_sweep_takes_only_old_orphans(storage):
    kept = ready_photo().working
    orphan = blobs.put(b"orphan", "text/plain")
    assert blobs.sweep() == 0
    age(days=2)
    assert blobs.sweep() == 1
    assert not storage.exists(blobs.key_of(orphan.digest))
    assert blobs.read(kept)


def test_a_blob_that_is_put_again_is_young_again(storage):
    blobs.put(b"x", "text/plain")
    age(days=2)
    blobs.put(b"x", "text/plain")
    assert blobs.sweep() == 0


def test_a_lost_file_comes_back_when_it_is_put_again(storage):
    blob = blobs.put(b"x", "text/plain")
    storage.delete(blobs.key_of(blob.digest))
    assert blobs.read(blobs.put(b"x", "text/plain")) == b"x"


def test_erasing_spares_what_another_row_uses(storage):
    photo = ready_photo()
    orphan = blobs.put(b"x", "text/plain")
    assert not blobs.erase(photo.working)
    assert blobs.erase(orphan)
    assert not Blob.objects.filter(pk=orphan.pk).exists()


def test_every_reference_in_every_room_counts():
    names = {
        relation.related_model.__name__
        for relation in Blob._meta.get_fields(include_hidden=True)
        if relation.one_to_many
    }
    assert {
        "Photo",
        "DefectMask",
        "StrokeDelta",
        "Suggestion",
        "ModelVersion",
        "Rendition",
    } <= names


def test_files_are_for_the_owner_alone():
    blob = blobs.put(b"x", "text/plain")
    with blobs.local_file(blob) as path:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
