"""The Activity page: found by words, kind, person and state; how long work took."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.listing import Wanted, kinds
from jobs.models import Job, State, lasting
from tests.conftest import person

pytestmark = pytest.mark.django_db
TITLES = ["Train spotless", "Restore a wedding", "Prepare a portrait"]


@pytest.fixture
def rows(reviewer):
    ada = person("ada.lovelace", "assessor")
    now = timezone.now()
    facts = [
        {"kind": "training.train_run", "created_by": reviewer, "state": State.RUNNING},
        {"kind": "pipeline.restore", "state": State.FAILED, "error": "PicturesTooLarge: 300 MP"},
        {"kind": "photos.prepare_photo", "created_by": ada, "state": State.SUCCEEDED},
    ]
    made = [
        Job.objects.create(title=title, **fact) for title, fact in zip(TITLES, facts, strict=True)
    ]
    Job.objects.filter(pk=made[0].pk).update(started_at=now - timedelta(hours=2, minutes=4))
    Job.objects.filter(pk=made[2].pk).update(
        started_at=now - timedelta(seconds=80), finished_at=now - timedelta(seconds=15)
    )
    return made


def shown(client, query="", **headers):
    page = client.get(f"/activity/?{query}", headers=headers)
    assert page.status_code == 200
    return {title for title in TITLES if title in page.content.decode()}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {0, 1, 2}),
        ("q=WEDDING", {1}),
        ("q=++train++", {0}),
        ("q=ada.love", {2}),  # who asked
        ("q=toolarge", {1}),  # the reason
        ("q=300+MP", {1}),
        ("q=photos.prep", {2}),
        ("q=nothing+of+the+kind", set()),
        ("q=%25", set()),
        ("kind=pipeline.restore", {1}),
        ("kind=pipeline", set()),
        ("state=active", {0}),
        ("state=failed&q=restore", {1}),
        ("state=failed&q=train", set()),
        ("by=999999999999999999999", {0, 1, 2}),
        ("by=x'", {0, 1, 2}),
        ("page=x&q=" + "w" * 5000, set()),
    ],
)
def test_work_is_found(rows, sign_in, reviewer, query, found):
    expected = {TITLES[number] for number in found}
    assert shown(sign_in(reviewer), query) == expected
    assert shown(sign_in(reviewer), query, hx_request="true") == expected


def test_work_is_found_by_who_asked_and_by_its_number(rows, sign_in, reviewer):
    client = sign_in(reviewer)
    assert shown(client, f"by={reviewer.pk}") == {TITLES[0]}
    assert shown(client, f"by={reviewer.pk}&state=succeeded") == set()
    assert shown(client, f"q={rows[1].pk}") == {TITLES[1]}
    page = client.get(f"/activity/?by={reviewer.pk}&q=train").content.decode()
    assert 'href="?q=train&amp;"' in page and f'name="by" value="{reviewer.pk}"' in page


def test_kind_owner_and_duration_stand_in_the_row(rows, sign_in, reviewer):
    page = sign_in(reviewer).get("/activity/").content.decode()
    cells = ["2 h 4 min", "1 min 5 s", "ada.lovelace", "photos.prepare_photo", "pipeline.restore"]
    assert not [said for said in cells if said not in page]
    assert "1 min 5 s" in sign_in(reviewer).get(f"/activity/{rows[2].pk}/").content.decode()


def test_a_search_is_not_asked_again_and_again(rows, sign_in, reviewer):
    client = sign_in(reviewer)
    pages = {query: client.get(f"/activity/?{query}").content for query in ("state=active", "q=a")}
    assert [b"every 2s" in page for page in pages.values()] == [True, False]


def test_pages_ask_no_question_a_row(rows, sign_in, reviewer, django_assert_max_num_queries):
    client = sign_in(reviewer)
    for number in range(60):
        Job.objects.create(kind="photos.prepare_photo", created_by=person(f"p{number}"))
    with django_assert_max_num_queries(12):
        client.get("/activity/?q=prepare")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0.0 s"), (0.44, "0.4 s"), (12.4, "12 s"), (59.7, "1 min"), (61, "1 min 1 s"),
     (3599.6, "1 h"), (3600, "1 h"), (9000, "2 h 30 min"), (90_000, "25 h")],
)  # fmt: skip
def test_durations_are_said_in_two_units_at_most(seconds, said):
    assert lasting(seconds) == said


def test_what_never_began_or_waits_again_took_no_time(db):
    now = timezone.now()
    assert Job(state=State.QUEUED, started_at=now).duration == ""
    assert Job(state=State.CANCELLED, finished_at=now).duration == ""
    ahead = Job(state=State.RUNNING, started_at=now + timedelta(seconds=5))
    assert ahead.duration == "0.0 s"  # the database's clock is ahead of this host's


def test_every_kind_that_workers_know_is_offered():
    assert {"photos.prepare_photo", "pipeline.time_engines", "training.train_run"} <= set(kinds())
    assert "pipeline.measure_engines" not in kinds()


def test_choices_go_on_from_page_to_page():
    wanted = Wanted.of({"q": "a b&c", "kind": "x.y", "state": "failed", "by": "7"})
    assert wanted.keep() == "state=failed&kind=x.y&by=7&q=a+b%26c&"
    assert wanted.keep(state="", by="") == "kind=x.y&q=a+b%26c&" and Wanted().keep() == ""
