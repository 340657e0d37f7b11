import pytest

from config.errors import Refused
from evaluation.models import LESSON, Ballot
from evaluation.services import ballots, training_round, votes
from evaluation.stimuli import degradations
from tests.evaluation.conftest import open_now


@pytest.fixture
def study(draft):
    draft.training = True
    draft.save()
    return open_now(draft)


def practise(study, voter, right=True):
    ballot = votes.next_ballot(study=study, voter=voter)
    assert ballot.kind == "training"
    good = ballot.slots.index(LESSON) == 1
    outcome = "left" if good == right else "right"
    return votes.cast_vote(ballot=ballot, voter=voter, outcome=outcome, seconds=3)


def test_eight_right_answers_open_the_way(study, voter):
    for _ in range(8):
        practise(study, voter)
    assert training_round.passed(study, voter)
    assert votes.next_ballot(study=study, voter=voter).kind == "ordinary"


def test_two_mistakes_mean_another_round(study, voter):
    for number in range(8):
        last = practise(study, voter, right=number > 1)
    assert "6 of 8 right" in training_round.feedback(last, voter)["summary"]
    assert votes.next_ballot(study=study, voter=voter).kind == "training"


def test_the_answer_is_told_at_once_and_only_in_practice(study, voter):
    told = training_round.feedback(practise(study, voter, right=False), voter)
    assert not told["right"] and told["text"].startswith("Not quite. Image ")
    study.ballots.update(kind="ordinary")
    assert training_round.feedback(study.votes.get(), voter) is None


def test_the_first_two_are_easy(study, voter):
    copies = study.blind_copies.filter(lesson=True)
    assert copies.filter(flaw=degradations.CRUSHED).count() == 2
    for _ in range(2):
        photo = practise(study, voter).ballot.photo_id
        assert copies.get(photo=photo).flaw == degradations.CRUSHED


def test_practice_is_not_taken_back_and_never_counts(study, voter, later, admin):
    vote = practise(study, voter)
    with pytest.raises(Refused, match="Practice is not taken back"):
        votes.take_back(ballot=vote.ballot, voter=voter)
    from evaluation.services import vote_log

    standing = vote_log.standing(study)
    assert (standing.ordinary, standing.wins.sum()) == (0, 0)


def test_whoever_declared_a_part_may_only_practise(study, voter):
    study.conflicts.create(user=voter)
    for _ in range(8):
        practise(study, voter)
    with pytest.raises(Refused, match="had a part in one of the candidates"):
        votes.next_ballot(study=study, voter=voter)


def test_practice_is_not_fetched_ahead(study, voter):
    votes.next_ballot(study=study, voter=voter)
    assert ballots.ahead(study=study, voter=voter) is None
    assert Ballot.objects.count() == 1
