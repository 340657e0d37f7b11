"""The network's doubt sets the order, new albums first, and half-done overlaps before all."""

import numpy as np
import pytest

from annotate import services
from annotate.services.active_learning import disagreement, uncertainty
from photos.decoding import scans
from photos.models import Photo
from tests.annotate.builders import ready_photo
from tests.annotate.test_assignments import finish

LEVELS = np.zeros((300, 400), np.uint8)


def suggest(photo, level, weights="w"):
    levels = LEVELS.copy()
    levels[:10] = level
    services.save_suggestion(
        photo=photo, weights=weights, probability_png=scans.write_png(levels), threshold=0.5
    )
    photo.refresh_from_db()
    return photo


def test_doubt_is_greatest_at_one_half_and_the_sure_background_counts_not():
    assert uncertainty(LEVELS) == 0.0
    assert uncertainty(np.full((3, 3), 255)) == 0.0
    half = LEVELS.copy()
    half[:5] = 128
    assert uncertainty(half) == pytest.approx(0.996, abs=1e-3)


@pytest.mark.django_db
def test_the_photo_that_the_network_doubts_most_comes_first(assessor):
    ready_photo()
    suggest(ready_photo(), 250)
    unsure = suggest(ready_photo(), 130)
    assert services.claim_assignment(assessor=assessor).photo == unsure


@pytest.mark.django_db
def test_what_people_asked_for_comes_before_what_the_network_doubts(assessor):
    suggest(ready_photo(), 130)
    urgent = ready_photo(priority=1)
    assert services.claim_assignment(assessor=assessor).photo == urgent


@pytest.mark.django_db
def test_an_album_with_accepted_masks_waits(assessor, reviewer):
    photo = suggest(ready_photo(album="Aunt Ida", priority=1), 130)
    other = suggest(ready_photo(album="Aunt Ida"), 130)
    mask = finish(services.claim_assignment(assessor=assessor))
    assert mask.photo == photo
    before = other.urgency
    services.review_mask(reviewer=reviewer, mask=mask, verdict="accepted")
    other.refresh_from_db()
    assert other.urgency == pytest.approx(before / 2)


@pytest.mark.django_db
def test_a_second_opinion_that_is_due_comes_first(assessor, other_assessor):
    shared = ready_photo(masks_wanted=2, priority=0)
    finish(services.claim_assignment(assessor=assessor))
    suggest(ready_photo(), 130)
    assert services.claim_assignment(assessor=other_assessor).photo == shared
    assert Photo.objects.get(pk=shared.pk).urgency == 1.0


def test_networks_disagree_over_what_either_marks():
    one, other = LEVELS.copy(), LEVELS.copy()
    assert disagreement(one, other) == 0.0
    one[:10] = 255
    assert disagreement(one, one) == 0.0 and disagreement(one, other) == 1.0
    other[:10, :100] = 255  # a quarter is seen by both
    assert disagreement(one, other) == pytest.approx(0.75) == disagreement(other, one)
    with pytest.raises(ValueError, match="sizes differ"):
        disagreement(one, one[:5])


@pytest.mark.django_db
def test_what_two_networks_disagree_on_comes_before_what_one_doubts(assessor):
    """Both are as sure as can be, and one of them is wrong."""
    ready_photo()
    agreed = suggest(suggest(ready_photo(), 250), 245, weights="newer")
    apart = suggest(suggest(ready_photo(), 250), 5, weights="newer")
    newest = apart.suggestions.first()
    assert newest.weights == "newer" and newest.disagreement == pytest.approx(245 / 255)
    assert agreed.urgency == pytest.approx(5 / 255)
    assert agreed.urgency < apart.urgency
    assert services.claim_assignment(assessor=assessor).photo == apart


@pytest.mark.django_db
def test_the_first_network_disagrees_with_nobody_and_not_with_itself():
    photo = suggest(suggest(ready_photo(), 130), 250)
    [only] = photo.suggestions.all()
    assert only.disagreement is None and photo.urgency == pytest.approx(only.uncertainty)
