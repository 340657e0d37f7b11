"""A mask file on the page *Correct the mask*: read beside the site, at an exact scale, or refused."""

import io

import numpy as np
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from photos.masks.tiles import assemble, read_packed
from pipeline.imageio import encode
from pipeline.services import mask_files
from tests.pipeline.builders import ready_photo, upload
from tests.pipeline.test_feedback import marked

pytestmark = pytest.mark.django_db
WHITE = np.where(marked() > 0, np.uint8(255), np.uint8(0))  # 50 x 70, as the photo


@pytest.fixture(autouse=True)
def no_counts():
    """Other tests have sent files in this minute too."""
    cache.clear()


def file_of(pixels, kind="PNG", mode=None, **options):
    out = io.BytesIO()
    image = Image.fromarray(pixels)
    (image.convert(mode) if mode else image).save(out, kind, **options)
    return out.getvalue()


def send(client, row, data, name="mask.png", **form):
    form |= {} if data is None else {"mask": SimpleUploadedFile(name, data)}
    return client.post(f"/restore/{row.token}/mask/file/", form)


def mask_in(answer):
    assert answer.status_code == 200, answer.content
    return assemble(read_packed(answer.content, width=50, height=70), width=50, height=70)


@pytest.mark.parametrize(
    "data",
    [
        file_of(WHITE),
        file_of(WHITE, mode="1"),
        file_of(WHITE, mode="RGB"),
        file_of(WHITE, "TIFF", compression="tiff_lzw"),
        file_of(WHITE, "WEBP", lossless=True),
        file_of(WHITE, "WEBP", quality=95),
        file_of(np.dstack([np.full((70, 50, 3), 9, np.uint8), WHITE])),
        file_of(WHITE.astype(np.uint16) * 257),
    ],
    ids=["grey", "one bit", "rgb", "tiff", "lossless webp", "webp", "alpha", "16 bits"],
)
def test_white_is_damage_of_the_class_in_hand(client, done, data):
    answer = send(client, done, data, **{"class": "hole"})
    np.testing.assert_array_equal(mask_in(answer), marked(bits=4))


@pytest.mark.parametrize("of", [lambda bits: bits, encode.mask_plane])
def test_the_products_own_masks_keep_their_classes(client, done, of):
    bits = marked(bits=2)
    bits[40:44, 5:9] = 5
    answer = send(client, done, file_of(of(bits)))
    np.testing.assert_array_equal(mask_in(answer), bits)
    assert answer["Mask-Said"] == "Its classes were kept."


@pytest.mark.parametrize(("factor", "word"), [(2, "reduced 2 times"), (0.5, "enlarged 2 times")])
def test_an_exact_scale_is_taken_and_told(client, done, factor, word):
    small = np.zeros((35, 25), np.uint8)
    small[5:7, 3:20] = 255
    big = small.repeat(2, 0).repeat(2, 1)
    data = file_of(small if factor < 1 else big.repeat(2, 0).repeat(2, 1))
    answer = send(client, done, data)
    np.testing.assert_array_equal(mask_in(answer) > 0, big > 0)
    assert word in answer["Mask-Said"]


def test_soft_edges_are_cut_and_told(client, done):
    soft = WHITE.copy()
    soft[9, 5:40], soft[14, 5:40] = 100, 200
    answer = send(client, done, file_of(soft))
    assert mask_in(answer)[14, 5:40].all()
    assert not mask_in(answer)[9].any()
    assert "from 128" in answer["Mask-Said"]


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (None, 400, "Choose the file"),
        (b"", 400, "is empty"),
        (b"GIF89a and more bytes", 415, "PNG, TIFF or WebP"),
        (upload(kind="JPEG"), 415, "JPEG"),
        (file_of(WHITE)[:60], 400, "damaged or cut off"),
        (file_of(np.zeros((70, 51), np.uint8)), 400, "51 x 70 pixels, the photo 50 x 70"),
        (file_of(np.zeros((100, 75), np.uint8)), 400, "75 x 100 pixels, the photo 50 x 70"),
        (file_of(np.linspace(0, 255, 3500).reshape(70, 50).astype(np.uint8)), 400, "% of the file"),
        (upload(), 400, "has colours"),
    ],
    ids=["none", "empty", "gif", "jpeg", "cut off", "wider", "other", "ramp", "colours"],
)
def test_a_refusal_names_field_and_reason(client, done, data, status, said):
    answer = send(client, done, data)
    assert answer.status_code == status, answer.content
    assert answer.json()["field"] == "mask"
    assert said in answer.json()["reason"]


def test_an_animation_and_a_wrong_class_are_refused(client, done):
    out = io.BytesIO()
    frames = [Image.fromarray(WHITE), Image.fromarray(255 - WHITE)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    assert "2 pictures" in send(client, done, out.getvalue()).json()["reason"]
    answer = send(client, done, file_of(WHITE), **{"class": "ignore"})
    assert answer.status_code == 400
    assert "fracture, scuff and hole" in answer.json()["reason"]


def test_too_many_bytes_or_pixels_are_refused(client, done, monkeypatch, settings):
    settings.SCAN_MAX_MEGAPIXELS = 0.001
    assert "0.001 megapixels" in send(client, done, file_of(WHITE)).json()["reason"]
    monkeypatch.setattr(mask_files, "MAX_BYTES", 100)
    answer = send(client, done, file_of(WHITE))
    assert answer.status_code == 413
    assert "at most" in answer.json()["reason"]


def test_without_a_mask_there_is_nothing_to_replace(client, production):
    from pipeline.services import restore_later

    row = restore_later(photo=ready_photo(origin="visitor"))
    assert send(client, row, file_of(WHITE)).status_code == 409


def test_too_many_files_in_a_minute_are_refused(client, done, monkeypatch):
    from pipeline.services.uploads.throttles import MaskFileThrottle

    monkeypatch.setattr(MaskFileThrottle, "rate", "1/minute", raising=False)
    assert send(client, done, file_of(WHITE)).status_code == 200
    answer = send(client, done, file_of(WHITE))
    assert (answer.status_code, answer.json()["field"]) == (429, "mask")
