"""Several masks become one: majority, STAPLE, and the new revision."""

import numpy as np
import pytest
from django.urls import reverse

from annotate import services
from annotate.models import DefectMask
from annotate.quality.staple import majority, staple
from config.errors import Refused
from photos.masks.classes import FRACTURE, IGNORE, SCUFF
from tests.annotate.builders import painted, ready_photo
from tests.annotate.test_assignments import finish
from tests.conftest import person

CROSS = np.zeros((60, 80), np.uint8)
CROSS[30:33] = FRACTURE
CROSS[10:20, 40:50] = SCUFF


def rater(sensitivity, false_alarms, seed):
    """Somebody who overlooks pixels and paints some that are none."""
    rng = np.random.default_rng(seed)
    found = np.where(rng.random(CROSS.shape) < sensitivity, CROSS, 0).astype(np.uint8)
    found[(CROSS == 0) & (rng.random(CROSS.shape) < false_alarms)] = FRACTURE
    return found


def test_the_majority_of_three_decides():
    wrong = np.zeros_like(CROSS)
    assert np.array_equal(majority([CROSS, CROSS, wrong]), CROSS)
    assert not majority([wrong, wrong, CROSS]).any()


def test_what_two_people_disagree_on_is_ignored():
    joined = majority([CROSS, np.where(CROSS == SCUFF, CROSS, 0).astype(np.uint8)])
    assert (joined[30:33] == IGNORE).all()
    assert (joined[10:20, 40:50] == SCUFF).all()


def test_staple_trusts_the_two_who_are_careful():
    raters = [rater(0.97, 0.005, n) for n in (1, 2)] + [rater(0.4, 0.02, n) for n in (3, 4, 5)]
    joined, worth = staple(raters)
    by_vote = majority(raters)
    assert np.mean(joined == CROSS) > np.mean(by_vote == CROSS) > 0.9
    assert worth[2].sensitivity < 0.5 < worth[0].sensitivity
    assert worth[2].specificity < worth[0].specificity


def test_staple_finds_what_each_rater_is_worth():
    _, worth = staple([rater(0.9, 0.02, seed) for seed in range(4)] + [rater(0.6, 0.02, 9)])
    assert [round(found.sensitivity, 1) for found in worth] == [0.9, 0.9, 0.9, 0.9, 0.6]


def test_joining_nothing_is_nothing():
    joined, worth = staple([np.zeros_like(CROSS)] * 2)
    assert not joined.any()
    assert [(found.sensitivity, found.specificity) for found in worth] == [(1.0, 1.0)] * 2


@pytest.fixture
def three(db):
    photo = ready_photo(masks_wanted=3)
    for seed, name in enumerate(("a", "b", "c")):
        finish(services.claim_assignment(assessor=person(name, "assessor")), painted(seed=seed))
    return photo


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["staple", "majority"])
def test_a_consensus_is_a_new_mask_with_all_its_sources(three, reviewer, method):
    before = set(DefectMask.objects.values_list("pk", "digest", "state"))
    joined, _ = services.join_masks(photo=three, method=method)
    assert set(joined.sources.values_list("pk", flat=True)) == {row[0] for row in before}
    assert before < set(DefectMask.objects.values_list("pk", "digest", "state"))
    assert joined in DefectMask.objects.waiting_for_review()
    services.review_mask(reviewer=reviewer, mask=joined, verdict="accepted")


@pytest.mark.django_db
def test_a_consensus_is_not_joined_again_and_takes_no_place(three):
    services.join_masks(photo=three, method="staple")
    assert services.join_masks(photo=three, method="staple")[0].sources.count() == 3


@pytest.mark.django_db
def test_one_mask_is_no_consensus(assessor):
    photo = ready_photo()
    finish(services.claim_assignment(assessor=assessor))
    with pytest.raises(Refused, match="at least two people"):
        services.join_masks(photo=photo, method="staple")
    with pytest.raises(Refused, match="STAPLE or by majority"):
        services.join_masks(photo=photo, method="vote")


@pytest.mark.django_db
def test_the_photo_page_joins(three, reviewer, sign_in):
    client = sign_in(reviewer)
    assert b"Join the 3" in client.get(reverse("annotate_photo", args=[three.pk])).content
    answer = client.post(
        reverse("annotate_join", args=[three.pk]), {"method": "staple"}, follow=True
    )
    assert b"a found" in answer.content
    assert b"joined from several" in answer.content


def test_each_rater_is_named_with_her_own_worth(three):
    _, raters = services.join_masks(photo=three, method="staple")
    authors = {str(mask.author) for mask in three.masks.filter(author__isnull=False)}
    assert set(raters) == authors
    assert services.join_masks(photo=three, method="majority")[1] == {}
