"""What cannot be undone asks first, naming what goes; the same question is a page without script."""

import re

import pytest

from pipeline.models import Feedback, Restoration
from pipeline.services import restore_later
from tests.conftest import person
from tests.pipeline.builders import production, ready_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(tmp_path, run_jobs):
    production(tmp_path)
    row = restore_later(photo=ready_photo(title="Aunt <Ida>", origin="visitor"))
    run_jobs()
    return Restoration.objects.get(pk=row.pk)


def test_deleting_names_the_photograph_and_what_goes(client, done):
    answer = client.post(f"/restore/{done.token}/delete/")
    assert answer.headers["X-Asked"] and "Aunt &lt;Ida&gt;" in answer.text
    assert f"{len(done.downloads)} pictures" in answer.text
    assert Restoration.objects.filter(pk=done.pk).exists()


def test_the_page_without_script_sends_what_was_sent_and_goes_back(client, done):
    here = f"http://testserver/restore/{done.token}/"
    page = client.post(
        f"/restore/{done.token}/leave/", {"withdraw": "1"}, headers={"Referer": here}
    ).text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert fields["withdraw"] == "1" and fields["back"] == here
    answer = client.post(f"/restore/{done.token}/leave/", fields | {"sure": "1"})
    assert answer.status_code == 302


def test_back_never_leads_to_another_site(client, done):
    page = client.post(f"/restore/{done.token}/delete/", headers={"Referer": "http://evil/"}).text
    assert 'name="back" value="/"' in page


def test_giving_leave_asks_nothing(client, done):
    client.post(f"/restore/{done.token}/leave/", {"allow": "1"})
    done.photo.refresh_from_db()
    assert done.photo.training_allowed


def test_a_strangers_question_is_refused_as_the_verb_is(client, done):
    assert client.post("/restore/nothing/delete/").status_code == 404


def test_words_reach_the_lab_without_the_picture_or_its_title(client, done):
    client.post(f"/restore/{done.token}/feedback/", {"text": "Her nose is gone"})
    assert Feedback.objects.get().restoration == done
    client.force_login(person("rea", "reviewer"))
    page = client.get("/restorations/").text
    assert "Her nose is gone" in page and "Ida" not in page and done.token not in page


def test_a_title_is_what_a_person_says_and_its_owner_may_change_it(client, done):
    client.post(f"/restore/{done.token}/name/", {"title": "  Aunt   Ida, 1912 "})
    done.photo.refresh_from_db()
    assert done.photo.title == "Aunt Ida, 1912"
    assert client.post(f"/restore/{done.token}/name/", {"title": " "}).status_code == 409
