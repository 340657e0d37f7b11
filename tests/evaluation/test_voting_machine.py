"""Drafts, ballots, votes and decisions in any order, beside a model in plain Python.

Voters use the API as their page does. After each step the vote log is compared with the model:
the chain is whole, a ballot has one vote, what is open is frozen and what is closed stays.
"""

import logging
import os
import random
import secrets
import tempfile
import uuid
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from config.errors import Refused
from evaluation import services
from evaluation.models import Ballot, Study, Vote
from evaluation.services import control_ballots, exports, vote_log
from evaluation.services.control_ballots import draw as draw_control
from evaluation.statistics import replay
from tests.conftest import person
from tests.evaluation.conftest import SECRETS, make_photo, make_version, open_now
from training.models import Promotion

pytestmark = pytest.mark.django_db
MORE = int(os.environ.get("FUZZ_EXAMPLES", "0"))  # more of them, and at random
VOTERS = ("vera", "vito", "vivi")
MOVES = {("draft", "preparing"), ("draft", "open"), ("preparing", "open"), ("open", "closed")}
OUTCOMES = ("left", "left", "left", "right", "equal", "both_bad", "skip", "recognised")
MANY = ("1", "1", "2", "3", "none", "skip", "recognised")

voters = st.sampled_from(VOTERS)


class Voting(RuleBasedStateMachine):
    ballots = Bundle("ballots")

    def __init__(self):
        super().__init__()
        self.held = ExitStack()
        self.held.enter_context(transaction.atomic())
        self.held.callback(transaction.set_rollback, True)
        self.state, self.cast, self.frozen, self.ended = "draft", {}, None, None
        self.now = timezone.now()
        self.held.enter_context(patch.object(timezone, "now", self.clock))

    def teardown(self):
        self.held.close()

    def clock(self):
        """It moves by a millisecond whenever somebody looks."""
        self.now += timedelta(milliseconds=1)
        return self.now

    @initialize(
        seed=st.integers(0, 2**32), size=st.sampled_from([2, 2, 3]), training=st.booleans(),
        same=st.sampled_from([(), (), (1,)]), steered=st.booleans(),
    )  # fmt: skip
    def draft(self, seed, size, training, same, steered):
        self.be_deterministic(random.Random(seed))
        if steered:  # gold, repeats and second looks come too, and often
            self.held.enter_context(patch.object(control_ballots, "draw", draw_control))
            self.held.enter_context(patch.multiple(control_ballots, GOLD_EVERY=3, REPEAT_EVERY=3))
            self.held.enter_context(patch.multiple(control_ballots, REPEAT_AFTER=2, SECOND_AFTER=2))
        self.admins = [person(name, "admin") for name in ("amir", "anna")]
        self.people = {name: person(name, "voter") for name in VOTERS}
        self.clients = {name: Client() for name in VOTERS}
        for name, client in self.clients.items():
            client.force_login(self.people[name])
        self.versions = [make_version(name) for name in SECRETS]
        self.photos = [make_photo(f"scan {n}", id=uuid.UUID(int=n + 1)) for n in range(4)]
        self.same = same
        self.plan = {"cap": 12, "ballot_size": size, "training": training}
        self.study = services.create_study(
            stage="inpainting", question="Which is better?", versions=self.versions,
            photos=self.photos, created_by=self.admins[0], **self.plan,
        )  # fmt: skip

    def be_deterministic(self, rng):
        for name in ("choice", "randbelow"):
            self.held.enter_context(patch.object(secrets, name, getattr(rng, _OF_RANDOM[name])))
        self.held.enter_context(patch.object(secrets, "randbits", rng.getrandbits))
        self.held.enter_context(patch.object(secrets, "SystemRandom", lambda: rng))

    # --- what admins do ----------------------------------------------------------------------

    def allowed(self, verb, **given):
        """Whether the service did it; a refusal changes nothing."""
        before = self.everything()
        study = Study.objects.get(pk=self.study.pk)
        try:
            with transaction.atomic():
                verb(study=study, **given)
        except Refused:
            assert self.everything() == before
            return False
        return True

    def everything(self):
        rows = Study.objects.filter(pk=self.study.pk)
        return list(rows.values()), Vote.objects.count(), Promotion.objects.count()

    @rule(words=st.sampled_from(["Which is better?", "Which would you hang?", "Is walnut good?"]))
    def change(self, words):
        given = {"versions": self.versions, "photos": self.photos, **self.plan}
        done = self.allowed(services.change_study, question=words, **given)
        assert done == (self.state == "draft" and "walnut" not in words)

    @precondition(lambda self: self.state == "draft")
    @rule()
    def open(self):
        open_now(Study.objects.get(pk=self.study.pk), same=self.same)
        self.state = "open"

    @precondition(lambda self: self.state != "draft")
    @rule()
    def it_opens_once_and_is_never_deleted(self):
        assert not self.allowed(services.open_study)
        assert not self.allowed(services.delete_draft)
        assert not self.allowed(services.give_up_preparing)

    @rule()
    def look_early(self):
        if self.state == "open":
            services.peek(study=Study.objects.get(pk=self.study.pk), by=self.admins[0])

    @precondition(lambda self: self.state != "open" or len(self.cast) > 2)
    @rule()
    def close(self):
        assert self.allowed(services.close_study, by=self.admins[0]) == (self.state == "open")
        self.state = "closed" if self.state == "open" else self.state

    @precondition(lambda self: self.state == "closed")
    @rule(overridden=st.integers(0, 2))
    def promote(self, overridden):
        study = Study.objects.get(pk=self.study.pk)
        for admin in self.admins[:overridden]:
            self.allowed(services.override_guards, by=admin, text="Looked at by all of us twice.")
        if self.allowed(services.promote_winner, by=self.admins[0]):
            assert study.decision["promotable"] or study.overrides.count() == 2
            row = Promotion.objects.get()
            assert (row.study_digest, row.export_digest) == (study.digest, exports.digest(study))

    # --- what voters do ----------------------------------------------------------------------

    def post(self, name, path, body=None):
        return self.clients[name].post(f"/api/v1/{path}", body or {}, "application/json")

    @rule(target=ballots, name=voters, ahead=st.booleans())
    def ask(self, name, ahead):
        path = f"studies/{self.study.number}/ballot{'/ahead' if ahead else ''}"
        answer = self.post(name, path)
        assert answer.status_code in ((200, 204) if ahead else (200, 409))
        if self.state != "open":
            assert answer.status_code != 200
        if answer.status_code != 200:
            return multiple()
        text = answer.content.decode()
        told = [v.weights_sha256 for v in self.versions] + [str(v.pk) for v in self.versions]
        assert not any(word in text for word in (*SECRETS, *told))
        return name, answer.json()["token"], len(answer.json()["images"])

    @rule(asked=ballots, pair=st.sampled_from(OUTCOMES), many=st.sampled_from(MANY),
          seconds=st.sampled_from([1.0, 7.25]))  # fmt: skip
    def vote(self, asked, pair, many, seconds):
        name, token, shown = asked
        outcome = pair if shown == 2 else many
        was = Ballot.objects.get(token=token).state
        body = {"outcome": outcome, "seconds": seconds, "reasons": ["dull"]}
        answer = self.post(name, f"ballots/{token}/vote", body)
        if was == "cast":  # the same again is no second vote, another answer is refused
            assert answer.status_code == (200 if self.cast[token] == outcome else 409)
        else:
            fits = was == "issued" and self.state == "open"
            assert answer.status_code == (200 if fits else 409)
            if fits:
                self.cast[token] = outcome

    @rule(asked=ballots, thief=voters)
    def nobody_votes_for_another(self, asked, thief):
        name, token, _ = asked
        if thief != name:
            assert self.post(thief, f"ballots/{token}/vote", {"outcome": "skip", "reasons": ["x"]}
                             ).status_code == 404  # fmt: skip
            assert self.post(thief, f"ballots/{token}/undo").status_code == 404

    @rule(asked=ballots)
    def take_back(self, asked):
        name, token, _ = asked
        ballot = Ballot.objects.get(token=token)
        mine = Vote.objects.standing().filter(ballot__voter=ballot.voter, study=self.study)
        latest = mine.exclude(voter_pseudonym="").order_by("-sequence").first()
        fits = (
            self.state == "open" and latest is not None and latest.ballot == ballot
            and latest.undo_ends > self.now and ballot.kind != Ballot.Kind.TRAINING
        )  # fmt: skip
        assert self.post(name, f"ballots/{token}/undo").status_code == (204 if fits else 409)
        if fits:
            del self.cast[token]

    @rule(asked=ballots)
    def look_at_the_pictures(self, asked):
        name, token, shown = asked
        issued = Ballot.objects.get(token=token).state == "issued"
        for slot in [*range(shown), "original"]:
            answer = self.clients[name].get(f"/studies/ballot/{token}/{slot}")
            assert answer.status_code == (200 if issued else 404)

    @rule(name=voters)
    def declare_a_part(self, name):
        self.clients[name].post(f"/studies/{self.study.number}/conflict/", {"sure": "1"})

    @rule(passed=st.sampled_from([timedelta(seconds=11), timedelta(minutes=31)]))
    def time_passes(self, passed):
        self.now += passed

    # --- what always holds -------------------------------------------------------------------

    @invariant()
    def states_move_as_they_are_drawn(self):
        assert Study.objects.get(pk=self.study.pk).state == self.state

    @invariant()
    def the_log_holds_every_vote_once(self):
        study = Study.objects.get(pk=self.study.pk)
        assert not study.digest or vote_log.chain_break(study) is None
        rows = list(study.votes.select_related("ballot").order_by("sequence"))
        assert [vote.sequence for vote in rows] == list(range(1, len(rows) + 1))
        assert all(vote.record["slots"] == vote.ballot.slots for vote in rows)
        seen = study.votes.standing().exclude(ballot__kind=Ballot.Kind.AUTOMATIC)
        standing = list(seen.values_list("ballot__token", "outcome"))
        assert len(standing) == len(self.cast) and dict(standing) == self.cast
        cast = study.ballots.filter(state="cast").exclude(kind=Ballot.Kind.AUTOMATIC)
        assert set(cast.values_list("token", flat=True)) == self.cast.keys()

    @invariant()
    def a_voter_holds_two_ballots_at_most(self):
        for person_ in self.people.values():
            held = Ballot.objects.filter(voter=person_, state="issued")
            assert held.count() <= 2
            for ballot in held:
                assert len(set(ballot.slots)) == len(ballot.slots)

    @invariant()
    def what_is_open_is_frozen(self):
        if self.state != "draft":
            study = Study.objects.get(pk=self.study.pk)
            assert study.digest == vote_log.digest(study.plan)
            kept = (study.digest, study.question, study.plan, list(study.candidates.values()))
            self.frozen = self.frozen or kept
            assert self.frozen == kept

    @invariant()
    def what_is_closed_stays_and_replays(self):
        if self.state == "closed":
            study = Study.objects.get(pk=self.study.pk)
            file = exports.as_zip(study)
            if self.ended is None:
                self.ended = file
                with tempfile.TemporaryDirectory() as folder:
                    path = Path(folder) / "study.zip"
                    path.write_bytes(file)
                    assert replay.differences(path) == []
            assert self.ended == file


_OF_RANDOM = {"choice": "choice", "randbelow": "randrange"}
SETTINGS = settings(
    max_examples=MORE or 14, stateful_step_count=40, derandomize=not MORE, deadline=None,
    database=None, suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_voting_in_any_order():
    run_state_machine_as_test(Voting, settings=SETTINGS)
