"""Notices are told once, digests come by choice, letters are tried again and leave no link behind."""

import errno
import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.mail import notices, outbox
from accounts.mail.notices import News, gather, tell, write_digests
from accounts.models import Letter, MailChoice, Notice, NoticeKind, OneUseLink, Pace
from accounts.people import links
from annotate.models import Assignment, DefectMask, Review
from config.errors import Refused
from config.settings import CELERY_BEAT_SCHEDULE
from evaluation.models import Study
from jobs.job_functions import routine_of
from jobs.models import Job
from photos.models import Photo
from training.models import DatasetSnapshot, TrainingRun

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def post_office(settings, tmp_path):
    """Django's file backend: one file a letter."""
    settings.MAIL_IS_SET_UP = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "post")
    settings.DEFAULT_FROM_EMAIL = "lab@photos.example"
    return tmp_path / "post"


def letters(folder):
    return [path.read_text() for path in sorted(folder.glob("*"))] if folder.exists() else []


@pytest.fixture
def vera(voter):
    voter.email = "vera@photos.example"
    voter.save()
    return voter


def news(person, key="a", kind=NoticeKind.RUN_ENDED):
    return News(person.pk, kind, "The run ended.", key, "/training/runs/")


def test_forgot_password_sends_one_letter_with_a_link_that_works(vera, client, post_office, caplog):
    caplog.set_level(logging.DEBUG)
    said = client.post("/account/forgot/", {"account": "vera"})
    other = client.post("/account/forgot/", {"account": "nobody at all"})
    assert said.content.split(b"<h1>")[1] == other.content.split(b"<h1>")[1]
    client.post("/account/forgot/", {"account": "VERA@photos.example"})  # again at once
    assert Letter.objects.count() == 1 and outbox.send_due() == 1
    (text,) = letters(post_office)
    assert "From: lab@photos.example" in text and "To: vera@photos.example" in text
    assert 'Content-Type: text/plain; charset="utf-8"' in text
    secret = text.partition("/account/link/")[2].partition("/")[0]
    assert client.get(f"/account/link/{secret}/").status_code == 200
    assert Letter.objects.get().body == ""
    assert secret not in caplog.text


def test_without_mail_there_is_no_such_page(client, settings, vera, admin, sign_in):
    settings.MAIL_IS_SET_UP = False
    assert client.get("/account/forgot/").status_code == 404
    assert b"Forgotten" not in client.get("/account/login/").content
    assert links.invite(by=admin, roles=[], email="x@y.example")
    assert not Letter.objects.exists()
    with pytest.raises(Refused, match="not set up"):
        outbox.post(to="x@y.example", kind="x", subject="x", body="x")


def test_an_address_may_not_ask_for_ever(client, vera):
    for _ in range(15):
        client.post("/account/forgot/", {"account": "vera"})
        Letter.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert OneUseLink.objects.count() == 10


def test_an_invitation_goes_by_mail_too(admin, post_office):
    _, secret = links.invite(by=admin, roles=["voter"], email="nina@photos.example")
    outbox.send_due()
    assert secret in letters(post_office)[0].replace("=\n", "")


def test_a_letter_that_fails_is_tried_again_later_and_then_given_up(vera, monkeypatch, settings, caplog):  # fmt: skip
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def refuse(self, messages):
        raise OSError(errno.ECONNREFUSED, f"refused: {messages[0].body}")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    letter = outbox.post(to=vera.email, kind="x", subject="a\nBcc: x@y", body="the secret")
    assert "\n" not in letter.subject
    for attempt in range(1, outbox.MOST_ATTEMPTS + 1):
        assert outbox.send_due() == 0
        letter.refresh_from_db()
        assert letter.attempt == attempt
        assert outbox.send_due() == 0 and Letter.objects.get().attempt == attempt  # not due yet
        Letter.objects.update(available_at=timezone.now() - timedelta(seconds=1))
    assert (letter.state, letter.body, letter.error) == ("failed", "", "ConnectionRefusedError")
    assert "the secret" not in caplog.text


def test_a_letter_is_sent_once_though_two_look(vera, post_office):
    letter = outbox.post(to=vera.email, kind="x", subject="x", body="x")
    assert outbox._take(letter) and not outbox._take(letter)


def test_what_comes_at_once_and_what_is_muted(vera, post_office):
    MailChoice.objects.create(person=vera, pace=Pace.AT_ONCE, muted=["upload-failed"])
    assert tell(news(vera)) and not tell(news(vera))
    assert tell(news(vera, "b", NoticeKind.UPLOAD_FAILED))
    outbox.send_due()
    (text,) = letters(post_office)
    assert "http://127.0.0.1:8000/training/runs/" in text and "/account/inbox/" in text
    assert Notice.objects.count() == 2


def test_a_digest_comes_once_a_day_and_holds_what_was_not_read(vera, post_office):
    for key in "abc":
        tell(news(vera, key))
    Notice.objects.filter(key="a").update(read_at=timezone.now())
    assert write_digests() == 1 and write_digests() == 0
    tell(news(vera, "d"))
    assert write_digests() == 0
    MailChoice.objects.update(digest_at=timezone.now() - timedelta(days=1, minutes=1))
    assert write_digests() == 1
    counts = [letter.body.count("The run ended.") for letter in Letter.objects.all()]
    assert counts == [2, 1] and outbox.send_due() == 2
    assert "".join(letters(post_office)).count("The run ended.") == 3


def test_never_means_never(vera, post_office):
    MailChoice.objects.create(person=vera, pace=Pace.NEVER)
    tell(news(vera))
    assert write_digests() == 0 and not Letter.objects.exists()


def test_who_is_closed_is_told_nothing(vera):
    User.objects.update(is_active=False)
    assert not tell(news(vera)) and not Notice.objects.exists()


def test_the_inbox_shows_reads_and_keeps_a_choice(vera, sign_in, stranger):
    tell(news(vera))
    client = sign_in(vera)
    page = client.get("/account/inbox/").content.decode()
    assert "The run ended." in page and '1<span class="visually-hidden"> new' in page
    assert "The run ended." not in sign_in(stranger).get("/account/inbox/").content.decode()
    client.post("/account/inbox/read/")
    assert 'visually-hidden"> new' not in client.get("/account/inbox/").content.decode()
    given = {"email": "v@x.example", "pace": "weekly", "kinds": ["run-ended"]}
    assert client.post("/account/inbox/mail/", given).status_code == 302
    choice = MailChoice.objects.get(person=vera)
    assert choice.pace == "weekly" and "mask-returned" in choice.muted and "run-ended" not in choice.muted  # fmt: skip
    told = Letter.objects.filter(kind="address")
    assert client.post("/account/inbox/mail/", given | {"email": "b@x.example"}).status_code == 302
    assert told.last().to == given["email"] and "was changed" in told.last().body
    assert client.post("/account/inbox/mail/", {"email": "no", "pace": "hourly"}).status_code == 400


def test_every_room_tells_its_news_once(admin, assessor, reviewer, voter, monkeypatch):
    photo = Photo.objects.create(title="Secret title", state="ready", created_by=voter)
    row = Assignment.objects.create(photo=photo, assessor=assessor, state="submitted", lease_until=timezone.now())  # fmt: skip
    mask = DefectMask.objects.create(photo=photo, assignment=row, author=assessor, state="returned")
    Review.objects.create(mask=mask, reviewer=reviewer, verdict="returned", revision=1)
    ended = {"state": "failed", "finished_at": timezone.now()}
    Job.objects.create(kind="photos.prepare_photo", params={"photo_id": str(photo.pk)}, **ended)
    snapshot = DatasetSnapshot.objects.create(name="s", created_by=admin)
    run = TrainingRun.objects.create(
        snapshot=snapshot, stage="inpainting", recipe={}, created_by=reviewer
    )
    Job.objects.create(kind="training.train_run", params={"run_id": str(run.pk)}, **ended)
    Study.objects.create(number=3, stage="inpainting", question="?", state="open", plan={"cap": 0})
    monkeypatch.setattr("evaluation.services.ballots.takes_no_more", lambda study: True)
    monkeypatch.setattr("jobs.notices.free_bytes", lambda: -1)
    assert gather() == 5 and gather() == 0
    told = {notice.kind: notice.person for notice in Notice.objects.all()}
    assert told == {
        "mask-returned": assessor, "upload-failed": voter, "run-ended": reviewer, "study-ready": admin,
        "disk-near-full": admin,
    }  # fmt: skip
    assert "Secret title" not in str(list(Notice.objects.values()))


def test_the_post_is_among_what_comes_round():
    for name in ("jobs.send_letters", "jobs.gather_notices", "jobs.write_digests"):
        assert any(entry["args"] == (name,) for entry in CELERY_BEAT_SCHEDULE.values())
        routine_of(name)()


def test_old_letters_and_notices_go(vera):
    tell(news(vera))
    outbox.post(to=vera.email, kind="x", subject="x", body="x")
    outbox.send_due()
    Letter.objects.update(ended_at=timezone.now() - timedelta(days=31))
    Notice.objects.update(created_at=timezone.now() - timedelta(days=91))
    outbox.forget_old()
    notices.forget_old()
    assert not Letter.objects.exists() and not Notice.objects.exists()


@pytest.mark.parametrize(("url", "host", "tls"), [("smtp+tls://me:word@mail.example:587", "mail.example", True), ("filemail:///tmp/post", "", False)])  # fmt: skip
def test_the_address_of_the_mail_server_is_read(url, host, tls):
    import environ

    found = environ.Env.email_url_config(url)
    assert (found["EMAIL_HOST"] or "", bool(found.get("EMAIL_USE_TLS"))) == (host, tls)
