"""The staff's page: figures, failures with retry, sending on; and how long things take."""

import pytest

from jobs.models import Job, State
from pipeline import services
from pipeline.models import Rendition, Restoration
from pipeline.services import feedback, statistics
from pipeline.services.progress import estimates, steps
from pipeline.views import staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_counts():
    from django.core.cache import cache

    cache.clear()


def test_figures_count_what_ended_and_what_waits(done):
    services.restore_later(photo=done.photo)
    day = statistics.throughput()[1]
    assert (day["done"], day["failed"]) == (1, 0)
    assert (statistics.queue()["waiting"], statistics.queue()["running"]) == (1, 0)
    bars = statistics.by_hour()
    assert (len(bars), bars[-1].count, bars[-1].height, bars[-1].top) == (24, 1, 60.0, 2.0)
    assert bars[-1].x == 230  # of the 240 that the chart is wide


def test_a_failure_says_why_and_is_tried_again(sign_in, admin, done):
    Job.objects.filter(pk=done.job_id).update(state=State.FAILED, error="The disk was full.")
    browser = sign_in(admin)
    assert "The disk was full." in browser.get("/restorations/").content.decode()
    browser.post(f"/restorations/{done.pk}/retry/")
    done.job.refresh_from_db()
    assert done.job.state == State.QUEUED


def test_one_click_sends_to_labelling_with_leave(sign_in, reviewer, done):
    browser = sign_in(reviewer)
    assert browser.post(f"/restorations/{done.pk}/label/").status_code == 404
    feedback.allow(done.photo)
    assert "Send to labelling" in browser.get("/restorations/").content.decode()
    browser.post(f"/restorations/{done.pk}/label/")
    done.photo.refresh_from_db()
    assert done.photo.wants_mask


def test_production_and_times_are_shown(sign_in, admin, done):
    page = sign_in(admin).get("/restorations/").content.decode()
    assert "tiny segmentation" in page
    assert "since" in page
    assert "1 more is private" in page


def test_the_list_of_all_goes_on_to_the_first(sign_in, admin, done, monkeypatch):
    monkeypatch.setattr(staff, "A_PAGE", 1)
    later = services.restore_later(photo=done.photo)
    pages = [sign_in(admin).get(f"/restorations/?page={page}") for page in (1, 2)]
    assert [row.pk for page in pages for row in page.context["page"]] == [later.pk, done.pk]
    assert 'href="?page=2#all"' in pages[0].text


def test_a_voter_on_the_staff_learns_no_weights(sign_in, reviewer, voter, done):
    reviewer.groups.add(*voter.groups.all())
    page = sign_in(reviewer).get("/restorations/").content.decode()
    assert "tiny segmentation" not in page


def test_times_are_medians_per_megapixel():
    rows = [("mask", 2000, 1000, 2.0), ("mask", 1000, 1000, 3.0), ("mask", 1000, 1000, 9.0)]
    rows += [("mask", 1000, 1000, None), ("colorized", 10, 10, 0.5)]
    assert estimates.per_megapixel(rows) == {"mask": 3.0, "colorized": 2.0}


def test_what_is_left_shrinks_to_nothing():
    seconds = {"mask": 4.0, "inpainted": 4.0, "inpainted_colorized": 1.0, "colorized": 1.0}
    left = [steps.seconds_left(share, seconds) for share in (0.0, 0.06, 0.3, 0.5, 0.9, 1.0)]
    assert left == sorted(left, reverse=True)
    assert left[0] == pytest.approx(12.0)
    assert left[1] == pytest.approx(11.0)
    assert left[-1] == 0.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (3.0, "A few seconds left."),
        (22.0, "About 20 seconds left."),
        (70.0, "About 1 minute left."),
        (200.0, "About 3 minutes left."),
    ],
)
def test_times_in_words(seconds, words):
    assert str(steps.left_to_wait(seconds)) == words


def test_a_waiting_photo_knows_when(client, done):
    Rendition.objects.update(report={"seconds": 30.0}, width=1000, height=1000)
    first = services.restore_later(photo=done.photo)
    second = services.restore_later(photo=done.photo)
    rows = Restoration.objects.with_all()
    early, late = (estimates.seconds_left(rows.get(pk=each.pk)) for each in (first, second))
    assert early == pytest.approx(1.2 * 4 * 30.0 * estimates.MIN_MEGAPIXELS)
    assert late == pytest.approx(2 * early)  # the photo before it is as small
