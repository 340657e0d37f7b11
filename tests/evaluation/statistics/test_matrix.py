"""Roles against every address: what a voter may open is listed here, and nothing else opens.

A new address that voters or everybody may open fails this test until it is looked at: can it
tell whose work is on the screen? Only then does it belong into the lists below.
"""

import re
import uuid

import pytest

from config.web.roles import PUBLIC, SIGNED_IN, allowed_roles
from tests.conftest import person
from tests.evaluation.conftest import SECRETS
from tests.test_architecture import views

VOTERS = {
    "studies/",
    "studies/ballot/<str:token>/<str:slot>",
    "studies/<int:number>/conflict/",
    "studies/<int:number>/colours/",
    "studies/<int:number>/colours/<int:plate>",
    "studies/<int:number>/vote/",
    "api/v1/studies/<int:number>/ballot",
    "api/v1/studies/<int:number>/ballot/ahead",
    "api/v1/ballots/<str:token>/vote",
    "api/v1/ballots/<str:token>/undo",
}
STAFF = {"loop/"}  # every role: counts, and what is in production for reviewers alone
EVERYBODY = {
    "",
    "privacy/",
    "imprint/",
    "work/",  # sends each to her own page
    "handed-over/<str:token>/",  # results of the lab's own photos, no weights
    "handed-over/<str:token>/all.zip",
    "handed-over/<str:token>/<uuid:pk>/<slug:kind>.<slug:form>",
    "restore/",
    "restore/sent/",
    "restore/sent/all.zip",
    "restore/<str:token>/",
    "restore/<str:token>/all.zip",
    "restore/<str:token>/delete/",
    "restore/<str:token>/feedback/",
    "restore/<str:token>/frame/",
    "restore/<str:token>/leave/",
    "restore/<str:token>/name/",
    "restore/<str:token>/mask/",
    "restore/<str:token>/mask/save/",
    "restore/<str:token>/mask/file/",
    "restore/<str:token>/mask/stroke/",
    "restore/<str:token>/mask/stroke/<uuid:pk>/",
    "restore/<str:token>/show/",
    "restore/<str:token>/answers/",
    "restore/<str:token>/variant/",
    "restore/<str:token>/again/",
    "restore/<str:token>/tones/",
    "restore/<str:token>/colours/",
    "restore/<str:token>/colours/<slug:kind>.jpg",
    "colours/swatches.json",  # names of cloth and skin, no weights
    "api/v1/swatches/",
    "api/v1/restorations/<str:token>/colours/",
    "api/v1/restorations/<str:token>/frame/",
    "restore/<str:token>/<slug:kind>.<slug:form>",
    "gallery/",  # names no weights
    "gallery/<uuid:pk>/",
    "gallery/<uuid:pk>/<slug:kind>.<slug:form>",
    "account/login/",
    "account/logout/",
    "account/password/",
    "account/password/done/",
    "account/data/",
    "account/data/take/",
    "account/second-factor/",
    "account/second-factor/off/",
    "account/inbox/",
    "account/inbox/read/",
    "account/inbox/mail/",
    "account/link/<str:token>/",
    "account/forgot/",
    "account/sign-on/",
    "account/sign-on/back/",
    "account/sign-on/link/",
    "account/time-zone/",
    "account/tokens/",
    "account/tokens/<int:number>/revoke/",
    "studies/guest/<str:token>/",  # a guest's invitation: the question, no candidate
    "health/live",
    "health/ready",
    "metrics",
    "api/",  # the schema as a page
    "api/schema/",
    "api/v1/token/",
    "api/v1/webhooks/",
    "api/v1/webhooks/<uuid:webhook>/",
    "api/v1/webhooks/<uuid:webhook>/deliveries/",
    "api/v1/uploads/",
    "api/v1/uploads/<str:token>/",
    "api/v1/restorations/",
    "api/v1/restorations/<str:token>/",
    "api/v1/restorations/<str:token>/answers/",
    "api/v1/restorations/<str:token>/mask/",
    "api/v1/restorations/<str:token>/<slug:kind>.<slug:form>",
}
EXAMPLES = {"uuid": str(uuid.UUID(int=7)), "int": "1", "str": "x", "slug": "x"}


def routes():
    return {route: view for route, view in views() if not route.startswith("admin/")}


def roles_of(view):
    api = getattr(view, "cls", None)
    return set(getattr(api, "roles", ())) if api is not None else set(allowed_roles(view))


def address(route):
    return "/" + re.sub(r"<(\w+):\w+>", lambda found: EXAMPLES[found.group(1)], route)


def test_what_voters_may_open_is_listed():
    open_to_voters = {route for route, view in routes().items() if "voter" in roles_of(view)}
    assert open_to_voters == VOTERS | STAFF


def test_what_everybody_may_open_is_listed():
    own_rules = {"api/schema/"}  # another package's class
    free = {r for r, view in routes().items() if {PUBLIC, SIGNED_IN} & roles_of(view)}
    assert free | own_rules == EVERYBODY


@pytest.mark.parametrize("route", sorted(set(routes()) - VOTERS - STAFF - EVERYBODY))
def test_every_other_address_is_closed_to_voters(route, study, voter, sign_in):
    client = sign_in(voter)
    for answer in (client.get(address(route)), client.post(address(route))):
        assert answer.status_code in (403, 404, 405), route
        assert not any(name.encode() in answer.content.lower() for name in SECRETS)


@pytest.mark.parametrize("route", sorted(VOTERS))
@pytest.mark.parametrize("roles", [(), ("assessor",), ("reviewer",)])
def test_a_voters_address_is_closed_to_others(route, roles, study, sign_in, client, db):
    someone = sign_in(person("otto", *roles)) if roles else client
    expected = (403, 405) if roles else (302, 401, 403, 405)
    assert someone.get(address(route)).status_code in expected
    assert someone.post(address(route)).status_code in expected


@pytest.mark.parametrize(
    "route", ["admin/", "admin/evaluation/study/", "admin/training/modelversion/"]
)
def test_the_admin_site_is_closed_to_voters(route, study, voter, sign_in):
    assert sign_in(voter).get(f"/{route}").status_code == 302


def test_the_loop_names_no_version_to_voters(study, voter, sign_in):
    page = sign_in(voter).get("/loop/")
    assert page.status_code == 200
    assert not any(name.encode() in page.content.lower() for name in SECRETS)
