"""Guests: one link, one browser, one study; a deadline, a quota, a share; marked in the export."""

import csv
import io
import zipfile
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.personal.forgetting import forget_person
from accounts.personal.taking_home import as_json
from config.errors import Refused
from config.web.log_privacy import routed
from evaluation import services
from evaluation.models import Guest, Study, Vote
from evaluation.services import exports, guests, votes
from evaluation.statistics.voters import voter_reliability
from tests.conftest import person
from tests.evaluation.conftest import SECRETS, open_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(study, admin):
    return guests.invite(study=study, by=admin, name="Aunt Rosa", quota=40, days=3)


@pytest.fixture
def link(invited):
    return f"/studies/guest/{invited[1]}/"


def enter(link):
    """A browser of its own that opens the link."""
    browser = Client()
    assert browser.get(link).status_code == 200
    answer = browser.post(link)
    assert answer.status_code == 302, answer.content
    return browser


def next_of(browser, study):
    return browser.post(f"/api/v1/studies/{study.number}/ballot")


def cast(browser, token, outcome="left"):
    given = {"outcome": outcome, "seconds": 4}
    return browser.post(f"/api/v1/ballots/{token}/vote", given, content_type="application/json")


def vote(browser, study, outcome="left"):
    answer = next_of(browser, study)
    assert answer.status_code == 200, answer.content
    return cast(browser, answer.json()["token"], outcome)


def test_a_guest_votes_without_an_account(link, study, invited):
    browser = enter(link)
    page = browser.get(f"/studies/{study.number}/vote/")
    assert page.status_code == 200 and b"You are a guest of this study" in page.content
    ballot = next_of(browser, study).json()
    for address in (*ballot["images"], ballot["original"]):
        picture = browser.get(address)
        assert picture["Content-Type"] == "image/png"
        assert not any(name.encode() in picture.content for name in SECRETS)
    answer = cast(browser, ballot["token"])
    assert answer.json() == {"outcome": "left", "cast": 1, "feedback": None}
    assert browser.post(f"/api/v1/ballots/{ballot['token']}/undo").status_code == 204
    assert study.votes.standing().count() == 0


def test_looking_at_the_link_spends_nothing_and_a_second_browser_is_told(link, invited):
    for _ in range(3):
        assert b"Begin in this browser" in Client().get(link).content
    assert Client().head(link).status_code == 200
    mine = enter(link)
    assert mine.get(link).url == mine.post(link).url  # hers: on to the ballot
    for answer in (Client().get(link), Client().post(link)):
        assert answer.status_code == 410
        assert b"was opened in another browser" in answer.content
        assert not answer.cookies.get("guest-1")
    assert (
        Guest.objects.get().account is not None
        and User.objects.filter(guest__isnull=False).count() == 1
    )


def test_two_who_open_at_once_are_one(invited):
    guest, _ = invited
    assert guests.open_link(guest)  # the row in hand says nothing of it yet
    with pytest.raises(Refused, match="another browser"):
        guests.open_link(guest)
    assert User.objects.filter(guest__isnull=False).count() == 1


def test_neither_secret_is_kept(link, invited):
    browser = enter(link)
    kept = browser.cookies[f"guest-{invited[0].study.number}"]
    assert kept["httponly"] and kept["samesite"] == "Lax" and kept["path"] == "/"
    told = str(Guest.objects.values())
    assert invited[1] not in told and kept.value not in told


def test_the_cookie_opens_one_study_and_nothing_else(link, study, draft, versions, photos, admin):
    other = open_now(
        services.create_study(
            stage="inpainting", question="And here?", versions=versions[:2], photos=photos,
            training=False, created_by=admin,
        )
    )  # fmt: skip
    browser = enter(link)
    browser.cookies[f"guest-{other.number}"] = browser.cookies[f"guest-{study.number}"].value
    assert next_of(browser, other).status_code in (401, 403)
    foreign = votes.next_ballot(study=other, voter=person("vera", "voter"))
    assert cast(browser, foreign.token).status_code in (401, 403, 404)
    assert browser.get(f"/studies/ballot/{foreign.token}/0").status_code == 302
    paths = ["", f"{study.number}/", f"{study.number}/results/", f"{study.number}/guests/",
             f"{study.number}/export/", f"{other.number}/vote/", f"{other.number}/colours/",
             f"{other.number}/colours/0"]  # fmt: skip
    for path in paths:
        answer = browser.get(f"/studies/{path}")
        assert answer.status_code == 302 and "/account/login/" in answer.url, path
    assert browser.get(f"/api/v1/studies/{study.number}/results/").status_code in (401, 403)


def test_a_stranger_without_the_cookie_or_with_a_made_up_one_is_out(link, study):
    enter(link)
    stranger = Client()
    for value in ("", "x" * 32):
        stranger.cookies[f"guest-{study.number}"] = value
        assert stranger.get(f"/studies/{study.number}/vote/").status_code == 302
        assert next_of(stranger, study).status_code in (401, 403)


def test_a_forged_request_is_refused(link, study):
    mine = enter(link)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = mine.cookies
    address = f"/api/v1/studies/{study.number}/ballot"
    assert strict.post(address, content_type="application/json").status_code == 403
    token = votes.next_ballot(study=study, voter=Guest.objects.get().account).token
    assert cast(strict, token).status_code == 403
    assert not Vote.objects.exists()


def test_who_is_signed_in_votes_as_herself(link, study, voter, sign_in):
    browser = sign_in(voter)
    for answer in (browser.get(link), browser.post(link)):
        assert answer.status_code == 409 and b"votes for itself" in answer.content
    guest = enter(link)
    guest.force_login(voter)
    vote(guest, study)
    assert Vote.objects.get().ballot.voter == voter


def test_a_guest_may_check_her_eyes(link, study):
    browser, page = enter(link), f"/studies/{study.number}/colours/"
    assert f'src="{page}1"'.encode() in browser.get(page).content
    assert browser.get(f"{page}1")["Content-Type"] == "image/png"
    answer = browser.post(page, {"first": "1", "second": ""})
    assert answer.url == f"/studies/{study.number}/vote/"
    assert not study.colour_checks.get(user=Guest.objects.get().account).passed


def test_a_guest_who_had_a_part_votes_no_more(link, study):
    browser, door = enter(link), f"/studies/{study.number}/conflict/"
    assert vote(browser, study).status_code == 200
    page = f"/studies/{study.number}/vote/"
    assert door.encode() in browser.get(page).content
    assert b"Votes cast stay" in browser.post(door).content
    assert vote(browser, study).status_code == 200  # a question is no answer
    assert browser.post(door, {"sure": "1"}).url == page
    assert browser.post(door, {"sure": "1"}).url == page  # by a double click
    assert next_of(browser, study).status_code == 409
    assert door.encode() not in browser.get(page).content
    assert study.conflicts.count() == 1 and study.votes.standing().count() == 2


def test_practice_comes_first_as_for_others(draft, admin, monkeypatch):
    monkeypatch.setattr(voter_reliability, "is_right", lambda record: True)
    Study.objects.update(training=True)
    draft.refresh_from_db()
    study = open_now(draft)
    _, secret = guests.invite(study=study, by=admin, name="Rosa", quota=2, days=1)
    browser = enter(f"/studies/guest/{secret}/")
    for number in range(1, 9):
        ballot = next_of(browser, study).json()
        assert ballot["lesson"] == number
        assert cast(browser, ballot["token"]).json()["feedback"]["right"]
    assert next_of(browser, study).json()["lesson"] == 0
    for _ in range(2):  # practice took none of the quota
        assert vote(browser, study).status_code == 200
    assert next_of(browser, study).status_code == 409


def test_the_quota_ends_it_with_ballots_ahead_counted(study, admin):
    _, secret = guests.invite(study=study, by=admin, name="Rosa", quota=2, days=1)
    browser = enter(f"/studies/guest/{secret}/")
    first = next_of(browser, study).json()["token"]
    ahead = f"/api/v1/studies/{study.number}/ballot/ahead"
    assert browser.post(ahead).status_code == 200
    cast(browser, first)
    assert browser.post(ahead).status_code == 204
    vote(browser, study)
    answer = next_of(browser, study)
    assert answer.status_code == 409 and guests.ENOUGH in answer.content.decode()
    assert study.votes.ordinary().count() == 2


def past(guest):
    Guest.objects.filter(pk=guest.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize(("end", "said"), [
    (past, "is over"), (lambda guest: guest.withdraw(), "was withdrawn"),
])  # fmt: skip
def test_when_her_time_is_over_nothing_opens(link, study, invited, end, said):
    browser = enter(link)
    ballot = next_of(browser, study).json()
    end(invited[0])
    page = browser.get(f"/studies/{study.number}/vote/")
    assert page.status_code == 409 and said in page.content.decode()
    for answer in (next_of(browser, study), cast(browser, ballot["token"])):
        assert answer.status_code == 409 and said in answer.content.decode()
    assert browser.get(ballot["images"][0]).status_code == 404
    assert not Vote.objects.exists()
    assert Client().post(link).status_code == 410


@pytest.mark.parametrize("end", [past, lambda guest: guest.withdraw()])
def test_a_link_that_has_ended_makes_nobody(link, invited, end):
    end(invited[0])
    for answer in (Client().get(link), Client().post(link)):
        assert answer.status_code == 410
    assert not User.objects.filter(username__startswith="guest-").exists()


def test_a_guest_casts_no_more_than_her_share(study, voters, invited, monkeypatch):
    """Before sixty votes sixty are the measure; from then on those that are there."""
    monkeypatch.setattr(guests, "SHARE_FROM", 10)
    browser_of_guest = guests.open_link(invited[0])
    assert browser_of_guest
    rosa = Guest.objects.get().account

    def one(voter):
        ballot = votes.next_ballot(study=study, voter=voter)
        votes.cast_vote(ballot=ballot, voter=voter, outcome="equal", seconds=4)

    for _ in range(3):  # 35 % of ten
        one(rosa)
    with pytest.raises(Refused, match="35% of all"):
        one(rosa)
    for turn in range(8):
        one(voters[turn % 6])
    one(rosa)  # 4 of 12
    with pytest.raises(Refused, match="35% of all"):
        one(rosa)
    one(voters[0])  # nobody else is held back


def test_an_invitation_keeps_within_the_plan(study, draft, admin):
    assert guests.most_votes(study) == int(0.35 * study.cap)
    wrong = [
        {"quota": 0},
        {"quota": guests.most_votes(study) + 1},
        {"days": 0},
        {"days": 31},
        {"name": " "},
    ]
    for facts in wrong:
        with pytest.raises(Refused):
            guests.invite(study=study, by=admin, **{"name": "Rosa", "quota": 5, "days": 3, **facts})
    services.close_study(study=study, by=admin)
    study.refresh_from_db()
    with pytest.raises(Refused, match="open study"):
        guests.invite(study=study, by=admin, name="Rosa", quota=5, days=3)
    assert not Guest.objects.exists()


def rows_of(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert b"Rosa" not in b"".join(opened.read(name) for name in opened.namelist())
        return list(csv.DictReader(io.StringIO(opened.read("votes.csv").decode())))


def test_the_export_marks_guests_and_replays(link, study, voters, admin, tmp_path, sign_in):
    browser = enter(link)
    for turn in range(12):
        ballot = votes.next_ballot(study=study, voter=voters[turn % 6])
        outcome = "left" if ballot.slots[0] < ballot.slots[1] else "right"
        votes.cast_vote(ballot=ballot, voter=voters[turn % 6], outcome=outcome, seconds=4)
        if turn % 3 == 0:
            vote(browser, study, "equal")
    study.refresh_from_db()
    services.close_study(study=study, by=admin)
    study.refresh_from_db()
    archive = exports.as_zip(study)
    rows = rows_of(archive)
    marked = [row for row in rows if row["guest"] == "True"]
    assert len(marked) == 4 and {row["outcome"] for row in marked} == {"equal"}
    assert all(row["guest"] == "" for row in rows if row not in marked)
    path = tmp_path / "study.zip"
    path.write_bytes(archive)
    said = StringIO()
    call_command("replay", str(path), stdout=said)
    assert said.getvalue().startswith("MATCH")
    page = sign_in(admin).get(f"/studies/{study.number}/results/").content.decode()
    assert "Voters who were guests" in page
    assert next_of(browser, study).status_code == 409


def test_the_admin_makes_sees_and_withdraws(study, admin, sign_in):
    browser = sign_in(admin)
    address = f"/studies/{study.number}/guests/"
    assert browser.post(address, {"name": "Rosa", "quota": 9999, "days": 3}).status_code == 400
    made = browser.post(address, {"name": "Rosa", "quota": 30, "days": 3})
    secret = made.content.decode().partition("/studies/guest/")[2].partition("/")[0]
    assert len(secret) == 32 and "no-store" in made["Cache-Control"]
    guest = enter(f"/studies/guest/{secret}/")
    vote(guest, study)
    page = browser.get(f"/studies/{study.number}/").content.decode()
    assert "Rosa" in page and "1 of 30" in page and secret not in page
    assert "1 of them guest" in page
    row = Guest.objects.get()
    browser.post(f"{address}{row.pk}/withdraw/", {"sure": "yes"})
    assert next_of(guest, study).status_code == 409


def test_a_forgotten_guest_leaves_votes_without_a_name(link, study, invited, admin, sign_in):
    browser = enter(link)
    vote(browser, study)
    account = Guest.objects.get().account
    told = as_json(account)
    assert "Aunt Rosa" in told and invited[1] not in told and Guest.objects.get().digest not in told
    forget_person(account)
    assert not Guest.objects.exists()
    assert study.votes.standing().count() == 1 and guests.voted(study) == 1
    assert next_of(browser, study).status_code in (401, 403)
    page = sign_in(admin).get("/account/people/").content.decode()
    assert "Aunt Rosa" not in page


def test_an_unopened_invitation_is_forgotten_whole(link, study, admin, sign_in):
    row = Guest.objects.get()
    sign_in(admin).post(f"/studies/{study.number}/guests/{row.pk}/forget/", {"sure": "yes"})
    assert not Guest.objects.exists()
    assert Client().post(link).status_code == 404


def test_guests_are_no_people_of_the_site(link, admin, sign_in):
    enter(link)
    account = Guest.objects.get().account
    assert (
        not account.is_active and not account.has_usable_password() and not account.groups.exists()
    )
    assert account.username not in sign_in(admin).get("/account/people/").content.decode()


def test_no_log_tells_the_link(link, invited):
    for text in (
        link,
        f"GET {link} 200",
        f"https://x.example{link[:-1]}",
        f"/studies//guest/{invited[1]}",
    ):
        assert invited[1] not in routed(text)
    assert "short" not in routed("/studies/guest/short/more")
