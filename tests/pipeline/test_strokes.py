"""A stroke on a mask under correction is filled for a look: around it, quickly, and forgotten."""

from datetime import timedelta

import numpy as np
import pytest
from django.db.models.functions import Now

from jobs.models import Job, State
from photos.decoding import scans
from photos.masks.classes import IGNORE
from photos.masks.tiles import encode_tiles, split_tiles
from photos.models import Blob
from pipeline import services
from pipeline.models import Restoration, Stroke
from pipeline.services import strokes
from tests.pipeline.test_feedback import marked

pytestmark = pytest.mark.django_db
REGION = np.s_[5:20, 2:45]


def around(pixels, region=REGION):
    """A body: what is marked, and where it is to be filled."""
    pixels = pixels.copy()
    pixels[region] |= IGNORE
    return encode_tiles(split_tiles(pixels))


def send(client, row, body):
    address = f"/restore/{row.token}/mask/stroke/"
    return client.post(address, body, content_type="application/octet-stream")


def picture(response):
    import pyvips

    data = b"".join(response.streaming_content)
    return pyvips.Image.pngload_buffer(data).numpy()


def test_a_stroke_is_filled_and_nothing_else_of_its_box(client, done, run_jobs):
    answer = send(client, done, around(marked()))
    assert answer.status_code == 202
    address = answer.json()["filled"]
    assert client.get(address).status_code == 202
    assert Job.objects.get(stroke__isnull=False).kind == "pipeline.stroke"
    run_jobs()
    filled = client.get(address)
    assert filled.status_code == 200
    assert filled["Fill-Box"] == "2,5,43,15"
    assert filled["Fill-Reduced"] == "1"
    pixels = picture(filled)
    assert pixels.shape == (15, 43, 4)
    before = scans.read_working(done.photo.working)[REGION]
    clear = pixels[..., 3] == 0
    np.testing.assert_array_equal(pixels[clear][:, :3], before[clear])
    assert (pixels[5:9, 3:38, 3] == 255).all()
    assert (pixels[5:9, 3:38, :3] != before[5:9, 3:38]).any()


def test_it_is_what_the_restoration_will_show(client, done, run_jobs):
    from tests.pipeline.test_feedback import corrected

    address = send(client, done, around(marked())).json()["filled"]
    run_jobs()
    pixels = picture(client.get(address))
    made = scans.read_working(corrected(done, run_jobs).results[0].image)[REGION]
    shown = pixels[..., 3] == 255
    near = np.abs(pixels[shown][:, :3].astype(int) - made[shown]).mean()
    assert near < 4  # the grain falls otherwise: its noise begins at the window's corner


def test_what_is_marked_outside_the_region_stays_as_it_is(client, done, run_jobs):
    both = marked()
    both[50:54, 5:40] = 4
    address = send(client, done, around(both)).json()["filled"]
    run_jobs()
    assert client.get(address)["Fill-Box"] == "2,5,43,15"


@pytest.mark.parametrize(
    ("side", "width", "step"), [(1000, 6, 1), (1000, 7, 2), (2000, 1, 2), (2000, 30, 4)]
)
def test_what_is_large_is_filled_on_a_smaller_copy(side, width, step):
    marks = np.zeros((side, side), np.uint8)
    marks[:width, :1000] = 1
    assert strokes.reduction(marks) == step


def test_on_a_smaller_copy_thin_marks_stay_and_the_size_is_the_photos():
    image = np.full((201, 301), 90, np.uint16) * 257
    marks = np.zeros(image.shape, np.uint8)
    marks[100, 7:280] = 2

    def fill(small, few):
        assert small.shape == few.shape == (51, 76)
        assert few.any(axis=0)[2:70].all()
        return np.where(few > 0, np.uint16(250 * 257), small)

    pixels, changed = strokes._filled(image, marks, 4, fill)
    assert pixels.shape == (201, 301, 3)
    assert changed[100, 7:280].all()
    assert not changed[:90].any()
    assert (pixels[100, 20:270] > 150).all()
    assert (pixels[50] == 90).all()


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 400, "HMT1"),
        (encode_tiles(split_tiles(marked())), 400, "nowhere"),
        (b"x" * 300_000, 413, "more than its photograph allows"),
    ],
)
def test_what_is_no_stroke_is_refused(client, done, body, status, said):
    answer = send(client, done, body)
    assert answer.status_code == status
    assert answer.json()["field"] == "strokes"
    assert said in answer.json()["reason"]
    assert not Stroke.objects.exists()


def test_before_there_is_a_mask_nothing_is_filled(client, production):
    from tests.pipeline.builders import ready_photo

    row = services.restore_later(photo=ready_photo(origin="visitor"))
    assert send(client, row, around(marked())).status_code == 409


def test_a_failure_is_told_in_its_sentence(client, done, run_jobs):
    address = send(client, done, around(marked())).json()["filled"]
    Job.objects.filter(stroke__isnull=False).update(
        state=State.FAILED, error="It is too dark here."
    )
    answer = client.get(address)
    assert (answer.status_code, answer.json()["reason"]) == (409, "It is too dark here.")


def test_a_stroke_belongs_to_its_restoration(client, done, run_jobs):
    address = send(client, done, around(marked())).json()["filled"]
    other = Restoration.objects.create(photo=done.photo)
    assert client.get(address.replace(done.token, other.token)).status_code == 404


@pytest.mark.parametrize("ran", [True, False])
def test_it_is_erased_with_the_photo(client, done, run_jobs, ran):
    send(client, done, around(marked()))
    if ran:
        run_jobs()
    digests = Stroke.objects.all().files()
    assert len(digests) == (2 if ran else 1)
    job = Job.objects.get(stroke__isnull=False)
    services.erase(done)
    assert not Stroke.objects.exists()
    assert not Blob.objects.filter(pk__in=digests).exists()
    job.refresh_from_db()
    assert job.state == (State.SUCCEEDED if ran else State.CANCELLED)
    run_jobs()


def test_it_goes_with_one_of_several_versions(client, done, run_jobs):
    services.restore_differently_later(done, strength=0.6)
    send(client, done, around(marked()))
    run_jobs()
    digests = Stroke.objects.all().files()
    services.erase(done)
    assert Restoration.objects.count() == 1
    assert not Blob.objects.filter(pk__in=digests).exists()


def test_an_hour_later_it_is_gone(client, done, run_jobs):
    send(client, done, around(marked()))
    run_jobs()
    digests = Stroke.objects.all().files()
    strokes.sweep()
    assert Stroke.objects.exists()
    Stroke.objects.update(created_at=Now() - timedelta(minutes=61))
    strokes.sweep()
    assert not Stroke.objects.exists()
    assert not Job.objects.filter(kind="pipeline.stroke").exists()
    assert not Blob.objects.filter(pk__in=digests).exists()
