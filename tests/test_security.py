"""Doors that must stay shut: sources, headers, sign-in, forms, logs, and the record of acts."""

import ast
import io
import subprocess
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import AuditEvent
from pipeline.models import Restoration
from tests.pipeline.builders import upload
from tests.test_architecture import sources

pytestmark = pytest.mark.django_db
PAGES = ["/", "/restore/", "/account/login/", "/api/schema/", "/health/live", "/nothing-here/"]


def calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), {k.arg: ast.unparse(k.value) for k in node.keywords}


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def test_no_source_can_run_what_it_reads():
    """No pickle, no eval, no shell; torch and NumPy load numbers only."""
    wrong = []
    for path in sources():
        tree = ast.parse(path.read_text())
        for module, name in imports(tree):
            if module.split(".")[0] in ("pickle", "dill", "joblib", "shelve", "marshal", "yaml"):
                wrong += [f"{path}: {module}"] if name != "UnpicklingError" else []
        for name, given in calls(tree):
            if name in ("eval", "exec", "os.system", "os.popen", "mark_safe"):
                wrong.append(f"{path}: {name}")
            if name == "torch.load" and given.get("weights_only") != "True":
                wrong.append(f"{path}: torch.load")
            if given.get("shell") == "True" or given.get("allow_pickle") == "True":
                wrong.append(f"{path}: {name}")
    assert not wrong


def test_no_template_turns_escaping_off():
    root = Path(__file__).resolve().parents[1]
    templates = [*root.glob("templates/**/*.html"), *root.glob("*/templates/**/*.html")]
    words = ("|safe", "autoescape off", " onclick=", " style=", "javascript:")
    assert len(templates) > 20
    texts = {t.name: t.read_text().replace("help_text|safe", "") for t in templates}  # Django's own
    assert not [(name, word) for name, text in texts.items() for word in words if word in text]


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_carries_the_headers(page, client):
    answer = client.get(page)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "*" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("word", ["correct hors", "password1234", "123456789012", "ada-assessor"])
def test_weak_passwords_are_refused(word):
    user = User(username="ada-assessor")
    if word == "correct hors":
        assert validate_password(word, user) is None
        word = word[:-1]
    with pytest.raises(ValidationError):
        validate_password(word, user)


def sign_in_as(client, name, password):
    return client.post("/account/login/", {"username": name, "password": password})


def test_five_wrong_passwords_lock_the_name_at_that_address(assessor, voter, client, settings):
    settings.AXES_ENABLED = True
    for _ in range(5):
        answer = sign_in_as(client, "ada", "wrong")
    assert answer.status_code in (403, 429)
    assert sign_in_as(client, "ada", "correct horse").status_code in (403, 429)
    assert sign_in_as(Client(), "vera", "correct horse").status_code == 302
    elsewhere = Client(REMOTE_ADDR="10.9.8.7")
    assert sign_in_as(elsewhere, "ada", "correct horse").status_code == 302


def test_a_session_gets_a_new_key_at_sign_in_and_ends_at_sign_out(assessor, client):
    client.get("/restore/")
    sign_in_as(client, "ada", "correct horse")
    key = client.cookies["sessionid"].value
    assert client.cookies["sessionid"]["httponly"] and client.cookies["sessionid"]["samesite"]
    client.post("/account/logout/")
    stolen = Client()
    stolen.cookies["sessionid"] = key
    assert stolen.get("/annotate/").status_code == 302


def test_an_upload_sets_nothing_but_its_own_fields(client, admin):
    given = {
        "photo": io.BytesIO(upload()), "owner": admin.pk, "token": "mine", "training_allowed": "",
        "expires_at": "2999-01-01", "origin": "import", "created_by": admin.pk, "state": "ready",
    }  # fmt: skip
    given["photo"].name = "a.png"
    assert client.post("/api/v1/restorations/", given).status_code == 201
    row = Restoration.objects.get()
    assert (row.owner, row.photo.created_by, row.photo.origin) == (None, None, "visitor")
    assert row.token != "mine" and row.photo.state == "received" and row.expires_at.year < 2999


def test_no_secret_reaches_the_log(client, assessor, caplog, settings):
    settings.AXES_ENABLED = True
    caplog.set_level("DEBUG")
    sign_in_as(client, "ada", "a-wrong-secret")
    sign_in_as(client, "ada", "correct horse")
    said = {"username": "ada", "password": "correct horse", "name": "x", "scopes": []}
    token = client.post("/api/v1/token/", said, "application/json").json().get("token", "none")
    client.get("/api/v1/restorations/", headers={"authorization": f"Bearer {token}"})
    key = client.cookies["sessionid"].value
    for secret in ("a-wrong-secret", "correct horse", token, key, settings.SECRET_KEY):
        assert secret not in caplog.text


def test_what_an_admin_does_is_written_down(sign_in, admin, voter):
    from photos.models import Photo

    photo = Photo.objects.create(title="x", state="ready")
    client = sign_in(admin)
    client.post(f"/annotate/photos/{photo.pk}/erase/", {"sure": "1"})
    act = AuditEvent.objects.get()
    assert (act.name, act.method, act.route) == (
        "amir", "POST", "annotate/photos/<uuid:photo_id>/erase/",
    )  # fmt: skip
    assert act.of == {"photo_id": str(photo.pk)} and act.request_id


def test_a_change_of_roles_is_written_down(sign_in, admin, voter):
    from django.contrib.auth.models import Group

    given = {"username": "vera", "groups": Group.objects.get_or_create(name="admin")[0].pk}
    given |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00", "is_active": "on"}
    answer = sign_in(admin).post(f"/admin/auth/user/{voter.pk}/change/", given)
    assert answer.status_code == 302
    assert AuditEvent.objects.get().of == {"object_id": str(voter.pk)}


def test_looking_and_being_refused_are_no_acts(sign_in, admin, voter):
    sign_in(admin).get("/annotate/photos/")
    sign_in(admin).post(
        "/annotate/photos/7f0e0a50-0000-4000-8000-000000000000/erase/", {"sure": "1"}
    )
    sign_in(voter).post("/studies/new/")
    assert not AuditEvent.objects.exists()


@pytest.mark.services
def test_no_act_is_changed_later():
    AuditEvent.objects.create(person=1, name="amir", method="POST", route="x", status=200)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(name="somebody else")


def test_no_secret_is_in_the_repository():
    root = Path(__file__).resolve().parents[1]
    found = subprocess.run(
        ["git", "grep", "-nIE", "AKIA[0-9A-Z]{16}|BEGIN (RSA|EC|OPENSSH) PRIVATE|ghp_[A-Za-z0-9]{36}"],
        cwd=root, capture_output=True, text=True,
    )  # fmt: skip
    assert [line for line in found.stdout.splitlines() if "test_security" not in line] == []


def test_the_audit_names_holes_and_passes_offline(capsys):
    from tests.benchmarks import audit

    hole = {"id": "PYSEC-1", "fixed_in": ["99.0"]}
    told = {"vulnerabilities": [hole, {"id": "X", "withdrawn": "2020"}]}
    assert audit.check(lambda url: told if "Django" in url else {}) == 1
    assert "PYSEC-1, mended in 99.0" in capsys.readouterr().out

    def offline(url):
        raise OSError("no route to host")

    assert audit.check(offline) == 0
    assert audit.OFFLINE in capsys.readouterr().out
