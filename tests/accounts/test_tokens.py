"""Tokens: shown once, kept hashed, limited to scopes, revocable; and what each answer says."""

import getpass
import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import scopes, services
from accounts.models import ApiToken

pytestmark = pytest.mark.django_db
LIST = "/api/v1/restorations/"


@pytest.fixture(autouse=True)
def no_counts():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def api():
    return APIClient()


def token_of(user, *wanted, **facts):
    return ApiToken.objects.make(user=user, name="a program", scopes=list(wanted), **facts)


def ask(secret, path=LIST, method="get", keyword="Bearer"):
    return getattr(APIClient(), method)(path, HTTP_AUTHORIZATION=f"{keyword} {secret}")


def test_a_secret_is_not_in_the_database(stranger):
    row, secret = token_of(stranger, "restorations:read")
    assert secret.startswith("heirloom_")
    assert secret not in str(ApiToken.objects.values().get())
    assert secret.startswith(row.hint)


@pytest.mark.parametrize("keyword", ["Bearer", "bearer", "Token"])
def test_a_token_opens_what_its_scope_says(stranger, keyword):
    secret = token_of(stranger, "restorations:read")[1]
    assert ask(secret, keyword=keyword).status_code == 200


@pytest.mark.parametrize(
    ("held", "path", "method", "missing"),
    [
        ("restorations:write", LIST, "get", "restorations:read"),
        ("restorations:read", LIST, "post", "restorations:write"),
        ("restorations:read", "/api/v1/uploads/", "post", "restorations:write"),
        ("restorations:read", "/api/v1/photos/", "get", "labelling:read"),
        ("labelling:read", "/api/v1/studies/1/ballot", "get", "studies:read"),
    ],
)
def test_another_scope_is_403_and_named(admin, held, path, method, missing):
    answer = ask(token_of(admin, held)[1], path, method)
    assert answer.status_code == 403
    assert answer.json() == {"code": "scope", "detail": f"This token lacks the scope {missing}."}


def test_a_scope_gives_no_role(stranger):
    assert ask(token_of(stranger, "labelling:read")[1], "/api/v1/photos/").status_code == 403


def test_the_schema_may_be_read_with_any_token(stranger):
    assert ask(token_of(stranger, "studies:write")[1], "/api/schema/").status_code == 200


def test_every_view_of_the_api_belongs_to_a_room_with_scopes():
    from tests.test_architecture import views

    packages = {
        view.cls.__module__.partition(".")[0]
        for route, view in views()
        if route.startswith("api/v1/") and hasattr(view, "cls")
    }
    assert packages <= {*scopes.ROOMS, "accounts"}
    assert scopes.needed("accounts", "POST") is None


@pytest.mark.parametrize("how", ["revoked", "expired", "inactive", "wrong", "two words", "umlaut"])
def test_what_opens_nothing_is_401_with_a_reason(stranger, how):
    row, secret = token_of(stranger, "restorations:read")
    if how == "revoked":
        assert row.revoke()
        assert not row.revoke()
    elif how == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "inactive":
        stranger.is_active = False
        stranger.save()
    else:
        secret = {"wrong": "x" + secret, "two words": f"{secret} more", "umlaut": "ä"}[how]
    answer = ask(secret)
    assert (answer.status_code, answer.json()["code"]) == (401, "token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_use_is_noted_at_most_once_a_minute(stranger, django_assert_num_queries):
    row, secret = token_of(stranger, "restorations:read")
    ask(secret)
    row.refresh_from_db()
    assert row.used_at is not None
    with django_assert_num_queries(0):
        row.note_use()


def test_a_token_for_name_and_password(api, stranger):
    given = {"username": "sam", "password": "correct horse", "scopes": "restorations:read"}
    made = api.post("/api/v1/token/", given)
    assert made.json()["scopes"] == ["restorations:read"]
    assert made.headers["Cache-Control"] == "no-store"
    assert ask(made.json()["token"]).status_code == 200
    wrong = api.post("/api/v1/token/", {"username": "sam", "password": "guess"})
    assert wrong.status_code == 400


@pytest.mark.parametrize("given", ["everything", " "])
def test_unknown_scopes_are_400(api, stranger, given):
    answer = api.post(
        "/api/v1/token/", {"username": "sam", "password": "correct horse", "scopes": given}
    )
    assert (answer.status_code, list(answer.json())) == (400, ["scopes"])


def test_asking_for_tokens_is_throttled(api):
    codes = [api.post("/api/v1/token/", {}).status_code for _ in range(21)]
    assert (codes[19], codes[20]) == (400, 429)


def test_each_token_has_a_rate_of_its_own(stranger, monkeypatch):
    from accounts.throttles import ApiThrottle

    monkeypatch.setattr(ApiThrottle, "rate", "2/minute", raising=False)
    first, second = (token_of(stranger, "restorations:read")[1] for _ in range(2))
    answers = [ask(secret) for secret in (first, first, first, second)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60


def test_the_page_shows_the_secret_once(sign_in, stranger):
    browser = sign_in(stranger)
    given = {"name": "backup", "scopes": ["restorations:read"], "days": "30"}
    page = browser.post("/account/tokens/", given)
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert ask(secret).status_code == 200
    later = browser.get("/account/tokens/").content.decode()
    assert "backup" in later
    assert secret not in later


def test_the_page_revokes_ones_own_alone(sign_in, stranger, voter):
    row, secret = token_of(stranger, "restorations:read")
    assert (
        sign_in(voter).post(f"/account/tokens/{row.pk}/revoke/", {"sure": "1"}).status_code == 404
    )
    assert ask(secret).status_code == 200
    sign_in(stranger).post(f"/account/tokens/{row.pk}/revoke/", {"sure": "1"})
    assert ask(secret).status_code == 401


def test_the_page_asks_for_a_scope(sign_in, stranger):
    answer = sign_in(stranger).post("/account/tokens/", {"name": "backup"})
    assert answer.status_code == 400
    assert not ApiToken.objects.exists()


def test_an_account_has_so_many_tokens(stranger, monkeypatch):
    monkeypatch.setattr(services, "MAX_TOKENS_PER_ACCOUNT", 1)
    services.make_token(user=stranger, name="one", scopes=["studies:read"])
    with pytest.raises(services.TooMany, match="revoke one"):
        services.make_token(user=stranger, name="two", scopes=["studies:read"])


def test_the_command_prints_it_once(stranger, capsys):
    call_command("make_token", "sam", "--scopes", "restorations:read", "--days", "7")
    assert ask(capsys.readouterr().out.strip()).status_code == 200


@pytest.mark.parametrize("arguments", [["nobody"], ["sam", "--scopes", "all"]])
def test_the_command_says_what_is_wrong(stranger, arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("make_token", *arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("There is no")


def test_a_token_ends_after_a_year_where_nobody_says_when(sign_in, stranger):
    client = sign_in(stranger)
    client.post("/account/tokens/", {"name": "x", "scopes": ["restorations:read"], "days": ""})
    given = {"username": "sam", "password": "correct horse"}
    assert APIClient().post("/api/v1/token/", given).status_code == 200
    call_command("make_token", "sam")
    ends = [row.expires_at - timezone.now() for row in ApiToken.objects.all()]
    assert len(ends) == 3 and all(timedelta(days=364) < end <= timedelta(days=365) for end in ends)


@pytest.mark.parametrize("offered", ["on", ""])
def test_a_new_password_revokes_the_tokens_unless_asked_not_to(sign_in, stranger, voter, offered):
    _, mine = token_of(stranger, "restorations:read")
    _, others = token_of(voter, "restorations:read")
    client = sign_in(stranger)
    page = client.get("/account/password/").content.decode()
    assert 'name="revoke_tokens"' in page and "checked" in page
    given = {"old_password": "correct horse", "revoke_tokens": offered}
    new = {"new_password1": "battery staple 9", "new_password2": "battery staple 9"}
    assert client.post("/account/password/", given | new).status_code == 302
    assert ask(mine).status_code == (401 if offered else 200)
    assert ask(others).status_code == 200


def test_an_admin_who_sets_a_password_ends_its_tokens(sign_in, admin, stranger):
    _, secret = token_of(stranger, "restorations:read")
    new = {"password1": "battery staple 9", "password2": "battery staple 9"}
    given = new | {"usable_password": "true"}
    answer = sign_in(admin).post(f"/admin/auth/user/{stranger.pk}/password/", given)
    assert answer.status_code == 302
    assert ask(secret).status_code == 401


def test_a_password_set_by_command_ends_its_tokens(stranger, voter, monkeypatch):
    mine, others = (token_of(user, "restorations:read")[1] for user in (stranger, voter))
    said = io.StringIO()
    monkeypatch.setattr(getpass, "getpass", lambda prompt: "short")
    with pytest.raises(CommandError, match="Aborting"):
        call_command("changepassword", "sam", stdout=said, stderr=said)
    assert ask(mine).status_code == 200
    monkeypatch.setattr(getpass, "getpass", lambda prompt: "battery staple 9")
    call_command("changepassword", "sam", stdout=said)
    assert "API tokens revoked: 1" in said.getvalue()
    stranger.refresh_from_db()
    assert stranger.check_password("battery staple 9")
    assert ask(mine).status_code == 401
    assert ask(others).status_code == 200
