"""Webhooks: signed, told once, tried again, and never sent into this network."""

import http.server
import ipaddress
import json
import re
import socket
import threading
from pathlib import Path

import pytest

from jobs.models import Job, State
from pipeline import services
from pipeline.models import Delivery, Webhook
from pipeline.services import safe_http, webhooks
from tests.pipeline.builders import ready_photo

URL = "https://lab.example.org/hook"


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))
        self.send_response(self.server.status)
        for name, value in self.server.more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"heard" * 1000)

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver(settings):
    """A server on loopback, which only the setting allows to ask."""
    settings.WEBHOOKS_PRIVATE = True
    settings.WEBHOOK_PORTS = range(1024, 65536)
    server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
    server.heard, server.status, server.more = [], 200, {}
    server.url = f"http://127.0.0.1:{server.server_port}/hook?x=1"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def webhook(receiver, stranger):
    return webhooks.listen(owner=stranger, url=receiver.url)


def due_at_once():
    Job.objects.filter(kind="pipeline.deliver", state=State.QUEUED).update(
        available_at="2020-01-01T00:00Z"
    )


def verified():
    """The function that the documentation tells receivers to copy."""
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    code = next(
        part for part in re.findall(r"```python\n(.*?)```", page, re.S) if "def verified" in part
    )
    place = {}
    exec(code, place)
    return place["verified"]


def test_the_owner_is_told_of_the_end(webhook, receiver, stranger, production, run_jobs):
    row = services.restore_later(photo=ready_photo(), owner=stranger)
    run_jobs()
    ((headers, body),) = receiver.heard
    told = json.loads(body)
    assert told["event"] == "restoration.succeeded"
    assert told["restoration"]["url"].endswith(f"/api/v1/restorations/{row.token}/")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts) == ("delivered", 200, 1)
    assert told["id"] == str(delivery.pk) == headers["webhook-id"]


def test_the_documented_check_believes_it_and_nothing_else(webhook, receiver, run_jobs):
    webhooks.ping_later(webhook)
    run_jobs()
    ((headers, body),) = receiver.heard
    check = verified()
    assert check(webhook.secret, headers, body)
    assert not check(webhook.secret, headers, body + b" ")
    assert not check("whsec_AAAA", headers, body)
    assert not check(webhook.secret, {**headers, "webhook-timestamp": "1700000000"}, body)


def test_a_failure_is_told_by_the_next_look(webhook, receiver, stranger, run_jobs):
    services.restore_later(photo=ready_photo(), owner=stranger)
    run_jobs()  # nothing is in production: it fails
    assert webhooks.tell_missing_later() == 1
    assert webhooks.tell_missing_later() == 0
    run_jobs()
    assert json.loads(receiver.heard[0][1])["event"] == "restoration.failed"


def test_others_are_not_told(webhook, receiver, voter, production, run_jobs):
    services.restore_later(photo=ready_photo(), owner=voter)
    services.restore_later(photo=ready_photo())
    run_jobs()
    assert webhooks.tell_missing_later() == 0
    assert not receiver.heard


def test_what_is_not_heard_is_sent_again_later(webhook, receiver, run_jobs):
    receiver.status = 503
    delivery = webhooks.ping_later(webhook)
    run_jobs()
    job = Job.objects.get(kind="pipeline.deliver")
    assert (job.state, job.attempt) == (State.QUEUED, 1)
    assert 3 < (job.available_at - job.started_at).total_seconds() < 8
    receiver.status = 204
    due_at_once()
    run_jobs()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("delivered", 2)
    assert receiver.heard[0][0]["webhook-id"] == receiver.heard[1][0]["webhook-id"]


def test_after_the_last_attempt_it_is_lost(webhook, receiver, run_jobs):
    receiver.status = 500
    webhooks.ping_later(webhook)
    for _ in range(len(webhooks.RETRY_PAUSES_SECONDS) + 1):
        due_at_once()
        run_jobs()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("lost", 8)
    assert Job.objects.get(kind="pipeline.deliver").state == State.FAILED
    webhook.refresh_from_db()
    assert webhook.failures == 1


def test_gone_switches_it_off(webhook, receiver, run_jobs):
    receiver.status = 410
    webhooks.ping_later(webhook)
    run_jobs()
    webhook.refresh_from_db()
    assert webhook.disabled_at is not None
    webhooks.ping_later(webhook)
    run_jobs()
    assert len(receiver.heard) == 1


def test_ten_lost_in_a_row_switch_it_off(webhook):
    for _ in range(9):
        webhook.note(lost=True)
    webhook.note(lost=False)
    for _ in range(10):
        webhook.refresh_from_db()
        assert webhook.disabled_at is None
        webhook.note(lost=True)
    webhook.refresh_from_db()
    assert webhook.disabled_at is not None


def test_redirects_are_not_followed(webhook, receiver, run_jobs):
    receiver.status, receiver.more = 302, {"Location": "http://169.254.169.254/"}
    webhooks.ping_later(webhook)
    run_jobs()
    assert Delivery.objects.get().status == 302
    assert len(receiver.heard) == 1


def test_nobody_there_is_tried_again(webhook, receiver, run_jobs):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    Webhook.objects.update(url=f"http://127.0.0.1:{port}/")
    webhooks.ping_later(webhook)
    run_jobs()
    assert Delivery.objects.get().state == "pending"
    assert "ConnectionRefusedError" in Delivery.objects.get().answer


def test_a_slow_receiver_is_cut_off(monkeypatch, settings):
    settings.WEBHOOK_PORTS = range(1024, 65536)
    monkeypatch.setattr(safe_http, "DEADLINE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(OSError):
            safe_http.post(url, b"{}", {}, private=True)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "192.0.2.1",
        "fec0::1", "feff::1", "192.88.99.1", "2002:c058:6301::", "::ffff:192.88.99.1", "3fff::1",
    ],
)  # fmt: skip
def test_addresses_that_are_never_asked(address, monkeypatch):
    assert not safe_http.is_public(ipaddress.ip_address(address))
    answer = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: answer)
    with pytest.raises(safe_http.Blocked):
        safe_http.post(URL, b"", {})


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_asked(address):
    assert safe_http.is_public(ipaddress.ip_address(address))


def test_a_name_is_looked_up_once_and_that_address_asked(monkeypatch):
    looked, asked = [], []
    answer = [(0, 0, 0, "", ("93.184.215.14", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: looked.append(a) or answer)

    def connect(address, timeout):
        asked.append(address)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OSError):
        safe_http.post(URL, b"", {})
    assert (len(looked), asked) == (1, [("93.184.215.14", 443)])


@pytest.mark.parametrize(
    "url",
    [
        "http://lab.example.org/", "ftp://lab.example.org/", "https://", "https://a:b@example.org/",
        "https://127.0.0.1/", "https://[::1]/", "https://example.org/#x", "https://example.org:99999/",
        "https://example.org:22/", "https://example.org:8443/", "https://example.org:0/",
        "https://exämple.org/", "https://example.org/a b", "https://e.org/" + "x" * 500,
    ],
)  # fmt: skip
def test_addresses_that_cannot_be_registered(sign_in, stranger, url):
    answer = sign_in(stranger).post("/api/v1/webhooks/", {"url": url}, "application/json")
    assert (answer.status_code, list(answer.json())) == (400, ["url"])


def test_register_list_ping_delete(sign_in, stranger, voter):
    browser = sign_in(stranger)
    made = browser.post("/api/v1/webhooks/", {"url": URL}, "application/json")
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    address = f"/api/v1/webhooks/{made.json()['id']}/"
    assert "secret" not in browser.get(address).json()
    assert browser.get("/api/v1/webhooks/").json()["count"] == 1
    assert browser.post(f"{address}deliveries/").status_code == 202
    assert browser.get(f"{address}deliveries/").json()["results"][0]["event"] == "ping"
    assert sign_in(voter).get(address).status_code == 404
    assert sign_in(voter).post(f"{address}deliveries/").status_code == 404
    assert browser.delete(address).status_code == 204
    assert not Webhook.objects.exists()


def test_strangers_have_no_webhooks(client, db):
    assert client.get("/api/v1/webhooks/").status_code == 401


def test_an_account_has_so_many(stranger, db, monkeypatch):
    monkeypatch.setattr(webhooks, "MAX_WEBHOOKS_PER_ACCOUNT", 1)
    webhooks.listen(owner=stranger, url=URL)
    with pytest.raises(webhooks.Refused, match="at most 1"):
        webhooks.listen(owner=stranger, url=URL)
