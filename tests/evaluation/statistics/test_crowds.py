"""Many voters at once on a real database: no vote lost, doubled or out of the chain."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from config.errors import Refused
from evaluation import services
from evaluation.models import Ballot, Study, Vote, ballots
from evaluation.services import vote_log, votes
from tests.annotate.test_races import at_once
from tests.conftest import person
from tests.evaluation.conftest import make_photo, make_version, open_now

POSTGRES = connection.vendor == "postgresql"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """On a busy machine ten seconds are over before fifty threads have had their turn."""
    monkeypatch.setattr(ballots, "UNDO_SECONDS", 600)


@pytest.fixture
def study(transactional_db):
    study = services.create_study(
        stage="inpainting",
        question="Which is better?",
        versions=[make_version(f"m{number}") for number in range(3)],
        photos=[make_photo(f"scan {number}") for number in range(6)],
        training=False,
    )
    return open_now(study)


def vote_at_once(study, voters, each):
    """Every voter votes in a thread of her own, sends each vote twice, undoes one."""
    errors, cast = [], []

    def work(voter):
        try:
            for turn in range(each):
                ballot = votes.next_ballot(study=study, voter=voter)
                for _ in range(2):
                    outcome = ("left", "right", "equal")[turn % 3]
                    vote = votes.cast_vote(ballot=ballot, voter=voter, outcome=outcome)
                cast.append(vote.pk)
                if turn == 0:
                    votes.take_back(ballot=ballot, voter=voter)
                    again = votes.next_ballot(study=study, voter=voter)
                    cast.append(votes.cast_vote(ballot=again, voter=voter, outcome="equal").pk)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(voter,)) for voter in voters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors[:3]
    return cast


def check(study, cast, voters, each):
    study = Study.objects.get(pk=study.pk)
    assert vote_log.chain_break(study) is None
    sequences = list(study.votes.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, voters * (each + 2) + 1))  # each undo is a row, and its redo
    assert len(set(cast)) == len(cast) == voters * (each + 1)
    assert study.votes.standing().count() == voters * each
    assert Ballot.objects.filter(state="cast").count() == voters * each


@pytest.mark.slow
@pytest.mark.skipif(POSTGRES, reason="ten voters are the bar of SQLite; PostgreSQL has its own")
def test_ten_voters_at_once_on_sqlite(study):
    voters = [person(f"voter{number}", "voter") for number in range(10)]
    check(study, vote_at_once(study, voters, 6), 10, 6)


@pytest.mark.slow
@pytest.mark.skipif(
    not POSTGRES, reason="set DATABASE_URL to a PostgreSQL server to let fifty voters vote at once"
)
def test_fifty_voters_at_once_on_postgresql(study):
    voters = [person(f"voter{number}", "voter") for number in range(50)]
    check(study, vote_at_once(study, voters, 5), 50, 5)


def test_the_devices_of_one_voter_get_one_ballot(study):
    voter = person("vera", "voter")
    found = at_once([lambda: votes.next_ballot(study=study, voter=voter).pk] * 4)
    assert len(set(found)) == 1 and Ballot.objects.count() == 1


def test_each_pair_of_the_first_round_goes_to_one_voter(study):
    voters = [person(f"voter{number}", "voter") for number in range(3)]
    found = at_once([lambda v=v: votes.next_ballot(study=study, voter=v) for v in voters])
    assert {frozenset(ballot.slots) for ballot in found} == {
        frozenset(pair) for pair in ((0, 1), (0, 2), (1, 2))
    }


@pytest.mark.skipif(not POSTGRES, reason="set DATABASE_URL to a PostgreSQL server")
def test_a_ballot_waits_for_nobody_elses_vote(study, monkeypatch):
    """The study's row is locked while a vote is written; the next ballot does not ask for it."""
    monkeypatch.setattr(vote_log, "UNDO_SECONDS", 0)
    first, second = (person(f"voter{number}", "voter") for number in range(2))
    for _ in range(3):  # the first round, whose pairs are shared out under the lock
        ballot = votes.next_ballot(study=study, voter=first)
        votes.cast_vote(ballot=ballot, voter=first, outcome="left")

    def ask():
        connection.cursor().execute("SET lock_timeout = '5s'")
        return votes.next_ballot(study=study, voter=second)

    with transaction.atomic():
        Study.objects.locked(study.pk)
        (found,) = at_once([ask])
    assert found.state == Ballot.State.ISSUED


@pytest.mark.skipif(not POSTGRES, reason="set DATABASE_URL to a PostgreSQL server")
def test_postgresql_refuses_to_change_or_delete_a_vote(study, transactional_db):
    voter = person("vera", "voter")
    ballot = votes.next_ballot(study=study, voter=voter)
    vote = votes.cast_vote(ballot=ballot, voter=voter, outcome="left")
    rows = Vote.objects.filter(pk=vote.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(outcome="right")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.delete()


def test_an_open_study_is_frozen_by_the_database(study):
    rows = Study.objects.filter(pk=study.pk)
    for change in ({"cap": 3}, {"alpha": 0.5}, {"plan": {}}, {"question": "?"}, {"state": "draft"}):
        with pytest.raises(DatabaseError, match="an open study is frozen"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        study.candidates.create(version=make_version("late"), position=9)


def test_a_closed_study_keeps_its_decision(study):
    services.close_study(study=study)
    rows = Study.objects.filter(pk=study.pk)
    for change in ({"decision": {}}, {"last_hash": "x"}, {"state": "open"}):
        with pytest.raises(DatabaseError, match="an open study is frozen"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(Refused, match="not open"):
        services.close_study(study=study)
