"""Figures about labels: areas, intervals, people, and what suggestions change."""

import numpy as np
import pytest
from django.urls import reverse

from annotate import services
from annotate.models import Assignment, DefectMask
from annotate.quality import class_areas, mean_of
from tests.annotate.builders import painted, ready_photo
from tests.annotate.test_assignments import finish


def test_areas_count_each_class():
    mask = np.array([[1, 3, 0], [128, 4, 4]], np.uint8)
    assert class_areas(mask) == {"fracture": 2, "scuff": 1, "hole": 2, "ignore": 1}


def test_a_mean_of_nothing_is_nothing_and_of_two_has_no_interval():
    rng = np.random.default_rng(0)
    assert mean_of([], rng) is None
    assert mean_of([1.0, 3.0], rng).low is None


def test_the_interval_holds_the_mean_about_95_times_in_a_hundred():
    rng = np.random.default_rng(7)
    found = [mean_of(list(rng.normal(5, 2, 40)), rng) for _ in range(200)]
    hits = sum(mean.low <= 5 <= mean.high for mean in found)
    assert 180 <= hits <= 198


@pytest.mark.django_db
def test_the_page_counts_people_and_arms(assessor, other_assessor, reviewer, sign_in, run_jobs):
    ready_photo(masks_wanted=2)
    first = finish(services.claim_assignment(assessor=assessor))
    second = finish(services.claim_assignment(assessor=other_assessor), painted(seed=6))
    run_jobs()
    Assignment.objects.filter(pk=first.assignment_id).update(with_suggestion=False)
    DefectMask.objects.filter(pk=first.pk).update(active_seconds=60)
    DefectMask.objects.filter(pk=second.pk).update(suggestion_weights="w")
    services.review_mask(reviewer=reviewer, mask=first, verdict="accepted")
    context = sign_in(reviewer).get(reverse("annotate_quality")).context
    ada = context["people"][0]
    assert (str(ada["author"]), ada["handed_in"], ada["accepted"], ada["returned"]) == (
        "ada",
        1,
        1,
        0,
    )
    assert ada["pace"].value == pytest.approx(2**20 / (400 * 300))
    assert 0 < ada["alike"].value < 1
    shown, control = context["arms"]
    counted = painted() & 7
    expected = 100 * sum(np.count_nonzero(counted & bit) for bit in (1, 2, 4)) / counted.size
    assert control["painted"].value == pytest.approx(expected)
    assert (shown["pace"].count, control["pace"].count) == (1, 1)
