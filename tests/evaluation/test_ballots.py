from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from scipy.stats import chisquare

from config.errors import Refused
from evaluation import services
from evaluation.models import Ballot, Study, Vote
from evaluation.services import ballots, control_ballots, vote_log, votes
from tests.evaluation.conftest import fill_copies, open_now
from tests.evaluation.test_votes import vote

draw = control_ballots.draw


def test_the_next_ballot_waits_and_comes_after_this_one(study, voter):
    first = votes.next_ballot(study=study, voter=voter)
    second = ballots.ahead(study=study, voter=voter)
    assert ballots.ahead(study=study, voter=voter).pk == second.pk
    assert votes.next_ballot(study=study, voter=voter).pk == first.pk
    votes.cast_vote(ballot=first, voter=voter, outcome="left")
    assert votes.next_ballot(study=study, voter=voter).pk == second.pk


def test_nothing_is_fetched_ahead_of_nothing(study, voter):
    assert ballots.ahead(study=study, voter=voter) is None


def test_after_an_undo_the_old_ballot_comes_before_the_fetched_one(study, voter):
    first = votes.next_ballot(study=study, voter=voter)
    ballots.ahead(study=study, voter=voter)
    votes.cast_vote(ballot=first, voter=voter, outcome="left")
    votes.take_back(ballot=first, voter=voter)
    assert votes.next_ballot(study=study, voter=voter).pk == first.pk


@pytest.fixture
def best_of_three(draft):
    Study.objects.filter(pk=draft.pk).update(ballot_size=3)
    draft.refresh_from_db()
    return open_now(draft)


def test_a_best_of_three_ballot_has_its_own_answers(best_of_three, voter):
    ballot = votes.next_ballot(study=best_of_three, voter=voter)
    assert sorted(ballot.slots) == [0, 1, 2]
    with pytest.raises(Refused, match="takes 1, 2, 3, none, skip, recognised, not left"):
        votes.cast_vote(ballot=ballot, voter=voter, outcome="left")
    votes.cast_vote(ballot=ballot, voter=voter, outcome="2")
    assert best_of_three.votes.get().record["outcome"] == "2"


def test_a_best_of_three_study_finds_its_winner_and_ends_with_pairs(
    best_of_three, voters, admin, later
):
    sizes = Counter()
    for turn in range(60):
        who = voters[turn % 6]
        try:
            ballot = votes.next_ballot(study=best_of_three, voter=who)
        except Refused as reason:
            assert str(reason) == ballots.ENOUGH
            break
        sizes[len(ballot.slots)] += 1
        place = ballot.slots.index(min(ballot.slots))
        outcome = str(place + 1) if len(ballot.slots) == 3 else ("left", "right")[place]
        votes.cast_vote(ballot=ballot, voter=who, outcome=outcome, seconds=3)
    decision = services.close_study(study=best_of_three, by=admin)
    assert decision["winner"] == "walnut"
    assert sizes[3] >= 6 and decision["counts"]["walnut"]["losses"] == 0


def test_slots_are_uniform_over_six_thousand_ballots():
    places = Counter()
    for _ in range(6000):
        places.update((model, slot) for slot, model in enumerate(ballots.shuffled([0, 1, 2])))
    assert chisquare([places[m, s] for m in range(3) for s in range(3)]).pvalue > 0.001


def test_equal_pictures_are_recorded_and_another_ballot_is_drawn(draft, voter, admin, later):
    draft.prepare()
    for number, photo in enumerate(draft.photos.all()):
        fill_copies(draft, photo, number, same=(0, 1, 2) if number < 4 else ())
    services.finish_opening(study=draft)
    study = Study.objects.get(pk=draft.pk)
    for _ in range(12):
        vote(study, voter)
    automatic = study.votes.filter(ballot__kind="automatic")
    assert automatic.exists()
    assert {v.outcome for v in automatic} == {"equal"} and {
        v.voter_pseudonym for v in automatic
    } == {""}
    study.refresh_from_db()
    assert vote_log.chain_break(study) is None
    decision = services.close_study(study=study, by=admin)
    assert decision["equal_pictures"] == automatic.count()
    assert sum(row["votes"] for row in decision["voters"]) == 12


def test_strata_are_drawn_by_their_weights_not_by_their_photos(draft, photos, voter):
    photos[0].album = "rare"
    photos[0].save()
    Study.objects.filter(pk=draft.pk).update(weights={"rare": 3, "north": 1})
    draft.refresh_from_db()
    pictures = ballots.StudyPictures(open_now(draft))
    drawn = Counter(pictures.draw(pictures.photos, []) for _ in range(400))
    assert 260 < drawn[str(photos[0].pk)] < 340


def append_at(study, ballot, voter, minutes):
    """A row at some minutes ago, past every service: the clock of the log alone matters here."""
    sequence = study.votes.count() + 1
    Vote.objects.create(
        study=study, ballot=ballot, sequence=sequence, outcome="left", record={}, hash="",
        previous_hash="", voter_pseudonym=study.pseudonym(voter),
        cast_at=timezone.now() - timedelta(minutes=minutes),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "rests"),
    [([27, 26, 1], False), ([27, *range(26, 0, -2)], True), ([20, *range(18, 0, -2)], False)],
)
def test_a_break_comes_after_25_minutes_without_a_pause(study, voter, minutes, rests):
    ballot = Ballot.objects.create(
        study=study, voter=voter, photo=study.photos.first(), slots=[0, 1]
    )
    for one in minutes:
        append_at(study, ballot, voter, one)
    Ballot.objects.update(state="cast")
    assert (ballots.resting_until(study, voter) is not None) == rests
    if rests:
        with pytest.raises(Refused, match="rest your eyes"):
            votes.next_ballot(study=study, voter=voter)


def test_second_looks_are_for_agreement_alone(study, voters, monkeypatch, later):
    monkeypatch.setattr(control_ballots, "SECOND_EVERY", 1)
    monkeypatch.setattr(control_ballots, "SECOND_AFTER", 1)
    monkeypatch.setattr(control_ballots, "GOLD_EVERY", 10**6)
    monkeypatch.setattr(control_ballots, "OVERLAP", 2.0)
    vote(study, voters[0])
    monkeypatch.setattr(control_ballots, "draw", draw)
    ballot = votes.next_ballot(study=study, voter=voters[1])
    first = study.votes.get().ballot
    assert ballot.kind == "second"
    assert (str(ballot.photo_id), sorted(ballot.slots)) == (
        str(first.photo_id),
        sorted(first.slots),
    )
    votes.cast_vote(ballot=ballot, voter=voters[1], outcome="left", seconds=3)
    standing = vote_log.standing(study)
    assert standing.ordinary == 1 and standing.contest.votes == 1
    assert standing.wins.sum() == 2 and standing.overlap == 1.0


def test_a_saved_sum_gives_the_same_standing_as_the_whole_log(study, voters, later, monkeypatch):
    monkeypatch.setattr(vote_log, "SAVE_EVERY", 5)
    for turn in range(17):
        vote(study, voters[turn % 6], ("left", "right", "equal", "both_bad")[turn % 4])
    quick = vote_log.standing(study).to_json()
    assert study.checkpoint.sequence > 0
    study.checkpoint.delete()
    assert vote_log.standing(Study.objects.get(pk=study.pk)).to_json() == quick
