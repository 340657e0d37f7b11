"""The practice photo: painted like any other, graded at once, and never part of the work."""

import json

import numpy as np
import pytest
from django.urls import reverse

from annotate import services
from annotate.models import Assignment, DefectMask
from annotate.services import practice
from config.errors import Refused
from photos import storage
from photos.models import Origin, Photo
from tests.annotate.builders import digest_of, painted, ready_photo, strokes_of
from tests.annotate.test_assignments import end_leases, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(db):
    known = storage.put(strokes_of(painted()), "application/octet-stream")
    return ready_photo(origin=Origin.PRACTICE, wants_mask=False, true_mask=known)


@pytest.fixture
def assignment(photo, assessor):
    return practice.start_practice(assessor=assessor)


def score(client, assignment, **said):
    address = reverse("annotate_score", args=[assignment.pk])
    return client.post(address, json.dumps(said), content_type="application/json")


def test_without_a_photo_it_says_so(assessor):
    with pytest.raises(Refused, match="still being prepared"):
        practice.start_practice(assessor=assessor)


def test_practice_goes_on_where_it_was_left(assignment, assessor):
    assert practice.start_practice(assessor=assessor) == assignment
    end_leases()
    services.release_leases()
    assert practice.start_practice(assessor=assessor) == assignment


def test_practice_may_begin_again_empty(assignment, assessor):
    save(assignment, painted())
    again = practice.start_practice(assessor=assessor, afresh=True)
    assert again != assignment
    assert again.mask.revision == 0


def test_a_finished_practice_begins_again(assignment, assessor):
    save(assignment, painted())
    services.submit_mask(assignment=assignment, revision=1, digest=digest_of(painted()))
    assert practice.start_practice(assessor=assessor).mask.revision == 0


def test_the_saved_mask_is_graded(assignment, assessor, sign_in):
    save(assignment, painted())
    answer = score(sign_in(assessor), assignment, revision=1).json()
    assert (answer["dice"], answer["found"], answer["missed"]) == (1.0, answer["present"], [])


def test_what_is_missed_is_told_with_its_box(assignment, assessor, sign_in):
    answer = score(sign_in(assessor), assignment).json()
    assert (answer["found"], answer["dice"]) == (0, 0.0)
    assert answer["missed"][0]["defect"] == "fracture"
    assert answer["missed"][0]["box"][2] == 400


def test_an_old_revision_is_stale(assignment, assessor, sign_in):
    save(assignment, painted())
    answer = score(sign_in(assessor), assignment, revision=0)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")


def test_only_practice_is_graded(assessor, sign_in):
    ready_photo(true_mask=storage.put(strokes_of(painted()), "application/octet-stream"))
    work = services.claim_assignment(assessor=assessor)
    assert score(sign_in(assessor), work).status_code == 409


def test_nobody_elses_practice_is_graded(assignment, other_assessor, sign_in):
    assert score(sign_in(other_assessor), assignment).status_code == 404


def test_practice_neither_blocks_nor_joins_the_work(assignment, assessor, reviewer):
    photo = ready_photo()
    assert services.claim_assignment(assessor=assessor).photo == photo
    save(assignment, painted())
    services.submit_mask(assignment=assignment, revision=1, digest=digest_of(painted()))
    assert not DefectMask.objects.waiting_for_review().exists()
    assert list(Photo.objects.ready()) == [photo]


def test_the_button_opens_the_painter(photo, assessor, sign_in):
    answer = sign_in(assessor).post(reverse("annotate_practice"))
    assignment = Assignment.objects.get()
    assert answer.url == reverse("annotate_paint", args=[assignment.pk])
    page = sign_in(assessor).get(answer.url)
    assert page.context["painter"]["practice"] == "true"
    assert page.context["painter"]["score-url"].endswith("/score/")


def test_the_page_shows_the_photo_and_the_library_does_not(photo, assessor, sign_in):
    client = sign_in(assessor)
    shown = client.get(reverse("annotate_image", args=[photo.pk, "preview"]))
    assert shown.status_code == 200
    assert list(client.get(reverse("annotate_photos")).context["page"]) == []


def test_the_true_mask_is_read_as_it_was_drawn(photo):
    assert np.array_equal(practice.true_mask(photo), painted())
