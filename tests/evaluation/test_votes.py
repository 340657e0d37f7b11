from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from scipy.stats import chisquare

from config.errors import Refused
from config.words.wall import in_words
from evaluation import notices, services
from evaluation.models import Ballot, Study, Vote
from evaluation.services import ballots, vote_log, votes
from evaluation.statistics.records import vote_records
from tests.evaluation.conftest import make_photo, open_now, position_of
from training.models import DatasetSnapshot, TrainingRun


def vote(study, voter, outcome="left"):
    ballot = votes.next_ballot(study=study, voter=voter)
    return votes.cast_vote(ballot=ballot, voter=voter, outcome=outcome, seconds=3.0)


def prefer(study, voter, best):
    """Votes for `best` wherever it stands, else for the left one."""
    ballot = votes.next_ballot(study=study, voter=voter)
    outcome = "right" if ballot.slots[1] == best else "left"
    return votes.cast_vote(ballot=ballot, voter=voter, outcome=outcome, seconds=3.0)


def test_reload_gives_the_same_ballot(study, voter):
    first, second = (votes.next_ballot(study=study, voter=voter) for _ in range(2))
    assert (first.pk, first.slots) == (second.pk, second.slots)


def test_a_vote_twice_is_one_vote(study, voter):
    ballot = votes.next_ballot(study=study, voter=voter)
    first, second = (votes.cast_vote(ballot=ballot, voter=voter, outcome="left") for _ in range(2))
    assert first.pk == second.pk
    assert study.votes.count() == 1


def test_another_answer_to_a_cast_ballot_is_refused(study, voter):
    ballot = votes.next_ballot(study=study, voter=voter)
    votes.cast_vote(ballot=ballot, voter=voter, outcome="left")
    with pytest.raises(Refused, match="another answer"):
        votes.cast_vote(ballot=ballot, voter=voter, outcome="right")


def test_a_closed_study_takes_no_votes(study, voter, admin):
    ballot = votes.next_ballot(study=study, voter=voter)
    services.close_study(study=study, by=admin)
    with pytest.raises(Refused, match="closed"):
        votes.cast_vote(ballot=ballot, voter=voter, outcome="left")
    with pytest.raises(Refused, match="closed"):
        votes.next_ballot(study=study, voter=voter)


def test_a_draft_is_not_open_yet(draft, voter):
    with pytest.raises(Refused, match="not open yet"):
        votes.next_ballot(study=draft, voter=voter)


def test_an_old_ballot_expires(study, voter):
    ballot = votes.next_ballot(study=study, voter=voter)
    Ballot.objects.update(issued_at=timezone.now() - timedelta(minutes=31))
    assert votes.next_ballot(study=study, voter=voter).pk != ballot.pk
    with pytest.raises(Refused, match="expired"):
        votes.cast_vote(ballot=ballot, voter=voter, outcome="left")


def test_an_author_cannot_vote(study, voter):
    snapshot = DatasetSnapshot.objects.create(name="s", digest="d")
    run = TrainingRun.objects.create(
        stage="inpainting", recipe_name="r", recipe={}, snapshot=snapshot, created_by=voter
    )
    version = study.candidates.first().version
    version.run = run
    version.save()
    with pytest.raises(Refused, match="had a part in one of the candidates"):
        votes.next_ballot(study=study, voter=voter)


def test_the_first_ballots_are_a_round_robin(study, voters):
    pairs = {tuple(sorted(vote(study, voter).ballot.slots)) for voter in voters[:3]}
    assert pairs == {(0, 1), (0, 2), (1, 2)}


def test_a_photo_does_not_come_back_at_once(study, voter):
    photos = [vote(study, voter).ballot.photo_id for _ in range(12)]
    assert all(len(set(photos[at : at + 6])) == 6 for at in range(0, 12, 6))


def test_sides_are_a_fair_coin(study, voter):
    sides = Counter()
    for _ in range(240):
        ballot = ballots._issue(study, voter)
        sides[ballot.slots[0]] += 1
    assert chisquare([sides[k] for k in range(3)], np.full(3, 80)).pvalue > 0.001


def test_equal_pictures_are_never_shown(draft, voter):
    study = open_now(draft, same=(0, 1))
    for _ in range(20):
        ballot = ballots._issue(study, voter)
        assert sorted(ballot.slots) != [0, 1]


def test_candidates_that_are_all_equal_leave_nothing_to_vote_on(draft, voter):
    with pytest.raises(Refused, match="equal pictures"):
        votes.next_ballot(study=open_now(draft, same=(0, 1, 2)), voter=voter)


def test_taking_back_reopens_the_ballot(study, voter):
    first = vote(study, voter)
    votes.take_back(ballot=first.ballot, voter=voter)
    assert votes.next_ballot(study=study, voter=voter).pk == first.ballot_id
    again = votes.cast_vote(ballot=first.ballot, voter=voter, outcome="right")
    assert [v.pk for v in study.votes.standing()] == [again.pk]
    assert [v.outcome for v in study.votes.all()] == ["left", "undo", "right"]


def test_only_the_last_vote_can_be_taken_back(study, voter):
    first, _ = vote(study, voter), vote(study, voter)
    with pytest.raises(Refused, match="no longer"):
        votes.take_back(ballot=first.ballot, voter=voter)


def test_after_ten_seconds_a_vote_stays(study, voter, later):
    first = vote(study, voter)
    with pytest.raises(Refused, match="no longer"):
        votes.take_back(ballot=first.ballot, voter=voter)


def test_counting_waits_at_the_first_open_window(study, voters, monkeypatch):
    for voter in voters[:3]:
        vote(study, voter)
    assert vote_log.counted(study) == []
    vote(study, voters[0])
    assert len(vote_log.counted(study)) == 1


def test_the_chain_is_whole_and_tells_a_changed_row(study, voter):
    for _ in range(3):
        vote(study, voter)
    study.refresh_from_db()
    assert vote_log.chain_break(study) is None
    rows = [(dict(v.record), v.previous_hash, v.hash) for v in study.votes.all()]
    rows[1][0]["outcome"] = "right"
    assert vote_log.first_break(study.digest, rows) == 2


@pytest.mark.skipif(connection.vendor == "postgresql", reason="its trigger refuses the cut itself")
def test_a_cut_end_of_the_chain_is_told(study, voter):
    for _ in range(2):
        vote(study, voter)
    study.refresh_from_db()
    study.votes.order_by("-sequence").first().delete()
    assert vote_log.chain_break(study) == 2


@pytest.mark.services
def test_the_database_refuses_to_change_a_vote(study, voter):
    cast = vote(study, voter)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Vote.objects.filter(pk=cast.pk).update(outcome="right")
    with pytest.raises(TypeError, match="append-only"):
        Vote.objects.update(outcome="right")


def test_a_vote_names_no_voter(study, voter):
    cast = vote(study, voter)
    assert voter.username not in vote_records.canonical(cast.record)
    assert str(voter.pk) != cast.voter_pseudonym


def test_a_clear_winner_closes_and_is_promoted(study, voters, admin, later):
    best = position_of(study, "hazel")
    for turn in range(90):
        try:
            prefer(study, voters[turn % 6], best)
        except Refused as reason:
            assert str(reason) == votes.ENOUGH and ballots.takes_no_more(study)
            assert [news.person for news in notices.decidable()] == [admin.pk]
            break
    else:
        pytest.fail("no decision after 90 votes")
    study.refresh_from_db()
    decision = services.close_study(study=study, by=admin)
    assert decision["winner"] == "hazel"
    assert all(guard["passed"] for guard in decision["guards"]), decision["guards"]
    promotion = services.promote_winner(study=Study.objects.get(pk=study.pk), by=admin)
    assert promotion.version.name == "hazel"
    assert promotion.study_digest == study.digest


def test_one_voter_alone_cannot_promote(study, voter, admin, later):
    best = position_of(study, "hazel")
    for _ in range(60):
        try:
            prefer(study, voter, best)
        except Refused:
            break
    study.refresh_from_db()
    decision = services.close_study(study=study, by=admin)
    assert decision["winner"] == "hazel" and not decision["promotable"]
    with pytest.raises(Refused, match=r"A guard blocks the promotion\. 1 unflagged voter"):
        services.promote_winner(study=study, by=admin)


def test_no_votes_means_no_clear_difference(study, admin):
    decision = services.close_study(study=study, by=admin)
    assert decision["winner"] is None
    assert in_words(decision["reasons"][-1]) == "There is no clear difference."
    with pytest.raises(Refused, match="no winner"):
        services.promote_winner(study=study, by=admin)


def test_the_cap_ends_the_voting(draft, voters, later, sign_in):
    Study.objects.filter(pk=draft.pk).update(cap=4)
    draft.refresh_from_db()
    study = open_now(draft)
    for voter in voters[:4]:
        assert not ballots.takes_no_more(study)
        assert f"Vote in {study}" in sign_in(voter).get("/studies/").content.decode()
        vote(study, voter, "both_bad")
    with pytest.raises(Refused, match="all the votes it needs"):
        votes.next_ballot(study=study, voter=voters[4])
    assert ballots.takes_no_more(study)
    page = sign_in(voters[4]).get("/studies/").content.decode()
    assert "all the votes it needs" in page and f"Vote in {study}" not in page


def test_a_single_photo_is_enough_to_vote(draft, voter):
    draft.photos.set([make_photo("only")])
    study = open_now(draft)
    assert vote(study, voter).record["photo"] == vote(study, voter).record["photo"]


def test_looking_early_is_logged(study, admin, voter):
    vote(study, voter)
    services.peek(study=study, by=admin)
    assert [(peek.user, peek.votes) for peek in study.peeks.all()] == [(admin, 1)]


def test_whoever_has_looked_cannot_vote(study, admin):
    services.peek(study=study, by=admin)
    with pytest.raises(Refused, match="You have looked at this study's results"):
        votes.next_ballot(study=study, voter=admin)
    assert ballots.ahead(study=study, voter=admin) is None


def test_whoever_votes_cannot_look(study, admin):
    vote(study, admin)
    with pytest.raises(Refused, match="You vote in this study"):
        services.peek(study=study, by=admin)


def test_votes_are_counted_by_name(study, voter, admin, sign_in, monkeypatch):
    for kind, count in {"gold": 3, "repeat": 1, "training": 2}.items():
        for _ in range(count):
            ballot = votes.next_ballot(study=study, voter=voter)
            Ballot.objects.filter(pk=ballot.pk).update(kind=kind)
            votes.cast_vote(ballot=Ballot.objects.get(pk=ballot.pk), voter=voter, outcome="left")
    for _ in range(2):
        vote(study, voter)
    counts = study.votes.by_name()
    assert counts["ordinary"] + counts["second looks"] + counts["equal pictures"] >= 2
    assert (counts["control"], counts["practice"]) == (4, 2)
    page = sign_in(admin).get(f"/studies/{study.number}/").content.decode()
    assert f"{counts['ordinary']} of at most {study.cap}" in page and "4 control" in page
    study.plan["cap"] = 10 * max(1, counts["ordinary"])
    assert ballots.progress(study) == 10 * bool(counts["ordinary"])
