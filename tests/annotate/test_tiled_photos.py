"""Photos over 40 megapixels come in tiles as well."""

import io
import zipfile

import numpy as np
import pytest
import pyvips
from django.urls import reverse
from PIL import Image

from photos import erasure, storage
from photos.decoding import child
from photos.models import Blob
from tests.annotate.builders import picture, ready_photo


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """The tiles of a photo of 1100 x 700 pixels, as the decoder leaves them."""
    monkeypatch.setattr(child, "TILED_MEGAPIXELS", 0.5)
    image = pyvips.Image.new_from_array(picture(1100, 700))
    facts = child.write_all(image, tmp_path, {})
    assert facts["has_tiles"]
    return (tmp_path / "tiles.zip").read_bytes()


def test_small_photos_have_none(tmp_path):
    image = pyvips.Image.new_from_array(picture(400, 300))
    assert not child.write_all(image, tmp_path, {})["has_tiles"]
    assert not (tmp_path / "tiles.zip").exists()


def test_the_deepest_level_is_the_photo_and_the_first_one_tile(archive):
    names = zipfile.ZipFile(io.BytesIO(archive)).namelist()
    levels = {}
    for name in (name for name in names if name.endswith(".jpg")):
        levels.setdefault(name.split("/")[-2], []).append(name)
    assert {level: len(tiles) for level, tiles in levels.items()} == {"0": 1, "1": 2, "2": 6}


@pytest.mark.django_db
def test_a_tile_shows_its_part_of_the_photo(archive, client, assessor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    photo = ready_photo(1100, 700, tiles=storage.put(archive, "application/zip"))
    client.force_login(assessor)
    answer = client.get(reverse("annotate_tile", args=[photo.pk, 2, 1, 1]))
    shown = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"), int)
    assert shown.shape == (188, 512, 3)
    assert np.abs(shown - picture(1100, 700)[512:, 512:1024]).mean() < 4
    again = client.get(
        reverse("annotate_tile", args=[photo.pk, 2, 1, 1]), HTTP_IF_NONE_MATCH=answer["ETag"]
    )
    assert again.status_code == 304


@pytest.mark.django_db
def test_a_tile_that_is_none(archive, client, assessor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    photo = ready_photo(1100, 700, tiles=storage.put(archive, "application/zip"))
    other = ready_photo()
    client.force_login(assessor)
    for pk, level in ((photo.pk, 9), (other.pk, 0)):
        assert client.get(reverse("annotate_tile", args=[pk, level, 0, 0])).status_code == 404


@pytest.mark.django_db
def test_erasing_a_photo_takes_its_tiles_along(archive, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    photo = ready_photo(1100, 700, tiles=storage.put(archive, "application/zip"))
    digest = photo.tiles_id
    erasure.erase_photo(photo=photo)
    assert not Blob.objects.filter(pk=digest).exists()
