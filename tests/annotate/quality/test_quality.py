"""Figures about labels: areas, intervals, people, and what suggestions change."""

from datetime import timedelta

import numpy as np
import pytest
from django.db.models.functions import Now
from django.urls import reverse

from annotate import services
from annotate.models import Agreement, Assignment, DefectMask, Suggestion
from annotate.quality.quality_metrics import class_areas, mean_of, parts_by_size
from photos.decoding import scans
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
    known(first.photo)
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
    shown, control, apart = context["arms"]
    counted = painted() & 7
    expected = 100 * sum(np.count_nonzero(counted & bit) for bit in (1, 2, 4)) / counted.size
    assert control["painted"].value == pytest.approx(expected)
    assert (shown["pace"].count, control["pace"].count) == (1, 1)
    assert apart["pace"].value == pytest.approx(-control["pace"].value)
    assert context["saved"].value == pytest.approx(1.0)
    assert context["agreement"][0]["tolerant_f1"].value == ada["alike"].value


def known(photo):
    """A suggestion from before anybody began."""
    levels = scans.write_png(np.full((300, 400), 140, np.uint8))
    services.save_suggestion(photo=photo, weights="w", probability_png=levels, threshold=0.5)
    Suggestion.objects.update(created_at=Now() - timedelta(days=1))


@pytest.mark.django_db
def test_repairs_and_photos_without_any_suggestion_are_no_control(assessor, reviewer, sign_in):
    ready_photo()
    mask = finish(services.claim_assignment(assessor=assessor))
    Assignment.objects.update(with_suggestion=False)
    finish(services.repair_mask(reviewer=reviewer, mask=mask))
    context = sign_in(reviewer).get(reverse("annotate_quality")).context
    assert [arm["count"] for arm in context["arms"]] == [0, 0, None]
    assert context["saved"] is None


@pytest.mark.django_db
def test_a_network_is_judged_by_masks_from_after_its_time(assessor, reviewer, sign_in, run_jobs):
    known(ready_photo())
    finish(services.claim_assignment(assessor=assessor))
    run_jobs()
    row = Agreement.objects.get()
    assert (row.kind, row.first, row.weights) == (Agreement.Kind.NETWORK, None, "w")
    assert row.component_recall == 1.0  # it called every pixel damaged
    assert row.dice < 0.2
    (line,) = sign_in(reviewer).get(reverse("annotate_quality")).context["agreement"]
    assert line["name"] == "network w, by people who did not see it"


@pytest.mark.django_db
def test_a_network_made_later_is_not_judged_by_what_it_may_have_learned(assessor, run_jobs):
    photo = ready_photo()
    mask = finish(services.claim_assignment(assessor=assessor))
    known(photo)
    Suggestion.objects.update(created_at=Now() + timedelta(days=1))
    assert services.agreements_of(mask) == []


@pytest.mark.django_db
def test_tools_are_added_up_and_nonsense_is_nothing(assessor, reviewer, sign_in):
    ready_photo()
    mask = finish(services.claim_assignment(assessor=assessor))
    said = {"brush": {"actions": 4, "seconds": 60}, "speck": {"actions": "many"}, "x": 3}
    DefectMask.objects.filter(pk=mask.pk).update(tools=said)
    brush, speck = sign_in(reviewer).get(reverse("annotate_quality")).context["tools"]
    assert (brush["name"], brush["minutes"], brush["each"]) == ("brush", 1.0, 15.0)
    assert (speck["actions"], speck["each"]) == (0, None)


def test_parts_are_counted_by_size():
    truth = np.zeros((100, 100), np.uint8)
    truth[:3, :3] = truth[50:60, 50:60] = 1
    assert parts_by_size(np.roll(truth, 1, 0) * (np.arange(100) > 20), truth) == {
        "under 50 px": [0, 1],
        "50 to 500 px": [1, 1],
        "over 500 px": [0, 0],
    }


@pytest.mark.django_db
def test_a_suggestion_shows_unasked_once_its_network_has_proved_itself(assessor, sign_in, run_jobs):
    known(ready_photo())
    assignment = services.claim_assignment(assessor=assessor)
    page = reverse("annotate_paint", args=[assignment.pk])
    mask = finish(assignment)
    shown = sign_in(assessor).get(page).context["painter"]
    assert (shown["suggestion-proven"], shown["suggestion-record"]) == ("", "")
    facts = {"kind": Agreement.Kind.NETWORK, "photo": mask.photo, "second": mask, "weights": "w"}
    facts |= {"dice": 0.4, "cl_dice": 0.4}
    for number, f1 in enumerate([0.2, 0.7, 0.9]):
        assert sign_in(assessor).get(page).context["painter"]["suggestion-proven"] == ""
        Agreement.objects.create(**facts, tolerant_f1=f1, digests=f"w:{number}")
    shown = sign_in(assessor).get(page).context["painter"]
    assert (shown["suggestion-proven"], shown["suggestion-record"]) == ("true", "F1 0.60 over 3")
