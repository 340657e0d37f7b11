"""What came back: its own button, pieces of the photo, answers; time by tool over all browsers."""

import json

import pytest
from django.urls import reverse

from annotate import services
from annotate.models import Assignment, DefectMask
from tests.annotate.builders import digest_of, painted, ready_photo, strokes_of
from tests.annotate.test_assignments import finish

pytestmark = pytest.mark.django_db
MARKS = [{"x": 380, "y": 20, "word": "missed"}, {"x": 30, "y": 40, "word": "not a defect"}]


@pytest.fixture
def returned(assessor, reviewer):
    ready_photo()
    mask = finish(services.claim_assignment(assessor=assessor))
    services.review_mask(reviewer=reviewer, mask=mask, verdict="returned", marks=MARKS)
    return DefectMask.objects.get(pk=mask.pk)


def test_the_desk_shows_what_came_back_first_with_its_button(returned, assessor, sign_in):
    client = sign_in(assessor)
    page = client.get(reverse("annotate_queue")).content.decode()
    mend = reverse("annotate_mend", args=[returned.assignment_id])
    assert page.index(mend) < page.index(reverse("annotate_claim"))
    assert page.count("/crop/") == 2 and "at 380" not in page
    answer = client.post(mend)
    assert answer.url == reverse("annotate_paint", args=[returned.assignment_id])
    assert Assignment.objects.get().state == Assignment.State.OPEN
    assert client.post(mend).status_code == 302  # asked twice, she is led there twice


def test_only_what_came_back_is_mended(returned, assessor, other_assessor, sign_in, reviewer):
    mend = reverse("annotate_mend", args=[returned.assignment_id])
    assert sign_in(other_assessor).post(mend).status_code == 404
    DefectMask.objects.update(state="accepted")
    assert sign_in(assessor).post(mend).status_code == 409


def test_the_reviewer_reads_the_answer_beside_the_mark(returned, assessor, reviewer, sign_in):
    client = sign_in(assessor)
    told = client.get(reverse("annotate_marks", args=[returned.assignment_id])).json()["marks"]
    said = {"text": "It is a button of her coat."}
    assert client.post(told[1]["answer_url"], said, "application/json").status_code == 200
    page = sign_in(reviewer).get(reverse("annotate_review", args=[returned.pk])).content.decode()
    assert "It is a button of her coat." in page
    again = client.get(reverse("annotate_marks", args=[returned.assignment_id])).json()["marks"]
    assert [mark["answer"] for mark in again] == ["", said["text"]]
    client.post(told[1]["answer_url"], {"text": " "}, "application/json")
    assert not returned.reviews.get().answers.exists()


def test_an_answer_needs_its_mark_and_its_painter(returned, assessor, reviewer, sign_in):
    nowhere = reverse("annotate_answer", args=[returned.assignment_id, 2])
    assert sign_in(assessor).post(nowhere, {"text": "x"}, "application/json").status_code == 409
    first = reverse("annotate_answer", args=[returned.assignment_id, 0])
    assert sign_in(reviewer).post(first, {"text": "x"}, "application/json").status_code == 404
    told = sign_in(reviewer).get(reverse("annotate_marks", args=[returned.assignment_id])).json()
    assert {mark["answer_url"] for mark in told["marks"]} == {""}


def test_a_crop_is_a_piece_of_the_photo(returned, assessor, sign_in):
    address = reverse("annotate_crop", args=[returned.photo_id, 380, 20])
    answer = sign_in(assessor).get(address)
    assert answer["Content-Type"] == "image/jpeg" and answer.content[:2] == b"\xff\xd8"
    kept = sign_in(assessor).get(address, headers={"If-None-Match": answer["ETag"]})
    assert kept.status_code == 304
    beside = reverse("annotate_crop", args=[returned.photo_id, 400, 20])
    assert sign_in(assessor).get(beside).status_code == 404


def send(client, assignment, base, seq, browser, tools):
    headers = {"X-Base-Revision": base, "X-First-Seq": seq, "X-Last-Seq": seq, "X-Client": browser}
    if tools is not None:
        headers["X-Tools"] = tools if isinstance(tools, str) else json.dumps(tools)
    address = reverse("annotate_strokes", args=[assignment.pk])
    body = strokes_of(painted())
    return client.post(address, body, "application/octet-stream", headers=headers)


def times(actions, seconds):
    return {"actions": actions, "seconds": seconds}


@pytest.fixture
def work(assessor):
    ready_photo()
    return services.claim_assignment(assessor=assessor)


def hand_in(work, revision):
    mask = DefectMask.objects.get(assignment=work)
    assert mask.revision == revision
    said = {"brush": times(99, 99)}
    work = Assignment.objects.get(pk=work.pk)
    return services.submit_mask(
        assignment=work, revision=revision, digest=digest_of(painted()), tools=said
    )


def test_time_by_tool_is_that_of_all_browsers(work, assessor, sign_in):
    client = sign_in(assessor)
    sent = [
        ("a", {"brush": times(1, 4)}),
        ("b", {"speck": times(2, 5), "brush": times(1, 1)}),
        ("a", {"brush": times(3, 9)}),
    ]
    for base, (browser, tools) in enumerate(sent):
        assert send(client, work, base, base + 1, browser, tools).status_code == 200
    assert hand_in(work, 3).tools == {"brush": times(4, 10), "speck": times(2, 5)}


def test_what_an_older_painter_tells_at_the_end_still_counts(work, assessor, sign_in):
    assert send(sign_in(assessor), work, 0, 1, "a", None).status_code == 200
    assert hand_in(work, 1).tools == {"brush": times(99, 99)}


@pytest.mark.parametrize("tools", ["[", "[1]", '{"brush": 3}', '{"brush": {"actions": "x"}}'])
def test_tools_of_another_shape_are_400(work, assessor, sign_in, tools):
    assert send(sign_in(assessor), work, 0, 1, "a", tools).status_code == 400
