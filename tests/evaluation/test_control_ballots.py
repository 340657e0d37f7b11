import numpy as np
import pytest

from evaluation import services
from evaluation.models import DEGRADED, Ballot
from evaluation.services import control_ballots, vote_log, votes
from evaluation.statistics.records import vote_records
from evaluation.statistics.voters import voter_reliability
from evaluation.stimuli import degradations

draw = control_ballots.draw  # before the fixture `ordinary` puts it to sleep


@pytest.fixture
def gold_only(monkeypatch):
    monkeypatch.setattr(
        control_ballots, "draw", lambda study, voter, standing: control_ballots._gold(study)
    )


@pytest.fixture
def repeats_soon(monkeypatch):
    monkeypatch.setattr(control_ballots, "REPEAT_AFTER", 2)
    monkeypatch.setattr(
        control_ballots,
        "draw",
        lambda study, voter, standing: control_ballots._repeat(study, voter),
    )


def vote(study, voter, choose):
    ballot = votes.next_ballot(study=study, voter=voter)
    votes.cast_vote(ballot=ballot, voter=voter, outcome=choose(ballot), seconds=3)
    return ballot


def left(ballot):
    return "left"


def spoilt(ballot):
    return ("left", "right")[ballot.slots.index(DEGRADED)]


def test_every_photo_has_one_spoilt_copy_of_the_same_length(study):
    copies = study.blind_copies.filter(degraded=True)
    assert copies.count() == study.photos.count()
    for copy in copies:
        sizes = {c.image.size for c in study.blind_copies.filter(photo=copy.photo)}
        assert len(sizes) == 1


def test_a_degraded_copy_loses_detail_but_not_its_light():
    y, x = np.mgrid[:40, :60]
    grain = (128 + 60 * ((x + y) % 2))[..., None].repeat(3, 2).astype(np.uint8)
    worse = degradations.spoil(grain, degradations.CRUSHED)
    assert worse.shape == grain.shape
    assert worse.std() < grain.std() / 4
    assert abs(worse.mean() - grain.mean()) < 10


def test_gold_shows_an_output_beside_its_spoilt_copy(study, voter, gold_only):
    ballot = votes.next_ballot(study=study, voter=voter)
    assert ballot.kind == "gold" and DEGRADED in ballot.slots
    other = next(position for position in ballot.slots if position != DEGRADED)
    copy = study.blind_copies.get(photo=ballot.photo, degraded=True)
    assert copy.candidate.position == other


def test_gold_is_no_evidence_but_flags_the_careless(study, voter, admin, gold_only, later):
    for _ in range(6):
        vote(study, voter, spoilt)
    assert vote_records.standing([vote.record for vote in vote_log.counted(study)]) == []
    study.refresh_from_db()
    decision = services.close_study(study=study, by=admin)
    assert decision["flagged_voters"] == {study.pseudonym(voter): ["gold"]}


def test_a_repeat_swaps_the_sides_of_the_earliest_ballot(study, voter, repeats_soon):
    ballots = [vote(study, voter, left) for _ in range(4)]
    assert [ballot.kind for ballot in ballots] == ["ordinary", "ordinary", "ordinary", "repeat"]
    assert ballots[3].slots == ballots[0].slots[::-1]
    assert str(ballots[3].photo_id) == str(ballots[0].photo_id)


def test_a_repeat_is_compared_by_candidate_not_by_side(study, voter, repeats_soon, later):
    for _ in range(4):
        vote(study, voter, left)
    records = [vote.record for vote in vote_log.counted(study)]
    assert voter_reliability.repeat_counts(records) == {study.pseudonym(voter): (0, 1)}
    assert len(vote_records.standing(records)) == 3


def test_controls_come_at_random_and_seldom(study, voter):
    kinds = [draw(study, voter, vote_log.standing(study)) for _ in range(600)]
    assert 20 < sum(kind is not None for kind in kinds) < 90


def test_gold_pictures_look_like_any_other(study, voter, sign_in, gold_only):
    client = sign_in(voter)
    ballot = client.post(f"/api/v1/studies/{study.number}/ballot").json()
    answers = [client.get(address) for address in ballot["images"]]
    assert {answer.status_code for answer in answers} == {200}
    assert len({len(answer.content) for answer in answers}) == 1
    assert answers[0].headers == answers[1].headers
    assert Ballot.objects.get().kind == "gold"
