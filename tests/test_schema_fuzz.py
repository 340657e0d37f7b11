"""Every operation of the OpenAPI schema with everything schemathesis thinks of, all checks on.

The requests go through WSGI in this process, each from the same rows, and what it did is rolled
back. They are the same at every run; `FUZZ_EXAMPLES=500` makes more of them, at random, and asks
each boundary of each field as well (as `make test-attack` does).
"""

import json
import logging
import os
from contextlib import contextmanager

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from rest_framework.throttling import SimpleRateThrottle
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks

from config.wsgi import application
from tests.annotate.builders import file_of, picture
from tests.schema_rows import build, known, token_of

pytestmark = pytest.mark.django_db
MORE = int(os.environ.get("FUZZ_EXAMPLES", "0"))
JSON = {"Accept": "application/vnd.oai.openapi+json"}
FILES = [file_of(picture(20, 10)), file_of(picture(20, 10), "JPEG"), b"", b"dear diary"]
ACCEPTED, REJECTED = checks.positive_data_acceptance, checks.negative_data_rejection
# What a body may hold is often more than a schema can say; each line says what is missing.
EXCLUDED = {
    # Which answers a ballot takes depends on how many pictures it shows.
    "ballots_vote_create": [ACCEPTED],
    # Only a file of the kind that is named. In forms 0 and 1 are as good as false and true.
    "masks_import_create": [ACCEPTED, REJECTED],
    "photos_create": [ACCEPTED, REJECTED],
    "restorations_create": [ACCEPTED, REJECTED],
    # A file that holds something.
    "rivals_create": [ACCEPTED, REJECTED],
    # Only points inside the photograph, and other strokes than it has.
    "restorations_colours": [ACCEPTED],
    # Only a frame whose middle lies on the scan.
    "restorations_frame": [ACCEPTED],
    # Only a black and white picture of the photograph's shape.
    "restorations_mask": [ACCEPTED],
    # Only a recipe that its stage has, of a snapshot of this site.
    "runs_create": [ACCEPTED],
    # Only bytes with their own checksum; only Base64 of texts that are choices in turn.
    "uploads_append": [ACCEPTED],
    "uploads_create": [ACCEPTED],
    # Only a right name and password, and no form tells 5 from "5".
    "token_create": [ACCEPTED, REJECTED],
    # Only an address of the public internet.
    "webhooks_create": [ACCEPTED],
}


def load(**phases):
    """The schema as it is served. Zero bytes have a test of their own: no schema forbids them."""
    schema = schemathesis.openapi.from_wsgi("/api/schema/", application, headers=JSON)
    schema.config.generation.allow_x00 = False
    for name, enabled in phases.items():
        getattr(schema.config.phases, name).enabled = enabled
    # tus answers 412 to another version of itself, 413 to more than was announced.
    for check in (schema.config.checks.negative_data_rejection,
                  schema.config.checks.missing_required_header):  # fmt: skip
        check.expected_statuses = [*check.expected_statuses, "412", "413"]
    return schema


schemathesis.openapi.format("binary", st.sampled_from(FILES))


@schemathesis.serializer("application/offset+octet-stream")
def octets(context, value):
    return {"data": value if isinstance(value, bytes) else json.dumps(value).encode()}


def walk(examples):
    return settings(
        max_examples=MORE or examples, derandomize=not MORE, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip


@pytest.fixture
def site(admin, voter, settings, tmp_path, monkeypatch):
    """The rows, and a token of each kind; no request closes the connection that holds them."""
    logging.disable(logging.CRITICAL)
    settings.MEDIA_ROOT, settings.ALLOWED_HOSTS = tmp_path, ["*"]
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *asked: True)
    with unclosed():
        scoped = token_of(voter, "studies:read")
        tokens = {"admin": token_of(admin), "scoped": scoped, "nobody": ""}
        yield {"rows": build(admin), "tokens": tokens}
    logging.disable(logging.NOTSET)


@contextmanager
def unclosed():
    """As Django's own test client has it."""
    ends = (signals.request_started, signals.request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


def headers_of(site, who):
    token = site["tokens"][who]
    return {"Authorization": f"Bearer {token}"} if token else {}


def excluded(case):
    return EXCLUDED.get(case.operation.definition.raw["operationId"], [])


def ask(case, site, who):
    """One request and all checks; what it did is taken back."""
    with transaction.atomic():
        try:
            headers = headers_of(site, who)
            case.call_and_validate(headers=headers, excluded_checks=excluded(case))
        finally:
            transaction.set_rollback(True)


def aimed(case, site):
    """The same request at rows that are there, unless its address is wrong on purpose."""
    found = known(site["rows"], case.path)
    path = case.meta.components.get(ParameterLocation.PATH)
    if not found or (path is not None and path.mode.is_negative):
        return False
    case.path_parameters = {**case.path_parameters, **found}
    return True


@load(coverage=bool(MORE)).parametrize()
@walk(8)
def test_an_admin_meets_what_the_schema_says(case, site):
    ask(case, site, "admin")
    if aimed(case, site):
        ask(case, site, "admin")


@load(coverage=False).parametrize()
@walk(4)
def test_others_meet_what_the_schema_says(case, site):
    aimed(case, site)
    for who in ("scoped", "nobody"):
        ask(case, site, who)


LINKS = [
    ("restorations/", "201", "token", "token",
     ["restorations_read", "restorations_delete"]),
    ("webhooks/", "201", "webhook", "id", ["webhooks_read", "webhooks_delete", "webhooks_ping"]),
]  # fmt: skip
MADE = {
    "restorations_create": {"photo": FILES[0]},
    "webhooks_create": {"url": "https://example.org/hook"},
}


def test_what_is_deleted_is_gone_and_what_is_made_is_there(site, tmp_path):
    """Chains of requests, each with what the one before has answered."""
    schema = load().include(path_regex="photos|restorations|webhooks")
    for path, status, name, field, following_ones in LINKS:
        links = {name_: {"operationId": name_, "parameters": {name: f"$response.body#/{field}"}}
                 for name_ in following_ones}  # fmt: skip
        schema.raw_schema["paths"][f"/api/v1/{path}"]["post"]["responses"][status]["links"] = links

    class Chains(schema.as_state_machine()):
        def setup(self):
            self.held = transaction.atomic()
            self.held.__enter__()
            kept = (path for path in tmp_path.rglob("*") if path.is_file())
            self.files = {path: path.read_bytes() for path in kept}

        def teardown(self):
            transaction.set_rollback(True)
            self.held.__exit__(None, None, None)
            for path, data in self.files.items():  # the rows are back, and so are their files
                path.exists() or path.write_bytes(data)

        def before_call(self, case):
            name = case.operation.definition.raw["operationId"]
            case.body = MADE.get(name, case.body)

        def get_call_kwargs(self, case):
            return {"headers": headers_of(site, "admin")}

        def validate_response(self, response, case, additional_checks=None, headers=None):
            left_out, so_far = excluded(case), self.recorder
            case.validate_response(
                response, headers=headers, excluded_checks=left_out, recorder=so_far
            )

    run_state_machine_as_test(
        Chains, settings=settings(walk(20), phases=[Phase.generate], stateful_step_count=8)
    )


ZERO = "a\0b"
TEXTS = {
    "token/": {"username": ZERO, "password": ZERO, "scopes": ZERO},
    "webhooks/": {"url": f"https://example.org/{ZERO}"},
    "ballots/{token}/vote": {"outcome": "left", "reasons": [ZERO]},
    "photos/": {"file": ZERO, "title": ZERO},
    "masks/export/?kind=png&album=%00": None,
    "uploads/%00/": {},
}


@pytest.mark.parametrize("path", TEXTS)
def test_a_zero_byte_is_refused(path, site):
    """PostgreSQL takes none, neither as text nor as JSON."""
    address = "/api/v1/" + path.format(token=site["rows"]["/ballots/{token}"])
    client, kind = Client(headers=headers_of(site, "admin")), "application/json"
    sent = TEXTS[path]
    answer = client.get(address) if sent is None else client.post(address, sent, kind)
    assert answer.status_code in (400, 415) and answer["Content-Type"] == "application/json"


@pytest.mark.parametrize("path", ["token/", "webhooks/", "ballots/{token}/vote"])
def test_brackets_in_brackets_are_refused(path, site):
    address = "/api/v1/" + path.format(token=site["rows"]["/ballots/{token}"])
    client = Client(headers=headers_of(site, "admin"))
    assert client.post(address, "[" * 100_000, "application/json").status_code == 400


def test_what_has_no_address_is_answered_in_json(client):
    answer = client.get("/api/v1/nothing/")
    assert (answer.status_code, list(answer.json())) == (404, ["detail"])


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "offset=-1", "offset=9e9"])
def test_a_wrong_page_is_said(query, site):
    answer = Client(headers=headers_of(site, "admin")).get(f"/api/v1/photos/?{query}")
    assert (answer.status_code, list(answer.json())) == (400, [query.partition("=")[0]])
