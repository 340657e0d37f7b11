"""Who may do what: every role at every address with every method, against a table that is read.

The table (permissions.tsv) is written by hand when an address comes or changes: the test that
compares it with the code fails until then.
"""

import re
import uuid
from pathlib import Path

import pytest
from django.test import Client

from config.web.roles import PUBLIC, SIGNED_IN, allowed_roles
from tests.conftest import person
from tests.test_architecture import views

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("permissions.tsv")
EXAMPLES = {"uuid": str(uuid.UUID(int=7)), "int": "7", "str": "x", "slug": "x", "path": "x"}
METHODS = ("get", "options", "post", "put", "patch", "delete")
ACTORS = ("anonymous", "nobody", "assessor", "reviewer", "voter", "admin")


@pytest.fixture(autouse=True)
def no_counts():
    from django.core.cache import cache

    cache.clear()


def table():
    lines = (line.split("\t") for line in TABLE.read_text().splitlines())
    return {route: set(roles.split()) for route, roles in lines}


def declared():
    found = {}
    for route, view in views():
        if not route.startswith("admin/"):
            api = getattr(view, "cls", None)
            own = getattr(api, "roles", ("other",)) if api is not None else allowed_roles(view)
            found[route] = set(own)
    return found


def address(route):
    return "/" + re.sub(r"<(\w+):\w+>", lambda found: EXAMPLES[found.group(1)], route)


def test_the_table_names_every_address_and_its_roles():
    assert declared() == table()


def client_of(actor):
    client = Client()
    if actor != "anonymous":
        roles = [actor] if actor != "nobody" else []
        user = person(f"one {actor}", *roles)
        client.force_login(user)
    return client


def may_enter(actor, roles):
    if PUBLIC in roles or "other" in roles:
        return True
    return actor != "anonymous" and (SIGNED_IN in roles or bool({actor} & (roles | {"admin"})))


def is_login(answer):
    return answer.status_code == 302 and "/account/login/" in answer.headers["Location"]


@pytest.mark.parametrize("actor", ACTORS)
def test_nobody_gets_in_where_the_table_says_no(actor):
    client, wrong = client_of(actor), []
    for route, roles in table().items():
        if may_enter(actor, roles):
            continue
        for method in METHODS:
            answer = getattr(client, method)(address(route))
            # A preflight of a REST view says which methods there are, and nothing else.
            if answer.status_code not in (401, 403, 404, 405) and not is_login(answer):
                wrong.append((method, route, answer.status_code))
    assert not wrong


@pytest.mark.parametrize("actor", ACTORS)
def test_whoever_may_enter_meets_no_closed_door_and_no_crash(actor):
    client, wrong = client_of(actor), []
    for route, roles in table().items():
        if "logout" in route or not may_enter(actor, roles):
            continue
        for method in ("get", "post", "put", "delete"):
            status = getattr(client, method)(address(route)).status_code
            if status >= 500:
                wrong.append((method, route, status))
    assert not wrong


POSTS = [r for r, roles in table().items() if TABLE.exists() and "api/" not in r]


def test_no_page_takes_a_post_without_its_token(admin):
    """A form of another site, sent with an admin's cookies."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    taken = {r: client.post(address(r)).status_code for r in POSTS}
    assert {r: s for r, s in taken.items() if s not in (403, 404, 405)} == {}


def test_no_call_of_the_api_takes_a_session_without_its_token(admin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    calls = [r for r in table() if r.startswith("api/v1/")]
    taken = {r: client.post(address(r), {}, "application/json").status_code for r in calls}
    assert {r: s for r, s in taken.items() if s not in (400, 401, 403, 404, 405, 415, 429)} == {}
