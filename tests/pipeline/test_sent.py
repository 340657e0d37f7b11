"""All that a browser sent: how far, how long still, and one ZIP of the results."""

import io
import zipfile

import pytest

from jobs.models import Job, State
from pipeline.models import Restoration
from pipeline.services import restore_later
from pipeline.services.progress import estimates, sent, steps
from tests.pipeline.builders import production, ready_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def measured(monkeypatch):
    monkeypatch.setattr(estimates, "rates", lambda careful: {"mask": 4.0, "inpainted": 6.0})


def asked(width, height, **job):
    photo = ready_photo(origin="visitor")
    type(photo).objects.filter(pk=photo.pk).update(width=width, height=height)
    row = restore_later(photo=photo)
    Job.objects.filter(pk=row.job_id).update(**job)
    return Restoration.objects.with_all().get(pk=row.pk)


def test_who_waits_is_told_the_rest_of_the_running_one_and_the_sizes_before(measured):
    running = asked(2000, 1000, state=State.RUNNING, progress=0.5)
    large = asked(4000, 1000)
    own = asked(1000, 1000)
    asked(9000, 9000)  # came after: it counts for nothing
    alone = 1.2 * 10  # seconds of one megapixel with reading and keeping
    rest = estimates.seconds_left(running)
    assert 0 < rest < 2 * alone
    assert estimates.seconds_left(large) == pytest.approx(4 * alone + rest)
    assert estimates.seconds_left(own) == pytest.approx(5 * alone + rest)


def test_a_promise_is_rounded_up():
    assert "within a minute" in str(steps.usually(31.0))
    assert "within 2 minutes" in str(steps.usually(61.0))
    assert "minute or two" in str(steps.usually(None))


def remember(client, *rows):
    session = client.session
    session["restorations"] = [row.token for row in rows]
    session.save()


def test_the_list_says_how_many_are_ready_and_is_silent_while_nothing_moves(client, measured):
    rows = [asked(1000, 1000) for _ in range(3)]
    Job.objects.filter(pk=rows[0].job_id).update(state=State.SUCCEEDED)
    remember(client, *rows)
    page = client.get("/restore/sent/").text
    assert 'data-title="1 of 3 ready"' in page and "every 2s" in page
    seen = sent.by([row.token for row in rows]).seen
    assert client.get("/restore/sent/", {"seen": seen}).status_code == 204
    Job.objects.filter(pk__in=[row.job_id for row in rows]).update(state=State.SUCCEEDED)
    page = client.get("/restore/sent/", {"seen": seen}).text
    assert 'data-title=""' in page and "every 2s" not in page


def test_another_browser_sees_nothing(client):
    asked(1000, 1000)
    assert "<li>" not in client.get("/restore/sent/").text
    assert client.get("/restore/sent/all.zip").status_code == 404


def test_one_zip_holds_the_results_of_all_under_names_of_their_own(client, run_jobs, tmp_path):
    production(tmp_path)
    rows = [restore_later(photo=ready_photo(title="Aunt Ida", origin="visitor")) for _ in "ab"]
    run_jobs()
    remember(client, *rows)
    answer = client.get("/restore/sent/all.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        names = packed.namelist()
    assert len(names) == len(set(names)) and len({name.split("/")[0] for name in names}) == 2
    kinds = {name.split("/")[1].split(".", 1)[1] for name in names}
    assert {"repaired.png", "repaired.jpg"} <= kinds
    assert not any("mask" in name for name in names)
