"""A mask file over the REST API makes the next version, by the page's rules."""

import numpy as np
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from pipeline.services import corrections, mask_files, restore_later
from tests.pipeline.builders import ready_photo, upload
from tests.pipeline.test_feedback import marked
from tests.pipeline.test_mask_files import WHITE, file_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_counts():
    """Other tests have sent files in this minute too."""
    cache.clear()


def send(row, data=None, **form):
    form |= {} if data is None else {"mask": SimpleUploadedFile("mask.png", data)}
    address = f"/api/v1/restorations/{row.token}/mask/"
    return APIClient().post(address, form, format="multipart")


def corrected(row):
    return corrections.read(row.photo, corrections.of(row))


def test_the_next_version_is_repaired_by_the_file(done):
    answer = send(done, file_of(WHITE), defect="hole")
    assert answer.status_code == 201, answer.content
    made = type(done).objects.get(token=answer.json()["token"])
    assert made.pk != done.pk and answer["Location"] == answer.json()["url"]
    np.testing.assert_array_equal(corrected(made), marked(bits=4))


def test_masks_with_classes_keep_them_and_that_is_told(done):
    bits = marked(bits=2)
    bits[40:44, 5:9] = 5
    answer = send(done, file_of(bits))
    assert answer["Mask-Said"] == "Its classes were kept."
    made = type(done).objects.get(token=answer.json()["token"])
    np.testing.assert_array_equal(corrected(made), bits)


@pytest.mark.parametrize(
    ("data", "status", "field", "said"),
    [
        (None, 400, "mask", "No file was submitted"),
        (b"", 400, "mask", "is empty"),
        (file_of(WHITE)[:60], 400, "mask", "damaged or cut off"),
        (file_of(np.zeros((70, 51), np.uint8)), 400, "mask", "51 x 70 pixels, the photo 50 x 70"),
        (upload(kind="JPEG"), 415, "detail", "JPEG"),
    ],
    ids=["none", "empty", "cut off", "wider", "jpeg"],
)
def test_what_cannot_be_read_is_refused_as_on_the_page(done, data, status, field, said):
    answer = send(done, data)
    assert answer.status_code == status, answer.content
    assert said in str(answer.json()[field])


def test_a_wrong_class_and_too_many_bytes_are_refused(done, monkeypatch):
    answer = send(done, file_of(WHITE), defect="ignore")
    assert answer.status_code == 400 and "ignore" in str(answer.json()["defect"])
    monkeypatch.setattr(mask_files, "MAX_BYTES", 100)
    answer = send(done, file_of(WHITE))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_without_a_mask_there_is_nothing_to_replace(production):
    row = restore_later(photo=ready_photo(origin="visitor"))
    assert send(row, file_of(WHITE)).status_code == 409


def test_an_unknown_token_is_404_and_too_many_files_429(done, monkeypatch):
    from pipeline.services.uploads.throttles import MaskFileThrottle

    unknown = type(done)(token="nobody")
    assert send(unknown, file_of(WHITE)).status_code == 404
    monkeypatch.setattr(MaskFileThrottle, "rate", "1/minute", raising=False)
    cache.clear()
    assert send(done, file_of(WHITE)).status_code == 201
    assert send(done, file_of(WHITE)).status_code == 429
