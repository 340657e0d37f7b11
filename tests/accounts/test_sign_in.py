"""Whose wrong passwords are counted: the caller's, also behind proxies, whatever the header claims."""

import ast
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from accounts.models import AuditEvent
from accounts.sign_in import MOST_FROM_AN_ADDRESS
from config.web.client_address import behind_proxies, client_address, neighbourhood
from tests.conftest import person
from tests.test_architecture import ROOT, sources

pytestmark = pytest.mark.django_db
MALLORY, ADA = "198.51.100.9", "203.0.113.5"


@pytest.fixture(autouse=True)
def counted(settings):
    settings.AXES_ENABLED = True
    cache.clear()


def sign_in(name, password, *, came_from, claimed="", path="/account/login/"):
    """Through one proxy, which appends the address that called it."""
    said = {"username": name, "password": password, "scopes": "restorations:read"}
    forwarded = f"{claimed}, {came_from}" if claimed else came_from
    return Client(REMOTE_ADDR="10.0.0.1").post(path, said, headers={"x-forwarded-for": forwarded})


@pytest.mark.parametrize(
    ("forwarded", "proxies", "caller"),
    [
        ("", 0, "10.0.0.1"),
        ("1.2.3.4", 0, "10.0.0.1"),  # no proxy of ours: anyone can write this
        ("1.2.3.4", 1, "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4", 1, "1.2.3.4"),  # what stands further left was sent by the caller
        ("6.6.6.6, 1.2.3.4, 10.0.0.2", 2, "1.2.3.4"),
        ("1.2.3.4", 2, "1.2.3.4"),
        ("", 1, "10.0.0.1"),
        ("[2001:db8::1]:4711", 1, "2001:db8::1"),
        ("1.2.3.4:4711", 1, "1.2.3.4"),
        ("::ffff:1.2.3.4", 1, "1.2.3.4"),
        ("'; DROP TABLE --", 1, "unknown"),
        ("\x00" * 500, 1, "unknown"),
    ],
)
def test_the_caller_is_whom_the_outermost_of_our_proxies_saw(forwarded, proxies, caller):
    assert behind_proxies("10.0.0.1", forwarded, proxies) == caller


def test_one_household_of_ipv6_is_one_caller():
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:2") != "2001:db8::1"
    assert neighbourhood("1.2.3.4") == "1.2.3.4"


@pytest.mark.parametrize("path", ["/account/login/", "/api/v1/token/"])
def test_nobody_locks_others_out_through_a_proxy(settings, assessor, path):
    settings.PROXY_COUNT = 1
    for number in range(6):
        sign_in("ada", "wrong", came_from=MALLORY, claimed=f"203.0.113.{number}", path=path)
    locked = sign_in("ada", "correct horse", came_from=MALLORY, path=path)
    assert locked.status_code in (400, 403, 429)
    welcome = sign_in("ada", "correct horse", came_from=ADA, path=path)
    assert welcome.status_code in (200, 302)


def test_one_password_tried_over_many_names_is_limited(settings, assessor):
    settings.PROXY_COUNT = 1
    answers = [
        sign_in(f"somebody{number}", "Sommer2026!", came_from=MALLORY).status_code
        for number in range(MOST_FROM_AN_ADDRESS + 2)
    ]
    assert answers[:5] == [200] * 5 and answers[-1] in (403, 429)
    assert sign_in("ada", "correct horse", came_from=MALLORY).status_code in (403, 429)
    assert sign_in("ada", "correct horse", came_from=ADA).status_code == 302


def test_an_attackers_own_account_does_not_wipe_the_count(settings, assessor):
    settings.PROXY_COUNT = 1
    person("mallory")
    for number in range(MOST_FROM_AN_ADDRESS):
        sign_in(f"somebody{number}", "Sommer2026!", came_from=MALLORY)
        if number % 4 == 0:
            sign_in("mallory", "correct horse", came_from=MALLORY)
    assert sign_in("ada", "Sommer2026!", came_from=MALLORY).status_code in (403, 429)


def test_audit_and_throttles_name_the_same_caller(settings, admin, voter):
    from pipeline.services.uploads.throttles import UploadThrottle

    settings.PROXY_COUNT = 1
    client = Client(REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": f"6.6.6.6, {ADA}"})
    client.force_login(admin)
    client.post(f"/admin/auth/user/{voter.pk}/password/", {"password1": "a" * 14 + "Q7"})
    given = {"username": "vera", "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    client.post(f"/admin/auth/user/{voter.pk}/change/", given)
    assert {row.address for row in AuditEvent.objects.all()} == {ADA}
    asked = RequestFactory(REMOTE_ADDR="10.0.0.1").get("/", headers={"x-forwarded-for": ADA})
    assert UploadThrottle().get_ident(asked) == client_address(asked) == ADA


def test_nothing_else_reads_the_callers_address():
    """The siblings: one function knows where the address stands; /metrics asks for the peer."""
    allowed = {
        "config/web/client_address.py",
        "config/server/reception.py",
        "jobs/monitoring/metrics.py",
    }
    words = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "X-Forwarded-For", "x-forwarded-for")
    found = set()
    for path in sources():
        strings = [
            node.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and " " not in node.value
        ]
        if any(word in strings for word in words):
            found.add(str(Path(path).relative_to(ROOT)))
    assert found <= allowed
    throttles = [path for path in sources() if "(SimpleRateThrottle)" in path.read_text()]
    assert [path.name for path in throttles] == ["throttles.py"]
