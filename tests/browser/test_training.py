"""The training pages in a real browser: wide and narrow, light and dark; freeze, train, promote."""

import pytest
from django.urls import reverse

from jobs.models import Job
from tests.training.builders import photo, scratched, tiny, version
from training import services
from training.models import DatasetSnapshot, ModelVersion, Promotion


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.RUNS_ROOT = tmp_path / "runs"


@pytest.fixture
def lab(transactional_db):
    """A snapshot, a run with curves, two versions in a row of promotions."""
    scratched(1)
    photo(2)
    run = services.train_later(recipe=tiny(), snapshot=services.freeze_snapshot(name="First"))
    for step in (8, 16, 24):
        values = {"step": step, "epoch": 1, "seconds": 1.0, "value": 1 / step}
        run.metrics.create(split="train", name="loss", **values)
        run.metrics.create(split="validation", name="real/fracture/dice", **values)
    for name in ("first net", "second net"):
        services.promote(version=version(name), reason=f"{name} is better")
    return run


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_every_page_is_accessible_and_fits(open_page, accessible, lab, admin, width, scheme):
    page = open_page(admin, width=width, color_scheme=scheme)
    made = ModelVersion.objects.get(name="first net")
    for name, *at in (
        ("snapshots",),
        ("snapshot", lab.snapshot_id),
        ("runs",),
        ("run_new",),
        ("run", lab.pk),
        ("versions",),
        ("version", made.pk),
        ("production",),
        ("production_rollback", "inpainting"),
    ):
        page.goto(reverse(name, args=at))
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_an_admin_freezes_and_starts_a_run(open_page, lab, admin):
    page = open_page(admin)
    page.goto(reverse("snapshots"))
    page.fill("[name=name]", "Spring")
    page.click("text=Freeze >> nth=-1")
    assert DatasetSnapshot.objects.filter(name="Spring").exists()
    page.click("text=Train on this snapshot")
    page.click("text=Inpainting")
    page.check("[value=tiny]")
    page.click("text=Start training")
    assert page.inner_text("h1") == "Inpainting, tiny"
    titles = [str(job.title) for job in Job.objects.all()]
    assert "Train inpainting: tiny on Spring" in titles


def test_a_rollback_is_asked_for_once_more(open_page, lab, admin):
    page = open_page(admin)
    page.goto(reverse("production"))
    page.click("text=Go back to first net")
    page.click("text=Put first net back")
    assert "first net is back in production" in page.inner_text(".messages")
    assert Promotion.objects.current("inpainting").version.name == "first net"


def test_the_live_part_follows_the_run_and_reloads_at_its_end(open_page, lab, admin):
    page = open_page(admin)
    page.goto(reverse("run", args=[lab.pk]))
    Job.objects.filter(pk=lab.job_id).update(message="24 of 96 pictures", progress=0.25)
    page.wait_for_selector("text=24 of 96 pictures")
    services.cancel_run(lab)
    page.wait_for_selector("text=Try again")
