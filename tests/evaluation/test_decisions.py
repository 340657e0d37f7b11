"""The decision between its JSON and its types: nothing is lost, and what is none is refused."""

import pytest

from config.errors import Refused
from evaluation.services.decisions import Decision, decision_of
from evaluation.statistics.promotion_checks import Guard

KEPT = {
    "votes": 12,
    "strengths": {"candidate 1": 0.3},
    "winner": "candidate 1",
    "promotable": False,
    "guards": [
        {"name": "voters", "passed": True, "text": "Three voted."},
        {"name": "both bad", "passed": False, "text": "Too often both bad."},
    ],
    "reasons": ["It won.", "It goes into production."],
    "closed_by": "amir",
    "last_hash": "ab",
}


def test_it_is_written_back_as_it_was():
    found = Decision.from_json(KEPT)
    assert found.as_json() == KEPT
    assert found.figures == {"votes": 12, "strengths": {"candidate 1": 0.3}}
    assert found.failed == Guard("both bad", False, "Too often both bad.")


@pytest.mark.parametrize("name", ["winner", "promotable", "guards", "reasons"])
def test_what_lacks_a_part_is_refused_by_its_name(name):
    with pytest.raises(Refused, match=f"not the decision of a study: '{name}'"):
        Decision.from_json({key: value for key, value in KEPT.items() if key != name})


def test_a_guard_of_another_shape_is_refused():
    with pytest.raises(Refused, match="not the decision of a study"):
        Decision.from_json(KEPT | {"guards": [{"name": "voters"}]})


def test_an_undecided_study_has_none():
    assert decision_of({}) is None
