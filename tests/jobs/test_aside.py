"""Work that waits for somebody else's computer holds no worker, and one person holds few places."""

import socket
import threading
import time

import pytest
from django.core.cache import cache

from jobs import aside
from jobs.models import Job, State
from jobs.tasks import run
from pipeline.models import Delivery
from pipeline.services import webhooks
from tests.conftest import person
from tests.pipeline.test_webhooks import URL

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def silent(settings):
    """Receivers that take every request and say nothing until the test ends."""
    settings.WEBHOOKS_PRIVATE, settings.WEBHOOK_PORTS = True, range(1024, 65536)
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"
    until = time.monotonic() + 60
    while aside._running and time.monotonic() < until:
        time.sleep(0.05)


def hint(job):
    """As a worker hears of it, not called directly."""
    began = time.monotonic()
    run.apply(args=[str(job.pk)], throw=True)
    return time.monotonic() - began


def test_a_silent_receiver_does_not_hold_the_worker(silent, stranger):
    webhook = webhooks.listen(owner=stranger, url=silent)
    for _ in range(6):
        webhooks.ping_later(webhook)
    took = sum(hint(job) for job in Job.objects.filter(kind="pipeline.deliver"))
    assert took < 5  # six of them, each of which would be waited for ten seconds
    assert aside._running.total() == aside.MOST_OF_ONE
    later = Job.objects.filter(kind="pipeline.deliver", state=State.QUEUED)
    assert later.count() == 4 and set(later.values_list("attempt", flat=True)) == {0}


def test_one_person_leaves_places_to_others(silent, stranger):
    mine = webhooks.listen(owner=stranger, url=silent)
    theirs = webhooks.listen(owner=person("somebody"), url=silent)
    for webhook in (mine, mine, mine, theirs):
        webhooks.ping_later(webhook)
    for job in Job.objects.filter(kind="pipeline.deliver").order_by("created_at"):
        hint(job)
    assert sorted(aside._running.values()) == [1, 2]


def test_a_thread_ends_its_job_like_any_worker(stranger, settings, monkeypatch):
    monkeypatch.setattr(webhooks, "send", lambda row, webhook: (204, ""))
    webhook = webhooks.listen(owner=stranger, url=URL)
    webhooks.ping_later(webhook)
    hint(Job.objects.get())
    until = time.monotonic() + 60
    while Delivery.objects.get().state == "pending" and time.monotonic() < until:
        time.sleep(0.05)
    while aside._running and time.monotonic() < until:
        time.sleep(0.05)
    assert Delivery.objects.get().state == "delivered"
    assert Job.objects.get().state == State.SUCCEEDED


def test_a_thread_that_breaks_gives_its_place_back():
    def fails():
        raise RuntimeError("x")

    before = threading.excepthook
    threading.excepthook = lambda args: None
    try:
        until = time.monotonic() + 60
        for _ in range(2 * aside.MOST):
            while not aside.begin(None, fails):
                assert time.monotonic() < until
                time.sleep(0.01)
        while aside._running and time.monotonic() < until:
            time.sleep(0.01)
    finally:
        threading.excepthook = before
    assert not aside._running


def test_an_account_fills_no_queue_and_asks_no_receiver_in_a_flood(sign_in, stranger, monkeypatch):
    cache.clear()
    monkeypatch.setattr(webhooks, "MAX_PENDING_PER_ACCOUNT", 3)
    browser = sign_in(stranger)
    made = browser.post("/api/v1/webhooks/", {"url": URL}, "application/json").json()
    at = f"/api/v1/webhooks/{made['id']}/deliveries/"
    answers = [browser.post(at).status_code for _ in range(40)]
    assert answers[:3] == [202] * 3 and answers[3] == 409 and answers[-1] == 429
    assert Delivery.objects.count() == 3
