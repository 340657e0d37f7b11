"""The people page: who may do what to whom, links that open once, and work that is never orphaned."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, AuditEvent, OneUseLink
from accounts.people import access, links
from accounts.people.acts import THINGS, acts
from accounts.personal.forgetting import forget_person
from annotate.models import Assignment, DefectMask
from annotate.services import assignments, reviews
from config.errors import Refused
from config.web.roles import ROLES
from photos.models import Photo
from tests.conftest import person
from tests.test_architecture import views

pytestmark = pytest.mark.django_db
GOOD = "a long and good pass phrase"


@pytest.fixture
def boss(db):
    """An admin by role alone: no superuser."""
    return person("bea", "admin")


def secret_of(answer):
    return answer.context["address"].rstrip("/").rpartition("/")[2]


def test_an_invitation_opens_once_and_gives_its_roles(boss, sign_in, client):
    answer = sign_in(boss).post("/account/people/invite/", {"name": "nina", "roles": ["assessor", "voter"]})  # fmt: skip
    secret = secret_of(answer)
    assert OneUseLink.objects.get().digest not in answer.content.decode()
    address = f"/account/link/{secret}/"
    assert client.get(address).status_code == client.get(address).status_code == 200
    given = {"username": "nina", "email": "", "new_password1": GOOD, "new_password2": GOOD}
    assert client.post(address, given).headers["Location"] == "/account/login/"
    nina = User.objects.get(username="nina")
    assert {group.name for group in nina.groups.all()} == {"assessor", "voter"}
    assert not nina.is_superuser and not nina.is_staff
    assert client.get(address).status_code == 404
    assert client.post(address, given | {"username": "again"}).status_code == 404
    signed = client.post("/account/login/", {"username": "nina", "password": GOOD})
    assert signed.status_code == 302 and signed.headers["Location"] == "/work/"


@pytest.mark.parametrize("how", ["ended", "withdrawn"])
def test_a_link_ends(boss, sign_in, client, how):
    row, secret = links.invite(by=boss, roles=["admin"])
    if how == "ended":
        OneUseLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        sign_in(boss).post(f"/account/people/links/{row.pk}/withdraw/")
    given = {"username": "nina", "new_password1": GOOD, "new_password2": GOOD}
    assert client.post(f"/account/link/{secret}/", given).status_code == 404
    assert not User.objects.filter(username="nina").exists()


@pytest.mark.parametrize("how", ["role", "closed", "forgotten"])
def test_a_link_ends_with_the_rights_of_whoever_made_it(boss, voter, client, how):
    """Else an admin who is dismissed comes back by an invitation that he wrote for himself."""
    otto = person("otto", "admin")
    mine = [links.invite(by=otto, roles=["admin"]), links.reset(voter, by=otto)]
    other = links.invite(by=boss, roles=["voter"])[1]
    if how == "role":
        access.set_roles(otto, ["voter"], by=boss)
    elif how == "closed":
        access.deactivate(otto, by=boss)
    else:
        forget_person(otto)
    for row, secret in mine:
        assert client.get(f"/account/link/{secret}/").status_code == 404
        assert not row.use()
    assert client.get(f"/account/link/{other}/").status_code == 200


def test_of_two_who_come_at_once_one_is_refused(boss):
    row, _ = links.invite(by=boss, roles=["voter"])
    links.join(row, username="first", email="", password=GOOD)
    with pytest.raises(Refused, match="used"):
        links.join(row, username="second", email="", password=GOOD)
    assert not User.objects.filter(username="second").exists()


def test_weak_passwords_and_taken_names_are_refused(boss, client, voter):
    _, secret = links.invite(by=boss, roles=["voter"])
    address = f"/account/link/{secret}/"
    weak = client.post(address, {"username": "nina", "new_password1": "123", "new_password2": "123"})  # fmt: skip
    taken = client.post(address, {"username": "VERA", "new_password1": GOOD, "new_password2": GOOD})
    assert weak.status_code == taken.status_code == 400
    assert b"too short" in weak.content and b"is taken" in taken.content
    assert OneUseLink.objects.usable().count() == 1


def test_a_reset_ends_sessions_tokens_and_earlier_links(boss, voter, sign_in, client):
    hers = sign_in(voter)
    ApiToken.objects.make(user=voter, name="x", scopes=[])
    first = secret_of(sign_in(boss).post(f"/account/people/{voter.pk}/reset/"))
    second = secret_of(sign_in(boss).post(f"/account/people/{voter.pk}/reset/"))
    assert client.get(f"/account/link/{first}/").status_code == 404
    given = {"new_password1": GOOD, "new_password2": GOOD}
    assert client.post(f"/account/link/{second}/", given).status_code == 302
    voter.refresh_from_db()
    assert voter.check_password(GOOD)
    assert hers.get("/account/data/").status_code == 302
    assert not ApiToken.objects.usable().exists()


def test_a_closed_account_opens_nothing_and_keeps_its_work(boss, voter, sign_in, client):
    hers, (_, secret) = sign_in(voter), links.reset(voter, by=boss)
    ApiToken.objects.make(user=voter, name="x", scopes=[])
    sign_in(boss).post(f"/account/people/{voter.pk}/deactivate/")
    voter.refresh_from_db()
    assert not voter.is_active and voter.username == "vera"
    assert hers.get("/account/data/").status_code == 302
    assert client.get(f"/account/link/{secret}/").status_code == 404
    assert not ApiToken.objects.usable().exists()
    assert client.post("/account/login/", {"username": "vera", "password": "correct horse"}).status_code == 200  # fmt: skip
    sign_in(boss).post(f"/account/people/{voter.pk}/activate/")
    assert client.post("/account/login/", {"username": "vera", "password": "correct horse"}).status_code == 302  # fmt: skip


def test_nobody_locks_himself_or_the_last_admin_out(boss):
    with pytest.raises(Refused, match="cannot deactivate yourself"):
        access.deactivate(boss, by=boss)
    with pytest.raises(Refused, match="role of an admin from yourself"):
        access.set_roles(boss, ["voter"], by=boss)
    other = person("otto", "admin")
    access.set_roles(boss, [], by=other)
    with pytest.raises(Refused, match="last admin"):
        access.deactivate(other, by=boss)
    with pytest.raises(Refused, match="last admin"):
        access.set_roles(other, [], by=boss)
    with pytest.raises(Refused, match="last admin"):
        forget_person(other)


def test_the_admin_site_keeps_the_last_admin_too(admin, sign_in):
    given = {"username": "amir", "date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"}
    answer = sign_in(admin).post(f"/admin/auth/user/{admin.pk}/change/", given)
    assert b"last admin" in answer.content
    admin.refresh_from_db()
    assert admin.is_active and admin.is_superuser
    assert sign_in(admin).post(f"/admin/auth/user/{admin.pk}/delete/").status_code == 403


def test_an_admin_by_role_takes_no_superusers_account(boss, admin, sign_in):
    client = sign_in(boss)
    for act in ("reset", "deactivate", "sign-out", "roles"):
        said = client.post(f"/account/people/{admin.pk}/{act}/")
        assert said.status_code == 409 and b"superuser" in said.content, act
    assert not OneUseLink.objects.exists()
    assert client.get("/admin/").status_code == 302


def test_nor_that_of_staff_who_open_the_admin_site(boss, voter):
    User.objects.filter(pk=voter.pk).update(is_staff=True)
    voter.refresh_from_db()
    with pytest.raises(Refused, match="opens the admin site"):
        links.reset(voter, by=boss)


def test_signing_out_everywhere(boss, voter, stranger, sign_in):
    one, two, other = sign_in(voter), sign_in(voter), sign_in(stranger)
    ApiToken.objects.make(user=voter, name="x", scopes=[])
    sign_in(boss).post(f"/account/people/{voter.pk}/sign-out/")
    assert one.get("/account/data/").status_code == two.get("/account/data/").status_code == 302
    assert other.get("/account/data/").status_code == 200
    assert not ApiToken.objects.usable().exists()
    assert Session.objects.count() == 2


def test_a_lock_out_is_seen_and_ended(boss, voter, sign_in, settings):
    settings.AXES_ENABLED = True
    stranger = Client(REMOTE_ADDR="198.51.100.7")
    for _ in range(5):
        stranger.post("/account/login/", {"username": "vera", "password": "wrong"})
    right = {"username": "vera", "password": "correct horse"}
    assert stranger.post("/account/login/", right).status_code == 429
    client = sign_in(boss)
    assert b"locked out" in client.get("/account/people/").content
    client.post(f"/account/people/{voter.pk}/unlock/")
    assert not AccessAttempt.objects.filter(username="vera").exists()
    assert b"locked out" not in client.get("/account/people/").content
    assert stranger.post("/account/login/", right).status_code == 302


def test_a_search_stays_from_page_to_page_and_every_invitation_is_seen(boss, sign_in):
    User.objects.bulk_create(User(username=f"nina{n}") for n in range(60))
    for n in range(60):
        links.invite(by=boss, roles=["voter"], name=f"guest{n}")
        AuditEvent.objects.create(person=1, name="bea", method="POST", route="a/b/", status=200)
    client = sign_in(boss)
    page = client.get("/account/people/?q=nina&state=open").content.decode()
    assert "?q=nina&amp;state=open&amp;page=2" in page
    assert "?q=nina&amp;state=open&amp;invitations=2" in page
    second = client.get("/account/people/?q=nina&state=open&page=2&invitations=2").content.decode()
    assert "nina9" in second and "guest9" in second
    assert "?who=be&amp;page=2" in client.get("/account/people/audit/?who=be").content.decode()


# --- unfinished work ------------------------------------------------------------------------


@pytest.fixture
def place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def begun(assessor, state="open", mask="draft", revision=3, purpose="work"):
    photo = Photo.objects.create(title="A bridge", state="ready", wants_mask=True)
    row = Assignment.objects.create(
        photo=photo, assessor=assessor, state=state, purpose=purpose,
        lease_until=timezone.now() + timedelta(minutes=9),
    )  # fmt: skip
    return DefectMask.objects.create(photo=photo, assignment=row, author=assessor, revision=revision, state=mask)  # fmt: skip


@pytest.mark.parametrize(("state", "mask"), [("open", "draft"), ("expired", "draft"), ("submitted", "returned")])  # fmt: skip
@pytest.mark.parametrize("leaves", ["closed", "forgotten"])
def test_a_draft_goes_back_to_the_queue_with_what_was_painted(place, boss, assessor, other_assessor, state, mask, leaves):  # fmt: skip
    draft = begun(assessor, state, mask)
    if leaves == "closed":
        assert access.deactivate(assessor, by=boss) == 1
    else:
        forget_person(assessor)
    draft.refresh_from_db()
    assert draft.author == assessor and draft.state == "draft"
    assert draft.assignment.state == "released"
    given = assignments.claim_assignment(assessor=other_assessor)
    assert given.photo == draft.photo and given.mask.parent == draft


def test_a_draft_goes_to_a_chosen_person(place, boss, assessor, other_assessor, sign_in):
    draft = begun(assessor)
    sign_in(boss).post(f"/account/people/{assessor.pk}/deactivate/", {"drafts_to": other_assessor.pk})  # fmt: skip
    mine = Assignment.objects.get(assessor=other_assessor)
    assert mine.mask.parent == draft and mine.mask.tiles is not None and mine.state == "open"
    assert assignments.claim_assignment(assessor=other_assessor) == mine


def test_nobody_goes_on_where_she_painted_herself(place, boss, assessor, other_assessor):
    draft = begun(assessor)
    Assignment.objects.create(
        photo=draft.photo, assessor=other_assessor, state="submitted", lease_until=timezone.now()
    )
    access.deactivate(assessor, by=boss, drafts_to=other_assessor)
    assert Assignment.objects.filter(assessor=other_assessor).count() == 1
    assert draft in DefectMask.objects.passed_on()


def test_drafts_go_to_nobody_who_cannot_paint(place, boss, assessor, voter):
    begun(assessor)
    with pytest.raises(Refused, match="no role that paints"):
        access.deactivate(assessor, by=boss, drafts_to=voter)
    assessor.refresh_from_db()
    assert assessor.is_active


def test_what_is_returned_to_somebody_who_left_goes_to_the_queue(place, boss, assessor, reviewer):
    mask = begun(assessor, "submitted", "submitted")
    access.deactivate(assessor, by=boss)
    reviews.review_mask(reviewer=reviewer, mask=DefectMask.objects.get(pk=mask.pk), verdict="returned", comment="more")  # fmt: skip
    assert mask in DefectMask.objects.passed_on()


def test_a_honeypot_or_practice_of_hers_goes_to_nobody(place, boss, assessor):
    begun(assessor, purpose="honeypot")
    assert access.deactivate(assessor, by=boss) == 0
    assert not DefectMask.objects.passed_on().exists()


# --- the audit ------------------------------------------------------------------------------


def test_the_audit_says_what_was_done_to_what_by_name(boss, voter, sign_in):
    client = sign_in(boss)
    client.post(f"/account/people/{voter.pk}/roles/", {"roles": ["assessor"]})
    page = client.get("/account/people/audit/").content.decode()
    assert "person vera" in page and "roles" in page and "bea" in page
    assert client.get("/account/people/audit/?who=nobody").content.count(b"person vera") == 0
    voter.groups.clear()


def test_what_was_refused_or_asked_back_is_not_in_the_audit(boss, admin, sign_in):
    client = sign_in(boss)
    back = {"HTTP_REFERER": "http://testserver/account/people/"}
    assert client.post(f"/account/people/{admin.pk}/reset/", **back).status_code == 302
    ApiToken.objects.make(user=boss, name="x", scopes=[])
    number = ApiToken.objects.get().pk
    assert b"Revoke x?" in client.post(f"/account/tokens/{number}/revoke/").content
    assert not AuditEvent.objects.exists()
    client.post(f"/account/tokens/{number}/revoke/", {"sure": "1"})
    assert AuditEvent.objects.count() == 1


def test_the_audit_names_what_a_program_did(boss, sign_in):
    run = {"pk": "11111111-2222-3333-4444-555555555555"}
    AuditEvent.objects.create(person=1, name="n", method="POST", route="api/v1/runs/<uuid:pk>/cancel/", of=run, status=202)  # fmt: skip
    (act,) = acts(AuditEvent.objects.all())
    assert act.things == [f"run {run['pk']}"]


def test_a_link_never_stands_in_the_audit(boss, sign_in):
    _, secret = links.invite(by=boss, roles=["admin"])
    given = {"username": "nina", "new_password1": GOOD, "new_password2": GOOD}
    sign_in(boss).post(f"/account/link/{secret}/", given)
    assert secret not in str(list(AuditEvent.objects.values()))


def test_things_that_are_gone_or_odd_keep_their_number(boss):
    odd = {"photo_id": "no uuid", "person_id": "999", "number": "x", "other": "y"}
    AuditEvent.objects.create(person=1, name="n", method="POST", route="a/<x>/b/", of=odd, status=200)  # fmt: skip
    (act,) = acts(AuditEvent.objects.all())
    assert act.things == ["photo no uuid", "person 999", "study x", "other y"]


def test_every_number_in_an_address_of_staff_is_known_by_name():
    """`pk` and what names a part of a thing aside."""
    parts = {"pk", "token", "kind", "form", "level", "x", "y", "defect", "item_id", "name", "picture_id", "side", "stage", "slot", "plate", "copy"}  # fmt: skip
    found = {name for route, _ in views() if not route.startswith("admin/") for name in re.findall(r"<\w+:(\w+)>", route)}  # fmt: skip
    assert found - parts == THINGS.keys() - {"token_id", "promotion_id"}


# --- what the docs promise of each role -----------------------------------------------------

PLACES = {
    "paint": {"/annotate/"},
    "see photographs": {"/annotate/photos/"},
    "judge masks": {"/annotate/reviews/"},
    "see training": {"/training/snapshots/"},
    "models": {"/training/models/"},
    "restorations": {"/restorations/"},
    "activity": {"/activity/"},
    "vote in studies": {"/studies/"},
    "open and close studies": {"/studies/"},
    "train": {"/training/snapshots/"},
    "promote": {"/training/models/"},
    "this page": {"/account/people/", "/account/people/audit/"},
}
"""What the words of docs/people.md mean, by address."""
ALL = set().union(*PLACES.values())


def promised():
    """By role, as the table of docs/people.md says it; a word that means nothing fails here."""
    text = Path("docs/people.md").read_text()
    rows = re.findall(r"^\| (assessor|reviewer|voter|admin) \| (.+) \|$", text, re.M)
    found = {}
    for role, words in rows:
        found[role] = set(ALL) if words.startswith("all of it") else set()
        for phrase in sorted(PLACES, key=len, reverse=True):
            if re.search(rf"\b{phrase}\b", words):
                words = words.replace(phrase, "")
                found[role] |= PLACES[phrase]
        assert not re.sub(r"all of it|\band\b|[, ]", "", words), words
    return found


PROMISED = promised()


@pytest.mark.parametrize("role", PROMISED)
def test_each_role_opens_what_the_docs_promise_it_and_nothing_else(role, sign_in):
    """By role alone: an admin of these tests is no superuser."""
    client = sign_in(person(f"one {role}", role))
    assert set(PROMISED) == set(ROLES)
    opened = {at for at in ALL if client.get(at).status_code == 200}
    assert opened == PROMISED[role]
    menu = client.get("/").content.decode()
    for at in ALL - {"/account/people/audit/"}:
        assert (f'href="{at}"' in menu) == (at in PROMISED[role]), at
