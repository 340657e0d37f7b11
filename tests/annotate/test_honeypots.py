"""Known masks as tests of people: served like work, seen by reviewers alone."""

import pytest
from django.urls import reverse

from annotate import services
from annotate.models import Agreement, DefectMask, Purpose
from annotate.services import honeypots
from config.errors import Refused
from tests.annotate.builders import painted, ready_photo
from tests.annotate.test_assignments import end_leases, finish
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def truth(monkeypatch, assessor, reviewer):
    ready_photo(title="Known")
    mask = finish(services.claim_assignment(assessor=assessor))
    services.review_mask(reviewer=reviewer, mask=mask, verdict="accepted")
    services.set_honeypot(mask=mask, on=True)
    monkeypatch.setattr(honeypots, "drawn", lambda percent: percent == honeypots.HONEYPOT_PERCENT)
    return mask


def test_only_an_accepted_mask_can_be_one(assessor):
    ready_photo()
    mask = finish(services.claim_assignment(assessor=assessor))
    with pytest.raises(Refused, match="Only an accepted mask"):
        services.set_honeypot(mask=mask, on=True)


def test_a_honeypot_is_served_once_to_everybody_but_its_painter(truth, assessor, other_assessor):
    given = services.claim_assignment(assessor=other_assessor)
    assert (given.photo, given.purpose, given.truth) == (truth.photo, Purpose.HONEYPOT, truth)
    finish(given)
    assert services.claim_assignment(assessor=other_assessor) is None
    assert services.claim_assignment(assessor=assessor) is None


def test_without_the_draw_there_is_none(truth, other_assessor, monkeypatch):
    monkeypatch.setattr(honeypots, "drawn", lambda percent: False)
    assert services.claim_assignment(assessor=other_assessor) is None


def test_the_least_served_comes_first(truth, assessor, other_assessor, reviewer):
    finish(services.claim_assignment(assessor=other_assessor))
    photo = ready_photo(title="Second")
    second = finish(services.claim_assignment(assessor=other_assessor))
    services.review_mask(reviewer=reviewer, mask=second, verdict="accepted")
    services.set_honeypot(mask=second, on=True)
    assert services.claim_assignment(assessor=person("third")).photo == photo


def test_the_result_is_compared_with_the_truth_and_waits_for_nobody(
    truth, other_assessor, run_jobs
):
    mask = finish(services.claim_assignment(assessor=other_assessor), painted(seed=6))
    run_jobs()
    row = Agreement.objects.get()
    assert (row.kind, row.first, row.second) == (Agreement.Kind.HONEYPOT, truth, mask)
    assert 0 < row.tolerant_f1 < 1
    assert sum(of for _, of in row.parts.values()) > 0
    assert mask not in DefectMask.objects.waiting_for_review()


def test_the_painter_sees_work_like_any_other(truth, other_assessor, sign_in):
    client = sign_in(other_assessor)
    answer = client.post(reverse("annotate_claim"))
    page = client.get(answer.url).content
    assert b"honeypot" not in page.lower()
    assert b"honeypot" not in client.get(reverse("annotate_queue")).content.lower()


def test_a_lost_lease_of_a_honeypot_is_taken_back_on_the_next_save(truth, other_assessor):
    given = services.claim_assignment(assessor=other_assessor)
    end_leases()
    services.release_leases()
    given.refresh_from_db()
    assert services.heartbeat(assignment=given).state == "open"


def test_reviewers_switch_it_and_see_the_results(
    truth, other_assessor, reviewer, sign_in, run_jobs
):
    finish(services.claim_assignment(assessor=other_assessor))
    run_jobs()
    client = sign_in(reviewer)
    page = client.get(reverse("annotate_quality"))
    assert len(page.context["honeypots"]) == 1
    alan = next(row for row in page.context["people"] if str(row["author"]) == "alan")
    assert alan["tested"].value == 1.0
    client.post(reverse("annotate_honeypot", args=[truth.pk]), {"on": "0"})
    truth.refresh_from_db()
    assert not truth.is_honeypot
