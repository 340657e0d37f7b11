"""Promotions at once: each is one row, and what is in production is never in doubt."""

import hashlib

import pytest

from config.errors import Refused
from evaluation import services
from evaluation.models import Study
from tests.annotate.test_races import at_once
from tests.conftest import person
from tests.evaluation.conftest import make_version
from tests.training.builders import measured
from training import services as training
from training.models import DatasetSnapshot, Promotion
from training.services.judging import promoting

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


def test_six_clicks_on_going_back_go_back_once():
    old, new = make_version("old"), make_version("new")
    training.promote(version=old, reason="first")
    seen = str(training.promote(version=new, reason="better").pk)
    said = at_once([lambda: training.roll_back(stage="inpainting", seen=seen) for _ in range(6)])
    assert sum(isinstance(answer, Refused) for answer in said) == 5
    assert Promotion.objects.current("inpainting").version == old


def test_of_two_admins_who_promote_at_once_the_second_sees_what_the_first_did():
    """Both are better than what ran before, and one is worse than the other."""
    snapshot = DatasetSnapshot.objects.create(name="Spring", digest="d" * 64)
    rows = [make_version(f"v{number}") for number in range(3)]
    for value, row in zip((30.0, 31.0, 32.0), rows, strict=True):
        measured(row, snapshot, value=value)
    training.promote(version=rows[0], reason="first")
    admins = [person(f"admin{number}", "admin") for number in range(2)]
    asks = [
        lambda v=v, a=a: promoting.ask_or_promote(version=v, reason="better", by=a)
        for v, a in zip(rows[1:], admins, strict=True)
    ]
    said = at_once(asks)
    assert isinstance(said[1], Promotion)
    assert Promotion.objects.current("inpainting").version == rows[2]
