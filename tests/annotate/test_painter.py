"""The calls the painter makes, answer by answer."""

import json

import numpy as np
import pytest
from django.urls import reverse

from annotate import services
from annotate.models import Assignment, DefectMask
from photos.decoding import scans
from photos.masks.tiles import assemble, read_packed
from tests.annotate.builders import digest_of, painted, ready_photo, strokes_of
from tests.annotate.test_assignments import end_leases, finish

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment(assessor):
    ready_photo()
    return services.claim_assignment(assessor=assessor)


@pytest.fixture
def client(sign_in, assessor):
    return sign_in(assessor)


def at(name, assignment):
    return reverse(f"annotate_{name}", args=[assignment.pk])


def send(client, assignment, mask, base=0, seq=1, **headers):
    named = {"X-Base-Revision": base, "X-Client": "c", "X-First-Seq": seq, "X-Last-Seq": seq}
    body = mask if isinstance(mask, bytes) else strokes_of(mask)
    return client.post(
        at("strokes", assignment), body, content_type="application/octet-stream",
        headers={name: str(value) for name, value in {**named, **headers}.items()},
    )  # fmt: skip


def tell(client, name, assignment, **said):
    return client.post(at(name, assignment), json.dumps(said), content_type="application/json")


def test_the_page_names_every_address_and_answers(client, assignment):
    page = client.get(at("paint", assignment))
    painter = page.context["painter"]
    for name in ("preview-url", "photo-url", "cost-url", "mask-url"):
        assert client.get(painter[name]).status_code == 200, name
    assert (painter["width"], painter["height"], painter["revision"]) == (400, 300, 0)
    assert painter["suggestion-url"] == ""
    assert painter["read-only"] == ""


def test_the_mask_comes_back_as_it_was_sent(client, assignment):
    assert send(client, assignment, painted()).json() == {"revision": 1}
    answer = client.get(at("mask_tiles", assignment))
    tiles = read_packed(answer.content, width=400, height=300)
    assert answer["X-Revision"] == "1"
    assert np.array_equal(assemble(tiles, width=400, height=300), painted())


def test_a_repeated_save_says_so(client, assignment):
    send(client, assignment, painted())
    assert send(client, assignment, painted()).json() == {"revision": 1, "repeated": True}


def test_a_stale_save_names_the_revision(client, assignment):
    send(client, assignment, painted())
    answer = send(client, assignment, painted(), seq=2)
    assert (answer.status_code, answer.json()["code"], answer.json()["revision"]) == (
        409,
        "stale",
        1,
    )


def test_a_bad_body_and_a_bad_header_are_400(client, assignment):
    assert send(client, assignment, b"nonsense").json()["code"] == "bad"
    answer = send(client, assignment, painted(), **{"X-Base-Revision": "soon"})
    assert (answer.status_code, answer.json()["reason"]) == (
        400,
        "X-Base-Revision must be a number.",
    )


def test_a_body_that_is_too_big_is_413(client, assignment):
    answer = send(client, assignment, bytes(300_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_big")


def test_a_photo_of_many_megapixels_may_send_more_than_django_reads_by_itself(client, assessor):
    ready_photo(4000, 3000)
    assignment = services.claim_assignment(assessor=assessor)
    noise = np.random.default_rng(1).integers(0, 8, (3000, 4000), np.uint8)
    assert len(strokes_of(noise)) > 2_500_000
    assert send(client, assignment, noise).json() == {"revision": 1}


def test_after_the_lease_is_lost_the_reason_is_a_sentence(client, assignment, other_assessor):
    end_leases()
    services.claim_assignment(assessor=other_assessor)
    answer = send(client, assignment, painted())
    assert (answer.status_code, answer.json()["code"]) == (409, "lost")
    assert "kept as a draft" in answer.json()["reason"]
    assert tell(client, "heartbeat", assignment).status_code == 409


def test_handing_in_leads_back_to_the_queue(client, assignment):
    send(client, assignment, painted())
    answer = tell(client, "submit", assignment, revision=1, digest=digest_of(painted()),
                  active_seconds=12.6, seen_tiles=[[0, 0]], tools={"brush": 3})  # fmt: skip
    assert answer.json() == {"digest": digest_of(painted()), "next": reverse("annotate_queue")}
    assignment.mask.refresh_from_db()
    assert (assignment.mask.tools, assignment.mask.seen_tiles) == ({"brush": 3}, [[0, 0]])


def test_mending_adds_to_the_counts_of_the_first_round(client, assignment):
    first = {"brush": {"actions": 9, "seconds": 20.0}, "tracer": {"actions": 2}}
    type(assignment.mask).objects.filter(pk=assignment.mask.pk).update(tools=first)
    send(client, assignment, painted())
    tell(client, "submit", assignment, revision=1, digest=digest_of(painted()),
         tools={"brush": {"actions": 1, "seconds": 2.5}, "grow": {"actions": 1}})  # fmt: skip
    assignment.mask.refresh_from_db()
    assert assignment.mask.tools == {
        "brush": {"actions": 10, "seconds": 22.5}, "tracer": {"actions": 2}, "grow": {"actions": 1},
    }  # fmt: skip


def test_another_digest_is_a_mismatch(client, assignment):
    answer = tell(client, "submit", assignment, revision=0, digest="0" * 64)
    assert (answer.status_code, answer.json()["code"]) == (409, "mismatch")


@pytest.mark.parametrize(
    "said", ["[]", "nonsense", '{"revision": "x"}', '{"revision": -1}', '{"revision":1e999}',
             '{"revision": 0, "tools": []}', '{"revision": 0, "seen_tiles": "all"}',
             '{"tools": {"brush": NaN}}', '{"tools": {"brush": 1e999}}', '{"tools": {"\\u0000": 1}}',
             '[' * 100_000]
)  # fmt: skip
def test_a_malformed_submission_is_400(client, assignment, said):
    answer = client.post(at("submit", assignment), said, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad")


def test_heartbeat_skip_and_release_answer(client, assignment):
    assert "lease_until" in tell(client, "heartbeat", assignment).json()
    assert tell(client, "skip", assignment, reason="").status_code == 409
    assert tell(client, "release", assignment, keep=False).status_code == 200
    assert tell(client, "release", assignment).status_code == 409


def test_nobody_paints_on_anothers_assignment(assignment, sign_in, other_assessor, reviewer):
    for user in (other_assessor, reviewer):
        client = sign_in(user)
        assert send(client, assignment, painted()).status_code == 404
        for name in ("submit", "heartbeat", "skip", "release"):
            assert tell(client, name, assignment).status_code == 404
    assert sign_in(other_assessor).get(at("mask_tiles", assignment)).status_code == 404


def test_a_reviewer_looks_but_does_not_touch(assignment, sign_in, reviewer):
    page = sign_in(reviewer).get(at("paint", assignment))
    assert page.context["painter"]["read-only"] == "true"


def test_a_returned_mask_shows_the_reviewers_words(client, assignment, reviewer):
    mask = finish(assignment)
    services.review_mask(reviewer=reviewer, mask=mask, verdict="returned", comment="Too fat.")
    services.claim_assignment(assessor=assignment.assessor)
    assert client.get(at("paint", assignment)).context["painter"]["comment"] == "Too fat."


@pytest.mark.parametrize("shown", [True, False])
def test_the_suggestion_is_pinned_and_the_control_group_sees_none(client, assignment, shown):
    Assignment.objects.update(with_suggestion=shown)
    probability = scans.write_png(np.full((300, 400), 40, np.uint8))
    services.save_suggestion(
        photo=assignment.photo, weights="w1", probability_png=probability, threshold=0.4
    )
    painter = client.get(at("paint", assignment)).context["painter"]
    assert bool(painter["suggestion-url"]) == shown
    if shown:
        answer = client.get(painter["suggestion-url"])
        assert b"".join(answer.streaming_content) == probability
        finish(assignment)
        assignment.mask.refresh_from_db()
        assert assignment.mask.suggestion_weights == "w1"


def test_a_photo_that_somebody_else_has_is_never_answered_as_saved(
    client, assignment, other_assessor
):
    end_leases()
    services.claim_assignment(assessor=other_assessor)
    for _ in range(2):  # the second is a repeat of what was kept
        answer = send(client, assignment, painted())
        assert (answer.status_code, answer.json()["code"]) == (409, "lost")
        assert (answer.json()["kept"], answer.json()["revision"]) == (True, 1)
    assert tell(client, "heartbeat", assignment).json()["code"] == "lost"


@pytest.mark.parametrize("places", [1, 2])
def test_what_a_reviewer_took_over_takes_no_more_strokes(client, assignment, reviewer, places):
    type(assignment.photo).objects.update(masks_wanted=places)
    send(client, assignment, painted())
    end_leases()
    services.release_leases()
    mask = DefectMask.objects.get()
    services.review_mask(reviewer=reviewer, mask=mask, verdict="accepted")
    answer = send(client, assignment, painted(seed=9), seq=2, base=1).json()
    assert (answer["code"], "kept" in answer) == ("refused", False)
    assignment.refresh_from_db()
    assert assignment.state == "expired"


def test_the_reviewers_marks_come_to_the_painter_with_their_components(
    client, assignment, reviewer
):
    assert client.get(at("marks", assignment)).json()["marks"] == []
    mask = finish(assignment)
    row = int(np.flatnonzero(painted()[:, 200])[0])
    marks = [{"x": 200, "y": row, "word": "too fat"}, {"x": 10, "y": 5, "word": "missed"}]
    services.review_mask(
        reviewer=reviewer, mask=mask, verdict="returned", comment="Look.", marks=marks
    )
    said = client.get(at("marks", assignment)).json()
    assert (said["comment"], said["reviewer"], said["revision"]) == ("Look.", "rosa", 1)
    assert [mark["word"] for mark in said["marks"]] == ["too fat", "missed"]
    assert said["marks"][0]["box"][0] == 0
    assert said["marks"][1]["box"] is None


def test_nobody_elses_marks_are_told(assignment, other_assessor, sign_in):
    assert sign_in(other_assessor).get(at("marks", assignment)).status_code == 404
