"""Claims, saves, submissions and reviews in any order, beside a model in plain Python.

The calls are the painter's own. After each of them the database is compared with the model: no
acknowledged stroke is lost, states move as they are drawn, an accepted mask stays as it is.
"""

import logging
import os
from unittest.mock import patch

import numpy as np
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from annotate import services
from annotate.models import Assignment, DefectMask, Purpose
from annotate.services import honeypots
from photos.masks.classes import CLASSES
from photos.models import Photo
from tests.annotate.builders import digest_of
from tests.conftest import person

pytestmark = pytest.mark.django_db
WIDTH, HEIGHT = 300, 40  # two tiles
MORE = int(os.environ.get("FUZZ_EXAMPLES", "0"))  # more of them, and at random
PAINTERS = ("ada", "alan", "rosa")  # rosa reviews, and paints now and then
EMPTY = np.zeros((HEIGHT, WIDTH), np.uint8)
TABS = ("one tab", "another tab")

ASSIGNMENT_MOVES = {
    ("open", "submitted"), ("open", "skipped"), ("open", "released"), ("open", "expired"),
    ("submitted", "open"), ("expired", "open"), ("expired", "submitted"),
}  # fmt: skip
MASK_MOVES = {
    ("draft", "submitted"), ("submitted", "accepted"), ("submitted", "returned"),
    ("returned", "draft"), ("draft", "accepted"),
}  # fmt: skip

rectangles = st.tuples(
    st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), st.integers(1, 120), st.integers(1, 20),
    st.sampled_from([*CLASSES.values(), 0]),
)  # fmt: skip


class Labelling(RuleBasedStateMachine):
    assignments = Bundle("assignments")
    saves = Bundle("saves")

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.pixels, self.revisions, self.frozen = {}, {}, {}
        self.assignment_states, self.mask_states = {}, {}
        self.sequence = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def people_and_photos(self):
        roles = {"rosa": ["assessor", "reviewer"]}
        self.people = {name: person(name, *roles.get(name, ["assessor"])) for name in PAINTERS}
        self.people["rolf"] = person("rolf", "reviewer")
        self.clients = {name: Client() for name in self.people}
        for name, client in self.clients.items():
            client.force_login(self.people[name])
        facts = {"width": WIDTH, "height": HEIGHT, "state": Photo.State.READY, "wants_mask": True}
        for wanted in (1, 2):
            Photo.objects.create(title=f"for {wanted}", masks_wanted=wanted, **facts)

    # --- what people do ----------------------------------------------------------------------

    def post(self, name, page, pk=None, body=None, **headers):
        address = reverse(f"annotate_{page}", args=[] if pk is None else [pk])
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        return self.clients[name].post(address, body or b"", kind, headers=headers)

    @rule(target=assignments, name=st.sampled_from(PAINTERS), honey=st.booleans())
    def claim(self, name, honey):
        with patch.object(honeypots, "drawn", lambda percent: honey):
            answer = self.post(name, "claim")
        assert answer.status_code == 302
        return self.given(answer) if "paint" in answer["Location"] else multiple()

    def given(self, answer):
        """The assignment of the painter's page; a new mask begins where its parent stood."""
        held = Assignment.objects.open().get(pk=answer["Location"].split("/")[-3])
        mask = held.mask
        if mask.pk not in self.pixels:
            parent = self.pixels.get(mask.parent_id)
            self.pixels[mask.pk] = EMPTY if parent is None else parent
            self.revisions[mask.pk] = 0
        return held.pk

    @rule(
        target=saves, held=assignments, tab=st.sampled_from(TABS), stroke=rectangles,
        behind=st.sampled_from([0, 0, 0, 0, 1, -1]),
    )  # fmt: skip
    def save(self, held, tab, stroke, behind):
        mask, name = self.of(held)
        x, y, width, height, bits = stroke
        after = self.pixels[mask].copy()
        after[y : y + height, x : x + width] = bits
        self.sequence += 1
        base = max(0, self.revisions[mask] - behind)
        sent = {"held": held, "mask": mask, "name": name, "after": after, "base": base}
        return sent | {"tab": tab, "last": self.sequence, "revision": self.send(sent, tab)}

    def send(self, sent, tab):
        """The revision that the server has given the strokes, or None when it has not taken them."""
        mask, base = sent["mask"], sent["base"]
        was_open = Assignment.objects.open().filter(pk=sent["held"]).exists()
        answer = self.strokes(sent, tab, self.sequence)
        said = answer.json()
        if answer.status_code == 200 or said.get("kept"):
            assert said["revision"] == base + 1 == self.revisions[mask] + 1
            self.revisions[mask], self.pixels[mask] = base + 1, sent["after"]
            return base + 1
        assert answer.status_code == 409, said
        assert said["code"] in ("stale", "lost", "refused")
        assert not (was_open and base == self.revisions[mask])
        assert said["code"] != "stale" or base != self.revisions[mask]
        return None

    def strokes(self, sent, tab, last):
        # A tile that became empty is sent too, so the whole mask is: 0 takes paint away.
        body = services_body(sent["after"])
        headers = {"X-Base-Revision": str(sent["base"]), "X-Client": tab}
        headers |= {"X-First-Seq": str(last), "X-Last-Seq": str(last)}
        return self.post(sent["name"], "strokes", sent["held"], body, **headers)

    @rule(sent=saves)
    def save_again(self, sent):
        """The answer was lost on its way."""
        if sent["revision"] is None:
            return
        answer = self.strokes(sent, sent["tab"], sent["last"])
        if answer.status_code == 200:
            assert answer.json() == {"revision": sent["revision"], "repeated": True}
        else:
            assert answer.json()["code"] == "lost"

    @rule(held=assignments, thief=st.sampled_from(PAINTERS))
    def nobody_saves_for_another(self, held, thief):
        mask, name = self.of(held)
        sent = {"name": thief, "held": held, "base": self.revisions[mask]}
        if thief != name:
            self.sequence += 1
            sent["after"] = np.ones((HEIGHT, WIDTH), np.uint8)
            assert self.strokes(sent, "one tab", self.sequence).status_code == 404

    @rule(held=assignments)
    def heartbeat(self, held):
        _, name = self.of(held)
        assert self.post(name, "heartbeat", held).status_code in (200, 409)

    @rule(held=assignments, reason=st.sampled_from(["", "too dark"]))
    def skip(self, held, reason):
        _, name = self.of(held)
        before = Assignment.objects.get(pk=held).state
        status = self.post(name, "skip", held, {"reason": reason}).status_code
        assert status == (200 if reason and before == "open" else 409)

    @rule(held=assignments, keep=st.booleans())
    def hand_back(self, held, keep):
        _, name = self.of(held)
        before = Assignment.objects.get(pk=held).state
        status = self.post(name, "release", held, {"keep": keep}).status_code
        assert status == (200 if before == "open" else 409)

    @rule(held=assignments, swept=st.booleans())
    def half_an_hour_passes(self, held, swept):
        row = Assignment.objects.filter(pk=held)
        row.update(lease_until=timezone.now() - timezone.timedelta(minutes=1))
        if swept:
            services.release_leases()
            assert not row.filter(state="open").exists()

    @rule(
        held=assignments, right=st.sampled_from([True, True, True, False]),
        behind=st.sampled_from([0, 0, 0, 1]),
    )  # fmt: skip
    def submit(self, held, right, behind):
        mask, name = self.of(held)
        before = Assignment.objects.get(pk=held).state
        revision = max(0, self.revisions[mask] - behind)
        digest = digest_of(self.pixels[mask]) if right else "0" * 64
        body = {"revision": revision, "digest": digest, "tools": {"brush": 1}}
        answer = self.post(name, "submit", held, body)
        if before == "open" and right and revision == self.revisions[mask]:
            assert answer.status_code == 200
        if answer.status_code == 200:
            assert answer.json()["digest"] == digest_of(self.pixels[mask])
        else:
            assert answer.status_code == 409

    @rule(
        held=assignments, by=st.sampled_from(["rosa", "rolf"]),
        verdict=st.sampled_from(["accepted", "returned"]), behind=st.sampled_from([0, 0, 0, 1]),
    )  # fmt: skip
    def review(self, held, by, verdict, behind):
        mask, name = self.of(held)
        said = {"revision": max(0, self.revisions[mask] - behind), "verdict": verdict}
        said["comment"] = "a crack is missing"
        answer = self.clients[by].post(reverse("annotate_review", args=[mask]), said)
        assert answer.status_code in (302, 409)
        if answer.status_code == 302:
            assert by != name and said["revision"] == self.revisions[mask]
            assert DefectMask.objects.get(pk=mask).state == verdict

    @rule(held=assignments)
    def comes_back_from_review(self, held):
        """In one step what chance seldom does: handed in, returned, taken up again."""
        _, name = self.of(held)
        self.submit(held=held, right=True, behind=0)
        self.states_move_as_they_are_drawn()
        self.review(held=held, by="rolf", verdict="returned", behind=0)
        self.states_move_as_they_are_drawn()
        self.claim(name=name, honey=False)

    @rule(held=assignments, stroke=rectangles)
    def is_left_behind_and_taken_over(self, held, stroke):
        self.save(held=held, tab="one tab", stroke=stroke, behind=0)
        self.states_move_as_they_are_drawn()
        self.half_an_hour_passes(held=held, swept=True)
        self.states_move_as_they_are_drawn()
        self.review(held=held, by="rolf", verdict="accepted", behind=0)

    @rule(target=assignments, held=assignments)
    def repair(self, held):
        answer = self.post("rosa", "repair", self.of(held)[0])
        if answer.status_code == 409:
            return multiple()
        return self.given(answer)

    @rule(held=assignments, on=st.booleans())
    def honeypot(self, held, on):
        address = reverse("annotate_honeypot", args=[self.of(held)[0]])
        answer = self.clients["rolf"].post(address, {"on": "1" if on else "0"})
        assert answer.status_code in (302, 409)

    def of(self, held):
        row = Assignment.objects.select_related("assessor", "mask").get(pk=held)
        return row.mask.pk, row.assessor.username

    # --- what always holds -------------------------------------------------------------------

    @invariant()
    def no_stroke_is_lost(self):
        for mask in DefectMask.objects.select_related("photo", "tiles"):
            assert mask.revision == self.revisions[mask.pk]
            assert np.array_equal(services.read_mask(mask), self.pixels[mask.pk])

    @invariant()
    def states_move_as_they_are_drawn(self):
        for rows, before, moves in (
            (Assignment.objects, self.assignment_states, ASSIGNMENT_MOVES),
            (DefectMask.objects, self.mask_states, MASK_MOVES),
        ):
            now = dict(rows.values_list("pk", "state"))
            for pk, state in now.items():
                first = "open" if rows is Assignment.objects else "draft"
                was = before.get(pk, first)
                assert was == state or (was, state) in moves
            assert before.keys() <= now.keys()
            before.update(now)

    @invariant()
    def nobody_holds_more_than_there_are_places(self):
        for photo in Photo.objects.all():
            held = photo.assignments.open()
            assert held.filter(purpose=Purpose.WORK).count() <= photo.masks_wanted
            painters = list(held.values_list("assessor", flat=True))
            assert len(painters) == len(set(painters))

    @invariant()
    def a_digest_names_the_pixels(self):
        for mask in DefectMask.objects.exclude(state="draft"):
            assert mask.digest == digest_of(self.pixels[mask.pk])
            assert sum(mask.areas.values()) == np.count_nonzero(self.pixels[mask.pk])

    @invariant()
    def what_is_accepted_stays(self):
        for mask in DefectMask.objects.accepted():
            kept = (mask.digest, mask.revision, mask.tiles_id, mask.submitted_at, mask.areas)
            assert self.frozen.setdefault(mask.pk, kept) == kept
        assert self.frozen.keys() <= set(DefectMask.objects.accepted().values_list("pk", flat=True))


def services_body(after):
    """All tiles of a mask, the empty ones too."""
    from photos.masks.tiles import TILE, encode_tiles

    tiles = {}
    for at in range(0, WIDTH, TILE):
        tile = np.zeros((TILE, TILE), np.uint8)
        part = after[:, at : at + TILE]
        tile[:HEIGHT, : part.shape[1]] = part
        tiles[at // TILE, 0] = tile
    return encode_tiles(tiles)


SETTINGS = settings(
    max_examples=MORE or 18, stateful_step_count=30, derandomize=not MORE, deadline=None,
    database=None, suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_labelling_in_any_order():
    run_state_machine_as_test(Labelling, settings=SETTINGS)
