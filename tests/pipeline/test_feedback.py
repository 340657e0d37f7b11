"""Feedback and leave: with it the labeller gets photo, words and mask; without it nothing moves."""

import json

import numpy as np
import pytest
from django.urls import reverse

from annotate import services as annotate
from annotate.models import DefectMask
from photos.masks.tiles import encode_tiles, split_tiles
from photos.models import Photo
from pipeline.models import Feedback, Restoration
from pipeline.services import corrections, feedback
from tests.pipeline.builders import ready_photo

pytestmark = pytest.mark.django_db


def marked(shape=(70, 50), bits=1):
    pixels = np.zeros(shape, np.uint8)
    pixels[10:14, 5:40] = bits
    return pixels


def corrected(done, run_jobs, pixels=None):
    body = encode_tiles(split_tiles(marked() if pixels is None else pixels))
    row = corrections.restore_corrected_later(done, body)
    run_jobs()
    return Restoration.objects.get(pk=row.pk)


def test_without_leave_nothing_is_copied(client, done):
    client.post(f"/restore/{done.token}/feedback/", {"reasons": ["missed"], "text": "her hand"})
    said = Feedback.objects.get()
    assert (said.note, said.restoration) == ("Damage was left. her hand", done)
    photo = Photo.objects.get(pk=done.photo_id)
    assert not photo.wants_mask
    assert not photo.training_allowed
    assert photo.note == ""
    page = client.get(done.get_absolute_url()).content.decode()
    assert "without the picture and without its title" in page


def test_with_leave_the_labeller_gets_words_marks_and_mask(client, done, run_jobs, assessor):
    row = corrected(done, run_jobs)
    form = {"reasons": ["face"], "marks": json.dumps([{"x": 9, "y": 8}]), "training_allowed": "on"}
    client.post(f"/restore/{row.token}/feedback/", form)
    given = annotate.claim_assignment(assessor=assessor)
    assert given.photo == row.photo
    np.testing.assert_array_equal(annotate.read_mask(given.mask), marked())
    assert given.mask.parent.origin == DefectMask.Origin.VISITOR
    client.force_login(assessor)
    page = client.get(reverse("annotate_paint", args=[given.pk])).content.decode()
    assert "A face looks wrong" in page
    assert "Its owner says" in page
    assert client.get(reverse("annotate_marks", args=[given.pk])).json()["marks"][0]["x"] == 9


def test_leave_taken_back_empties_the_queue(client, done, run_jobs, assessor):
    row = corrected(done, run_jobs)
    feedback.say_what_went_wrong(row, reasons=["missed"], training_allowed=True)
    client.post(f"/restore/{row.token}/leave/", {"withdraw": "1", "sure": "1"})
    photo = Photo.objects.get(pk=row.photo_id)
    assert (photo.training_allowed, photo.wants_mask, photo.note) == (False, False, "")
    assert not photo.masks.filter(origin="visitor").exists()
    assert annotate.claim_assignment(assessor=assessor) is None


def test_leave_alone_asks_for_no_mask(client, done):
    client.post(f"/restore/{done.token}/leave/", {"allow": "1"})
    photo = Photo.objects.get(pk=done.photo_id)
    assert (photo.training_allowed, photo.wants_mask) == (True, False)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"reasons": ["nonsense"]},
        {"text": "x", "marks": "[1]"},
        {"marks": "{"},
        {"text": "x", "marks": '[{"x": -4, "y": 2}]'},
        {"text": "x", "marks": '[{"x": 1e99, "y": 2}]'},
    ],
)
def test_empty_or_broken_feedback_is_refused(client, done, form):
    assert client.post(f"/restore/{done.token}/feedback/", form).status_code == 409
    assert not Feedback.objects.exists()


def test_a_lab_photo_takes_feedback_from_staff_alone(client, production, run_jobs):
    from pipeline.services import restore_later

    row = restore_later(photo=ready_photo())
    for path in ("feedback", "leave", "show"):
        assert client.post(f"/restore/{row.token}/{path}/", {"text": "x"}).status_code == 403


def test_erasing_takes_feedback_correction_and_mask_along(client, done, run_jobs):
    row = corrected(done, run_jobs)
    feedback.say_what_went_wrong(row, text="her hand", training_allowed=True)
    client.post(f"/restore/{row.token}/delete/", {"sure": "1"})
    assert not Feedback.objects.exists()
    photo = Photo.objects.get(pk=done.photo_id)
    assert (photo.state, photo.note, photo.marks) == ("erased", "", [])
    assert not photo.masks.exists()
