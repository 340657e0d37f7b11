"""Single sign-on against a provider on loopback: who comes in, with which roles, and who does not."""

import logging
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from accounts.models import AuditEvent, Identity
from accounts.personal.forgetting import forget_person
from accounts.single_sign_on import people, setup
from config.errors import Refused
from tests.accounts.made_provider import ANOTHER_KEY, CLIENT, ISSUER, NOVAK
from tests.conftest import person

pytestmark = pytest.mark.django_db


def leave(client, after=""):
    """What the site asks the provider for."""
    answer = client.get(f"/account/sign-on/{after}")
    assert answer.status_code == 302
    return {key: values[0] for key, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def come_back(provider, client=None, after="", **says):
    client = client or Client()
    asked = leave(client, after)
    provider.says |= says
    provider.nonce = asked["nonce"]
    return client.get("/account/sign-on/back/", {"state": asked["state"], "code": "code-secret"})


def sentence(answer):
    assert answer.status_code >= 400 and "_auth_user_id" not in answer.client.session
    return answer.content.decode().partition('class="message error">')[2].partition("</p>")[0]


def roles(name="novak"):
    return set(User.objects.get(username=name).groups.values_list("name", flat=True))


def test_who_comes_first_gets_an_account_with_the_claims_roles_alone(provider):
    client = Client()
    answer = come_back(
        provider, client, roles=["painters", "admin", "superuser", 5], email="n@x.example"
    )
    assert (answer.status_code, answer["Location"]) == (302, "/work/")
    user = User.objects.get(username="novak")
    assert roles() == {"assessor"} and not user.is_staff and not user.is_superuser
    assert not user.has_usable_password() and user.email == ""  # nobody verified it
    assert client.get("/annotate/").status_code == 200
    assert client.get("/account/people/").status_code == 403
    (sent,) = provider.asked
    assert sent["grant_type"] == "authorization_code" and len(sent["code_verifier"]) >= 43
    assert sent["redirect_uri"] == "http://testserver/account/sign-on/back/"
    come_back(provider, preferred_username="married", email="m@x.example", email_verified=True)
    assert [(row.person, row.issuer) for row in Identity.objects.all()] == [(user, ISSUER)]


def test_a_verified_address_is_kept(provider):
    come_back(provider, email="n@x.example", email_verified=True)
    assert User.objects.get(username="novak").email == "n@x.example"


def test_roles_follow_the_claim_up_and_down_and_are_written_down(provider, admin):
    come_back(provider)
    assert not AuditEvent.objects.exists()
    come_back(provider, roles=["heads", "bosses"])
    assert roles() == {"reviewer", "admin"}
    assert AuditEvent.objects.get().of == {"roles": "admin, reviewer"}
    come_back(provider, roles="heads")
    assert roles() == {"reviewer"}
    assert "no role" in sentence(come_back(provider, roles=None))
    assert roles() == set()


def test_without_a_role_no_account_is_made(provider):
    assert "no role" in sentence(come_back(provider, roles=["admin"]))
    assert not User.objects.exists()


def test_a_claim_inside_another(provider, settings):
    settings.SIGN_ON_ROLES_CLAIM = "realm_access.roles"
    come_back(provider, roles=["bosses"], realm_access={"roles": ["heads"]})
    assert roles() == {"reviewer"}


def test_userinfo_tells_what_the_token_does_not_and_never_the_other_way(provider, settings):
    settings.OIDC_OP_USER_ENDPOINT = f"{provider.url}/userinfo"
    provider.userinfo = {"sub": NOVAK["sub"], "roles": ["bosses"], "preferred_username": "nina"}
    come_back(provider, preferred_username=None)
    assert roles("nina") == {"assessor"}
    provider.userinfo = {"sub": "somebody else"}
    assert "does not fit" in sentence(come_back(provider))


@pytest.mark.parametrize("name", ["amir", "AMIR"])
def test_a_superuser_is_met_neither_by_mail_nor_by_name(provider, admin, name):
    User.objects.filter(pk=admin.pk).update(email="boss@lab.example")
    mail = {"email": "boss@lab.example", "email_verified": True}
    come_back(provider, **mail)
    assert Identity.objects.get().person.username == "novak"
    said = sentence(come_back(provider, sub="2", preferred_username=name, **mail))
    assert "sign in by its password" in said and Identity.objects.count() == 1


def test_a_superuser_signs_in_by_the_password_alone(provider, admin, sign_in):
    Identity.objects.create(person=admin, issuer=ISSUER, subject="2")
    assert "by its password" in sentence(come_back(provider, sub="2"))
    client = sign_in(admin)
    assert come_back(provider, client, sub="3")["Location"] == "/account/sign-on/link/"
    assert client.post("/account/sign-on/link/").status_code == 409
    assert Identity.objects.count() == 1


def test_a_closed_account_stays_closed(provider):
    client = Client()
    come_back(provider, client)
    User.objects.update(is_active=False)
    assert client.get("/annotate/").status_code == 302  # the session ends with the account
    assert "closed" in sentence(come_back(provider, roles=["bosses"]))
    assert roles() == {"assessor"}


def test_whoever_was_forgotten_is_somebody_new(provider, admin):
    come_back(provider)
    first = User.objects.get(username="novak")
    forget_person(first)
    come_back(provider)
    assert User.objects.get(username="novak").pk != first.pk


def test_an_account_of_before_is_linked_only_by_its_owner(provider, sign_in, assessor):
    client = sign_in(assessor)
    answer = come_back(provider, client)
    assert answer["Location"] == "/account/sign-on/link/" and not Identity.objects.exists()
    page = client.get("/account/sign-on/link/").content.decode()
    assert "novak" in page and "ada" in page and NOVAK["sub"] not in page
    assert not Identity.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/account/sign-on/link/").status_code == 403
    assert client.post("/account/sign-on/link/").status_code == 302
    assert client.post("/account/sign-on/link/").status_code == 409  # it asked once
    fresh = Client()
    assert come_back(provider, fresh)["Location"] == "/work/"
    assert fresh.session["_auth_user_id"] == str(assessor.pk)


def test_an_admin_unlinks_a_person(provider, sign_in, assessor):
    hers = sign_in(assessor)
    come_back(provider, hers)
    hers.post("/account/sign-on/link/")
    boss, page = sign_in(person("bea", "admin")), f"/account/people/{assessor.pk}/"
    assert b"Unlink from single sign-on" in boss.get(page).content
    assert boss.post(f"{page}single-sign-on/").status_code == 302
    assert hers.get("/account/data/").status_code == 302 and not Identity.objects.exists()
    shown = boss.get(page).content
    assert b"linked to no account" in shown and b"Unlink from single sign-on" not in shown
    assert boss.post(f"{page}single-sign-on/").status_code == 409
    come_back(provider)
    assert Identity.objects.get().person.username == "novak"


def test_nobody_unlinks_the_only_door_to_himself(provider, admin):
    come_back(provider, roles=["bosses"])
    novak = User.objects.get(username="novak")
    with pytest.raises(Refused, match="unlink yourself"):
        people.unlink(novak, by=novak)
    people.unlink(novak, by=person("bea", "admin"))
    assert "sign in by its password" in sentence(come_back(provider))


@pytest.mark.parametrize(
    "says",
    [
        {"iss": "https://id.other.example"},
        {"aud": "another-site"},
        {"aud": [CLIENT, "another-site"]},
        {"aud": [CLIENT, "another-site"], "azp": "another-site"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "9" * 256},
    ],
)
def test_a_token_that_does_not_fit_lets_nobody_in(provider, says):
    provider.says |= says
    assert sentence(come_back(provider, **says)).startswith("The sign-in provider")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "change", [{"key": ANOTHER_KEY}, {"algorithm": "none"}, {"algorithm": "HS256"}]
)
def test_a_token_that_somebody_else_signed(provider, change):
    vars(provider).update(change)
    assert "does not fit" in sentence(come_back(provider))
    assert not User.objects.exists()


def test_a_provider_that_fails_or_is_away_is_a_sentence(provider, settings):
    provider.status = 500
    answer = come_back(provider)
    assert answer.status_code == 502 and "does not answer" in sentence(answer)
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:9/token"
    assert "does not answer" in sentence(come_back(provider))
    client = Client()
    said = {"state": leave(client)["state"], "error": "access_denied", "error_description": "<b>x"}
    assert sentence(client.get("/account/sign-on/back/", said)) == (
        "The sign-in provider did not let you in."
    )


def test_a_state_opens_once_in_the_browser_that_began_and_not_for_ever(provider):
    client = Client()
    state = leave(client)["state"]
    assert "begin again" in sentence(Client().get(f"/account/sign-on/back/?state={state}&code=x"))
    session = client.session
    session["oidc_states"][state]["added_on"] -= 3600
    session.save()
    assert "begin again" in sentence(client.get(f"/account/sign-on/back/?state={state}&code=x"))
    assert not provider.asked
    assert come_back(provider, client).status_code == 302
    used = parse_qs(client.get("/account/sign-on/").headers["Location"])["state"][0]
    client.get("/account/sign-on/back/", {"state": used, "error": "x"})
    client.logout()
    assert "begin again" in sentence(client.get("/account/sign-on/back/", {"state": used}))


def test_the_second_factor_is_the_providers_task(provider, settings):
    settings.SECOND_FACTOR = "required"
    client = Client()
    come_back(provider, client, roles=["heads"])
    assert client.get("/annotate/reviews/").status_code == 200


@pytest.mark.parametrize(
    ("wanted", "after"), [("/studies/", "/studies/"), ("//evil.example/", "/work/")]
)
def test_one_comes_back_to_where_one_was_going(provider, wanted, after):
    assert come_back(provider, after=f"?next={wanted}")["Location"] == after


def test_the_log_names_nobody_and_no_secret(provider, caplog):
    caplog.set_level(logging.INFO)
    mail = {"email": "n@x.example", "email_verified": True}
    come_back(provider, **mail)
    come_back(provider, nonce="another", **mail)
    provider.says.pop("nonce")
    provider.status = 500
    come_back(provider, **mail)
    assert "single sign-on refused" in caplog.text
    words = ("novak", "x.example", NOVAK["sub"], "code-secret", "access-secret", "client-secret")
    assert not [word for word in words if word in caplog.text]


def test_the_page_of_signing_in_has_a_button_where_it_is_set_up(provider, settings):
    assert "Sign in with the lab&#x27;s account" in Client().get("/account/login/").content.decode()
    settings.SIGN_ON_ISSUER = ""
    assert "sign-on" not in Client().get("/account/login/").content.decode()
    for path in ("", "back/"):
        assert Client().get(f"/account/sign-on/{path}").status_code == 404


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OIDC_RP_CLIENT_SECRET", "", "OIDC_CLIENT_SECRET is missing"),
        ("OIDC_OP_TOKEN_ENDPOINT", "http://id.lab.example/token", "OIDC_TOKEN_URL must begin"),
        ("OIDC_RP_SIGN_ALGO", "HS256", "OIDC_ALGORITHM is one of"),
        ("OIDC_RP_SIGN_ALGO", "none", "OIDC_ALGORITHM is one of"),
        ("SIGN_ON_ROLES", [], "OIDC_ROLES is missing"),
        ("SIGN_ON_ROLES", ["bosses=superuser"], "OIDC_ROLES: 'bosses=superuser'"),
        ("SIGN_ON_ROLES", ["admin"], "OIDC_ROLES: 'admin'"),
    ],
)
def test_what_is_set_up_by_half_is_told_and_opens_nothing(provider, settings, name, value, said):
    assert setup.problems() == []
    setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=said.replace("(", ".")):
        call_command("check")
    answer = Client().get("/account/sign-on/")
    assert answer.status_code == 503 and "not set up completely" in sentence(answer)


def test_passwords_open_as_before(provider):
    person("otto", "assessor")
    words = {"username": "otto", "password": "correct horse"}
    assert Client().post("/account/login/?state=x&code=y", words).status_code == 302
    assert not provider.asked
