"""Every address, refused in every way, with every logger at its loudest: no private link in any line."""

import errno
import io
import logging
import logging.config
from copy import deepcopy

import pytest
from django.conf import settings as site_settings
from django.core.cache import cache
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.handlers.base import BaseHandler
from django.db import OperationalError
from django.http import Http404
from django.test import Client

from accounts.throttles import ApiThrottle
from config.errors import Refused
from config.web.log_privacy import routed
from tests.test_architecture import views
from tests.test_permissions import EXAMPLES, METHODS

pytestmark = pytest.mark.django_db
TOKEN = "5eRHVGAnRGOW21rOtscTL4sm-A1_b2C3"  # as long as a private link, and alike in all workers
ROUTES = sorted({route for route, _ in views() if not route.startswith("admin/")})
FAULTS = {
    "400": lambda: BadRequest(f"bad request for /restore/{TOKEN}/"),
    "400 suspicious": lambda: SuspiciousOperation(f"of {TOKEN}"),
    "403": lambda: PermissionDenied(f"not /restore/{TOKEN}/"),
    "404": lambda: Http404(f"nothing at /restore/{TOKEN}/all.zip"),
    "409": lambda: Refused("This cannot be done."),
    "500": lambda: RuntimeError(
        f"a fault of /api/v1/restorations/{TOKEN}/result.png?again={TOKEN}"
    ),
    "503": lambda: OperationalError(f"database is locked while reading {TOKEN}"),
    "507": lambda: OSError(errno.ENOSPC, "No space left on device", f"/var/x/{TOKEN}.part"),
}


@pytest.fixture(params=["plain", "json"])
def log(request):
    """What the settings' own handler writes, of every logger, debug lines too."""
    cache.clear()
    written = io.StringIO()
    kept = logging.root.handlers[:], logging.root.level
    given = deepcopy(site_settings.LOGGING)
    configured = logging.config.DictConfigurator(given)
    filters = [configured.configure_filter(of) for of in given["filters"].values()]
    handler = logging.StreamHandler(written)
    handler.setFormatter(configured.configure_formatter(given["formatters"][request.param]))
    for one in filters:
        handler.addFilter(one)
    logging.root.handlers, logging.root.level = [handler], logging.DEBUG
    for name in ("django.request", "django.security", "django.security.csrf", "heirloom.request"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield written
    logging.root.handlers, logging.root.level = kept


def address(route):
    filled = "/" + route
    for kind in ("uuid", "int", "slug", "path"):
        for part in [p for p in route.split("<")[1:] if p.startswith(kind)]:
            filled = filled.replace(f"<{part.partition('>')[0]}>", EXAMPLES[kind])
    for part in [p for p in route.split("<")[1:] if p.startswith("str")]:
        filled = filled.replace(f"<{part.partition('>')[0]}>", TOKEN)
    return filled


def addresses():
    """Each route with the secret in its place, and what a person makes of an address by mistake."""
    for route in ROUTES:
        at = address(route)
        yield from ((at, method) for method in METHODS)
        yield f"{at}?next=/restore/{TOKEN}/", "post"
        if TOKEN in at:
            slips = (at.replace(TOKEN, TOKEN + "x"), f"/{at}", f"{at}%20and more", at.upper())
            yield from ((slip, "get") for slip in (*slips, f"{at}nothing", at.rstrip("/")))


def test_no_refusal_of_any_address_writes_a_private_link(log):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    seen = set()
    for at, method in addresses():
        answer = client.generic(
            method.upper(), at, b"{", "application/json",
            headers={"referer": f"https://elsewhere.example/restore/{TOKEN}/"},
        )  # fmt: skip
        seen.add(answer.status_code)
    assert {400, 403, 404, 405} <= seen
    written = log.getvalue()
    assert "/restore/<str:token>/" in written
    assert TOKEN not in written and TOKEN[:16] not in written


def test_no_refusal_of_the_api_writes_a_private_link(log, monkeypatch):
    client = Client(raise_request_exception=False)
    long = {"content_length": str(10**12), "upload_length": str(10**12), "tus_resumable": "1.0.0"}
    seen = set()
    for rate, headers in (("1000/hour", {}), ("1000/hour", long), ("1/hour", {})):
        monkeypatch.setattr(ApiThrottle, "rate", rate, raising=False)
        for route in (route for route in ROUTES if route.startswith("api/")):
            for method, kind in (("POST", "text/odd"), ("PATCH", "a/b"), ("GET", ""), ("HEAD", "")):
                answer = client.generic(method, address(route), b"x", kind, headers=headers)
                seen.add(answer.status_code)
    assert {404, 405, 413, 415, 429} <= seen
    assert TOKEN not in log.getvalue() and TOKEN[:16] not in log.getvalue()


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_of_any_view_writes_a_private_link(log, fault, monkeypatch, admin):
    def break_down(*_, **__):
        raise FAULTS[fault]()

    monkeypatch.setattr(BaseHandler, "make_view_atomic", lambda self, view: break_down)
    client = Client(raise_request_exception=False)
    client.force_login(admin)
    for route in ROUTES:
        assert client.get(address(route)).status_code >= 400
    written = log.getvalue()
    assert len(written.splitlines()) >= len(ROUTES)
    assert TOKEN not in written
    assert ("Traceback" in written) == (fault[:3] >= "500")


LINES = [
    f"GET https://photos.example.org/restore/{TOKEN}/all.zip HTTP/1.1",
    f"'next': '/account/login/?next=%2Frestore%2F{TOKEN}%2F'",
    f"%252Frestore%252F{TOKEN}%252Fmask",
    "Bearer heirloom_2AQIky_Rq79DK5G3WFgcLoViUuW6e73n_Tj2cptbJ-g",
    f"job for {TOKEN}: failed",
    f"//restore//{TOKEN}/",
    f"/RESTORE/{TOKEN.lower()}/",
    f"token={TOKEN},",
    f"/api/v1/uploads/{TOKEN}/ and /restore/{TOKEN}/faces.png",
]


@pytest.mark.parametrize("line", LINES)
def test_no_form_of_a_link_passes(line):
    secret = line.partition("heirloom_")[2] or TOKEN
    assert secret[:20].lower() not in routed(line).lower()


@pytest.mark.parametrize(
    "line",
    ['File "/srv/heirloom/config/urls.py", line 3', "/health/ready 503 after 3 s", "1/2 of 3/4"],
)
def test_what_is_no_secret_stays_readable(line):
    assert routed(line) == line


def test_the_web_servers_own_log_is_filtered_too(capsys):
    from gunicorn.config import Config

    from config.server.logging import QuietLogger

    given = Config()
    given.set("loglevel", "debug")
    QuietLogger(given).error("Error handling request %s", f"/restore/{TOKEN}/")
    said = capsys.readouterr()
    assert "Error handling request" in said.err + said.out and TOKEN not in said.err + said.out


def test_what_a_child_prints_is_filtered_by_the_supervisor(caplog):
    from jobs.operations.supervisor import Child, Supervisor

    caplog.set_level("INFO")
    supervisor = Supervisor([Child("web", ["true"])], logging.getLogger("t"))
    supervisor.line("web", f"ValueError: https://x.example/restore/{TOKEN}/")
    assert "ValueError" in caplog.text and TOKEN not in caplog.text


@pytest.mark.parametrize(("said", "written"), [
    ("ready at http://localhost:8000/ after 3 s", "ready at http://localhost:8000/ after 3 s"),
    ("http://localhost:8000/activity/", "http://localhost:8000/activity/"),
    (f"https://lab.example/restore/{TOKEN}/", "https://lab.example/restore/<str:token>/"),
    (f"https://lab.example//Restore/{TOKEN}/x", "https://lab.example/restore/…"),
    (f"https://anna:word@lab.example/restore/{TOKEN}/", "https://lab.example/restore/<str:token>/"),
])  # fmt: skip
def test_where_the_site_is_may_be_read(said, written):
    import config.urls  # noqa: F401  routes are known once the addresses are loaded

    assert routed(said).lower() == written.lower()
