"""A mask that its owner corrected: taken, checked, used instead of the network's."""

import numpy as np
import pytest

from photos.decoding import scans
from photos.masks.tiles import encode_tiles, split_tiles
from pipeline.imageio import encode
from pipeline.models import Restoration
from pipeline.services import corrections
from pipeline.services.adjusting import tones
from tests.pipeline.builders import accepted_mask
from tests.pipeline.test_feedback import corrected, marked

pytestmark = pytest.mark.django_db


def send(client, row, pixels):
    body = encode_tiles(split_tiles(pixels))
    address = f"/restore/{row.token}/mask/save/"
    return client.post(address, body, content_type="application/octet-stream")


def mask_of(row):
    return encode.mask_bits(scans.read_working(row.mask.image))


def test_the_corrected_mask_is_the_one_that_is_filled(client, done, run_jobs):
    answer = send(client, done, marked(bits=4))
    assert answer.status_code == 201
    run_jobs()
    row = Restoration.objects.exclude(pk=done.pk).get()
    assert answer.json() == {"page": row.get_absolute_url()}
    np.testing.assert_array_equal(mask_of(row), marked(bits=4))
    assert "as you marked it" in client.get(row.get_absolute_url()).content.decode()


def test_what_is_made_with_it_is_named_by_what_differs(client, done, run_jobs):
    toned = tones.tone_later(corrected(done, run_jobs), 0.4, keep_sepia=False)
    text = client.get(toned.get_absolute_url()).content.decode()
    assert "2: your mask" in text
    assert "3: tones 0.40" in text


def test_it_overrides_a_reviewed_mask_too(done, run_jobs):
    accepted_mask(done.photo)
    row = corrected(done, run_jobs)
    np.testing.assert_array_equal(mask_of(row), marked())
    assert row.mask.human_mask is None


def test_the_same_mask_twice_is_computed_once(done, run_jobs):
    first, second = corrected(done, run_jobs), corrected(done, run_jobs)
    assert set(first.renditions.all()) == set(second.renditions.all())


def test_the_choices_of_the_earlier_version_stay(done, run_jobs):
    done.settings = {**done.settings, "strength": 0.3, "careful": True, "grain": False}
    done.save()
    assert corrected(done, run_jobs).chosen == done.chosen


def test_an_empty_mask_leaves_the_photo_as_it_is(done, run_jobs):
    row = corrected(done, run_jobs, np.zeros((70, 50), np.uint8))
    filled = scans.read_working(row.results[0].image)
    np.testing.assert_array_equal(filled, scans.read_working(row.photo.working))


@pytest.mark.parametrize(
    ("pixels", "said"),
    [(marked(bits=128), "nothing else"), (marked((300, 300)), "the photo only 1")],
)
def test_what_is_no_mask_of_the_photo_is_refused(client, done, pixels, said):
    if said != "nothing else":
        pixels[:] = 1
    answer = send(client, done, pixels)
    assert answer.status_code == 400
    assert said in answer.json()["reason"]


def test_a_body_of_any_length_is_refused(client, done):
    answer = client.post(
        f"/restore/{done.token}/mask/save/", b"x" * 200_000, content_type="application/octet-stream"
    )
    assert answer.status_code == 413


def test_an_unfinished_restoration_has_no_mask_to_correct(client, production):
    from pipeline.services import restore_later
    from tests.pipeline.builders import ready_photo

    row = restore_later(photo=ready_photo(origin="visitor"))
    assert client.get(f"/restore/{row.token}/mask/").status_code == 409
    assert send(client, row, marked()).status_code == 409


def test_the_fingerprint_does_not_depend_on_the_compression(done):
    import zlib

    body = encode_tiles(split_tiles(marked()))
    raw = zlib.decompress(body[8:], -15)
    deflate = zlib.compressobj(0, zlib.DEFLATED, -15)
    again = body[:8] + deflate.compress(raw) + deflate.flush()
    assert again != body
    assert corrections.keep(done.photo, again).digest == corrections.keep(done.photo, body).digest
