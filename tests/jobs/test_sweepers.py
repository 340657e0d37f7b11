"""Several sweepers at once, with real connections: each lost job is freed or ended once."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs import services
from jobs.models import Job, State
from tests.annotate.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


def test_four_sweepers_free_each_job_once():
    lost = {"state": State.RUNNING, "lease_owner": "elsewhere/1:9", "kind": "t.x"}
    Job.objects.bulk_create(Job(**lost, attempt=1 + n % 3) for n in range(60))
    Job.objects.update(lease_until=Now() - timedelta(minutes=1))
    said = at_once([services.sweep] * 4)
    assert all(isinstance(answer, int) for answer in said), said
    assert Job.objects.filter(state=State.QUEUED).count() == 40
    ended = Job.objects.filter(state=State.FAILED)
    assert ended.count() == 20 and set(ended.values_list("error", flat=True)) == {services.GAVE_UP}
    assert set(Job.objects.values_list("attempt", flat=True)) == {1, 2, 3}


def test_one_of_many_claims_wins():
    job = services.run_later("t.x")
    tokens = at_once([lambda n=n: job.claim(owner=f"w{n}") for n in range(8)])
    assert sum(token is not None for token in tokens) == 1
    assert Job.objects.get().attempt == 1
