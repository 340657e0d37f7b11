"""The Activity page, wide and narrow: searched, and the work of one person."""

import pytest

from jobs.models import Job
from tests.conftest import person


@pytest.mark.parametrize("width", [1440, 390])
def test_activity_is_searched(open_page, accessible, admin, width, tmp_path):
    ada = person("ada", "assessor")
    Job.objects.create(kind="training.train_run", title="Train spotless with 4,000 images", created_by=admin, state="running", progress=0.4, message="step 1,600 of 4,000", attempt=1)  # fmt: skip
    Job.objects.create(kind="pipeline.time_engines", title="Time engines on host-1", state="failed", error="spotless 1: not measured, it took more than 600 s", attempt=1)  # fmt: skip
    Job.objects.create(kind="photos.prepare_photo", title="Prepare a portrait", created_by=ada, state="queued")  # fmt: skip
    page = open_page(admin, width=width)
    for at in ("/activity/", "/activity/?q=portrait", "/activity/?q=none"):
        page.goto(at)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), at
        page.screenshot(path=tmp_path / f"{at[10:].strip('?/') or 'all'}-{width}.png")
    page.get_by_role("link", name="Show all work").click()
    page.get_by_label("Search").fill("engines")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Time engines on host-1").wait_for()
    assert page.get_by_text("Train spotless").count() == 0
    page.goto("/activity/")
    page.get_by_role("cell").get_by_role("link", name="ada").click()
    page.get_by_text("Asked for by ada alone.").wait_for()
    assert page.locator("tbody tr").count() == 1
