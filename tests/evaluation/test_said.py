"""A verdict is kept as codes and put into words when it is shown; old ones stay sentences."""

import json
import zipfile

import pytest

from config.errors import Refused
from config.words.said import is_said
from config.words.wall import in_words
from evaluation import services
from evaluation.services import exports, votes
from evaluation.statistics import replay
from evaluation.statistics.records.said import old_sentence
from tests.config.words.fake_language import is_wholly_put_into_words, page
from tests.evaluation.conftest import position_of


@pytest.fixture
def closed(study, voters, admin):
    """Hazel beats all others, by too few voters to be promoted."""
    hazel = position_of(study, "hazel")
    for turn in range(60):
        voter = voters[turn % 2]
        try:
            ballot = votes.next_ballot(study=study, voter=voter)
        except Refused:  # it has all the votes it needs
            break
        outcome = "equal"
        if hazel in ballot.slots:
            outcome = ("left", "right")[ballot.slots.index(hazel)]
        votes.cast_vote(ballot=ballot, voter=voter, outcome=outcome, seconds=3)
    services.close_study(study=study, by=admin)
    study.refresh_from_db()
    return study


def said_in(decision):
    flags = [flag["text"] for flag in decision["flags"].values()]
    return [*decision["reasons"], *(guard["text"] for guard in decision["guards"]), *flags]


def test_a_decision_holds_codes_alone(closed):
    assert closed.decision["winner"] and len(closed.decision["guards"]) == 6
    assert all(map(is_said, said_in(closed.decision)))


def test_the_verdict_is_wholly_put_into_words(closed, admin, sign_in):
    shown = page(sign_in(admin), f"/studies/{closed.number}/results/")
    assert is_wholly_put_into_words(shown, said_in(services.told(closed)))


def test_programs_read_words_and_codes(closed, admin, sign_in):
    found = sign_in(admin).get(f"/api/v1/studies/{closed.number}/results/").json()
    assert found["reasons"][-1] == "hazel wins: every other candidate was beaten."
    assert found["reasons_said"][-1] == {"code": "verdict.wins", "with": {"winner": "hazel"}}
    assert found["guards"][0]["text_said"]["code"] == "guard.both-bad"


def in_sentences(value):
    """The same decision as an older release kept it."""
    if is_said(value):
        return old_sentence(value)
    if isinstance(value, dict):
        return {key: in_sentences(each) for key, each in value.items()}
    return [in_sentences(each) for each in value] if isinstance(value, list) else value


@pytest.fixture
def old(closed):
    """As a study stands that an older release closed; the database keeps a decision for good."""
    closed.decision = in_sentences(closed.decision)
    assert not any(map(is_said, said_in(closed.decision)))
    return closed


def test_a_study_closed_by_an_older_release_is_told_in_its_words(old):
    assert old.decision["reasons"][0].startswith("candidate")
    told = services.told(old)
    assert in_words(told["reasons"][-1]) == "hazel wins: every other candidate was beaten."
    assert in_words(told["guards"][0]["text"]).endswith("were called both bad; the limit is 20%.")


def test_an_older_export_replays(old, tmp_path):
    path = tmp_path / "old.zip"
    path.write_bytes(exports.as_zip(old))
    assert replay.differences(path) == []


def test_a_changed_sentence_of_an_older_export_is_told(old, tmp_path):
    old.decision["reasons"][0] += " It was changed."
    path = tmp_path / "old.zip"
    path.write_bytes(exports.as_zip(old))
    assert replay.differences(path)[0].startswith("reasons 0: ")


def test_an_export_says_codes_and_replays(closed, tmp_path):
    path = tmp_path / "new.zip"
    path.write_bytes(exports.as_zip(closed))
    assert replay.differences(path) == []
    with zipfile.ZipFile(path) as archive:
        decision = json.loads(archive.read("decision.json"))
    assert all(map(is_said, said_in(decision)))
