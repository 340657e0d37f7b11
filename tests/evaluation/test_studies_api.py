"""What programs of admins read of studies: nothing of candidates before the end."""

import pytest
from django.test import Client

from accounts.models import ApiToken
from evaluation.models import Study
from tests.evaluation.conftest import SECRETS

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(admin):
    def of(scope, user=admin):
        token = ApiToken.objects.make(user=user, name="t", scopes=[scope])[1]
        return Client(headers={"Authorization": f"Bearer {token}"})

    return of


def test_an_open_study_is_told_without_candidates(client_of, study):
    client = client_of("studies:read")
    for path in ("studies/", f"studies/{study.number}/"):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 200
        assert not any(name.encode() in answer.content.lower() for name in SECRETS)
    assert client.get(f"/api/v1/studies/{study.number}/results/").status_code == 409
    assert client.get("/api/v1/studies/99/results/").status_code == 404


def test_a_closed_study_tells_its_decision(client_of, study):
    Study.objects.filter(pk=study.pk).update(state="closed", decision={"votes": 12})
    answer = client_of("studies:read").get(f"/api/v1/studies/{study.number}/results/")
    assert (answer.status_code, answer.json()["votes"]) == (200, 12)


def test_another_scope_or_role_reads_nothing(client_of, study, voter):
    path = f"/api/v1/studies/{study.number}/results/"
    assert client_of("training:read").get(path).json()["code"] == "scope"
    assert client_of("studies:read", voter).get(path).status_code == 403
