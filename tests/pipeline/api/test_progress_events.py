"""Following a restoration: what has not changed is not sent again, and streams end."""

import json

import pytest
from rest_framework.test import APIClient

from jobs.models import Job, State
from pipeline import services
from pipeline.api import event_stream
from pipeline.models import Restoration
from tests.pipeline.builders import upload


@pytest.fixture(autouse=True)
def no_counts():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def waiting(db, production):
    return services.restore_later(file=upload_file(), name="ida.png")


def upload_file():
    import io

    return io.BytesIO(upload())


def address(row, rest=""):
    return f"/api/v1/restorations/{row.token}/{rest}"


def parsed(text):
    """Events as (kind, id, data); the retry line and comments left out."""
    blocks = [block for block in text.split("\n\n") if block.startswith("id:")]
    rows = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]
    return [(row["event"], row["id"], json.loads(row["data"])) for row in rows]


def stream(row, **headers):
    return APIClient().get(address(row, "events"), HTTP_ACCEPT="text/event-stream", **headers)


def text(answer):
    return b"".join(answer.streaming_content).decode()


def test_the_same_state_is_304(waiting):
    api = APIClient()
    first = api.get(address(waiting))
    etag = first.headers["ETag"]
    again = api.get(address(waiting), HTTP_IF_NONE_MATCH=f'"other", {etag}')
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_how_events_were_asked_for_sticks_to_no_address(waiting):
    Job.objects.update(state=State.FAILED, error="no")
    answer = APIClient().get(address(waiting, "events?format=events"))
    [(_, _, told)] = parsed(text(answer))
    assert told["url"].endswith(address(waiting))


def test_a_change_is_told_again(waiting):
    api = APIClient()
    etag = api.get(address(waiting)).headers["ETag"]
    Job.objects.update(progress=0.5)
    assert api.get(address(waiting), HTTP_IF_NONE_MATCH=etag).json()["percent"] == 50


def test_the_list_is_conditional_too(waiting, stranger, sign_in):
    browser = sign_in(stranger)
    etag = browser.get("/api/v1/restorations/").headers["ETag"]
    answer = browser.get("/api/v1/restorations/", headers={"if-none-match": etag})
    assert answer.status_code == 304


def test_a_finished_one_is_one_event(waiting, run_jobs):
    run_jobs()
    answer = stream(waiting)
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    ((kind, name, data),) = parsed(text(answer))
    assert (kind, data["state"], len(data["results"])) == ("end", "succeeded", 4)
    assert stream(waiting, HTTP_LAST_EVENT_ID=name).status_code == 204


def test_what_does_not_exist_is_404(db):
    assert stream(Restoration(token="nothing")).status_code == 404


def test_progress_is_told_once_each():
    states = iter(
        [("progress", {"p": 1}), ("progress", {"p": 1}), ("progress", {"p": 2}), ("end", {})]
    )
    told = parsed("".join(event_stream.events(lambda: next(states), every=0)))
    assert [(kind, data) for kind, _, data in told] == [
        ("progress", {"p": 1}),
        ("progress", {"p": 2}),
        ("end", {}),
    ]


def test_who_comes_back_is_not_told_twice():
    last = event_stream.tag({"p": 1})
    states = iter([("progress", {"p": 1}), ("end", {"p": 2})])
    told = parsed("".join(event_stream.events(lambda: next(states), last, every=0)))
    assert [kind for kind, _, _ in told] == ["end"]


def test_a_quiet_stream_gives_signs_of_life():
    stream = event_stream.events(lambda: ("progress", {}), seconds=60, every=0.001)
    _retry, change, sign = (next(stream) for _ in range(3))
    stream.close()
    assert len(parsed(change)) == 1 and sign == ": still here\n\n"


def test_a_stream_ends_by_itself():
    out = list(event_stream.events(lambda: ("progress", {}), seconds=0.05, every=0.01))
    assert len(parsed("".join(out))) == 1


def test_an_erased_one_ends_the_stream():
    assert "event: gone" in "".join(event_stream.events(lambda: None))


def test_too_many_streams_are_one_event_each():
    open_ones = [event_stream.events(lambda: ("progress", {}), seconds=60) for _ in range(3)]
    try:
        for one in open_ones:
            next(one)
        late = list(event_stream.events(lambda: ("progress", {}), seconds=60))
        assert late[0] == f"retry: {event_stream.RETRY_FULL}\n\n"
        assert len(late) == 2
    finally:
        for one in open_ones:
            one.close()
    assert next(event_stream.events(lambda: None)) == f"retry: {event_stream.RETRY}\n\n"


def test_running_is_told_with_its_stage(waiting, monkeypatch):
    Job.objects.filter(pk=waiting.job_id).update(state=State.RUNNING, progress=0.4, message="Fill")
    monkeypatch.setattr(event_stream.events, "__kwdefaults__", {"seconds": 0.0, "every": 1.0})
    ((kind, _, data),) = parsed(text(stream(waiting)))
    assert (kind, data["state"], data["stage"], data["percent"]) == (
        "progress",
        "running",
        "Fill",
        40,
    )
