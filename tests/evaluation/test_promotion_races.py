"""Promotions at once: each is one row, and what is in production is never in doubt."""

import hashlib

import pytest

from config.errors import Refused
from evaluation import services
from evaluation.models import Study
from tests.annotate.test_races import at_once
from tests.conftest import person
from tests.evaluation.conftest import make_version
from training import services as training
from training.models import Promotion

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


@pytest.fixture
def won(monkeypatch):
    """A closed study whose winner every guard lets through."""
    monkeypatch.setattr(services.closing, "told", lambda study: {"reasons": ["It is better."]})
    monkeypatch.setattr(services.closing.exports, "digest", lambda study: "e" * 64)
    monkeypatch.setattr(services.closing.code_names, "code_names", lambda study: ["A"])
    row = Study.objects.create(
        number=1, question="?", stage="inpainting", digest=hashlib.sha256(b"study").hexdigest()
    )
    row.candidates.create(version=make_version("walnut"), position=0)
    decision = {"winner": "A", "promotable": True, "guards": [], "reasons": []}
    Study.objects.filter(pk=row.pk).update(state=Study.State.CLOSED, decision=decision)
    row.refresh_from_db()
    return row


def test_a_winner_promoted_by_six_clicks_is_one_row(won):
    admins = [person(f"admin{number}", "admin") for number in range(6)]
    said = at_once([lambda a=a: services.promote_winner(study=won, by=a) for a in admins])
    assert sum(isinstance(answer, Promotion) for answer in said) == 1
    assert sum(isinstance(answer, Refused) for answer in said) == 5
    assert Promotion.objects.count() == 1


def test_promotions_of_several_versions_at_once_are_all_kept():
    versions = [make_version(f"v{number}") for number in range(6)]
    at_once([lambda v=v: training.promote(version=v, reason="better") for v in versions])
    rows = list(Promotion.objects.order_by("-pk"))
    assert {row.version for row in rows} == set(versions)
    assert Promotion.objects.current("inpainting") == rows[0]
