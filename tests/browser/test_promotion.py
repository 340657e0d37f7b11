"""From a run to production in a real browser: measured, warned of, granted by a second admin, undone."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image

from photos import storage
from tests.browser.waiting import until
from tests.conftest import person
from tests.training.builders import measured, photo, picture, scratched, tiny, version
from training import services
from training.models import Promotion

SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.RUNS_ROOT = tmp_path / "runs"


@pytest.fixture
def lab(transactional_db, tmp_path):
    """Two runs with curves, a version in production and a candidate, both measured."""
    scratched(1)
    photo(2)
    snapshot = services.freeze_snapshot(name="Spring")
    services.freeze_snapshot(name="Summer")
    runs = [services.train_later(recipe=tiny(batch=size), snapshot=snapshot) for size in (4, 8)]
    for run in runs:
        for step in (8, 16, 24):
            values = {"step": step, "epoch": 1, "seconds": 1.0, "split": "validation"}
            run.metrics.create(
                name="real/fracture/dice", value=0.5 + run.recipe["batch"] / step / 9, **values
            )
            run.metrics.create(name="loss", value=0.9990 + step / 9e4, **values)
        samples = run.folder / "samples"
        samples.mkdir(parents=True)
        Image.fromarray(picture(step)).save(samples / "00000024_0.png")
    for name, value in (("old net", 0.61), ("new net", 0.58)):
        row = version(name, stage="segmentation")
        measured(row, snapshot, value=value, pictures=12)
        blob = storage.put(_png(tmp_path), "image/png")
        row.pictures.create(given=blob, answered=blob, caption="Coffee")
    services.promote(
        version=snapshot.evaluations.get(version__name="old net").version, reason="first"
    )
    return runs, row


def _png(folder):
    path = folder / "answer.png"
    Image.fromarray(picture(7)).save(path)
    return path.read_bytes()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_every_page_is_accessible_and_fits(open_page, accessible, lab, admin, width, scheme):
    runs, candidate = lab
    page = open_page(admin, width=width, color_scheme=scheme)
    compare = reverse("runs_compare") + "?" + "&".join(f"run={run.pk}" for run in runs)
    snapshot = runs[0].snapshot
    other = type(snapshot).objects.exclude(pk=snapshot.pk).first()
    pages = {
        "runs": reverse("runs"),
        "compare": compare,
        "new": reverse("run_new"),
        "found": reverse("runs_found"),
        "models": reverse("versions"),
        "sets": reverse("version_sets"),
        "promote": reverse("version_promote", args=[candidate.pk]),
        "snapshot": reverse("snapshot", args=[snapshot.pk]) + f"?against={other.pk}",
        "production": reverse("production"),
    }
    for name, address in pages.items():
        page.goto(address)
        accessible(page)
        if SHOTS and scheme == "light":
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_a_worse_candidate_needs_a_second_admin_and_is_undone(open_page, lab, admin, accessible):
    _, candidate = lab
    page = open_page(admin)
    page.goto(reverse("version", args=[candidate.pk]))
    person("olga", "admin")
    page.click("text=Beside production")
    said = page.inner_text("#warnings")
    assert "worse than old net" in said
    assert "few photographs: 12" in said
    page.fill("[name=reason]", "It misses less in the dark")
    page.click("text=Ask for it")
    assert "A second admin has to grant" in page.inner_text("main")
    assert page.locator("button:has-text('Grant')").count() == 0
    assert Promotion.objects.current("segmentation").version.name == "old net"
    other = open_page(type(admin).objects.get(username="olga"))
    other.goto(reverse("production"))
    accessible(other)
    other.click("button:has-text('Grant')")
    assert "new net is in production" in other.inner_text(".messages")
    assert Promotion.objects.current("segmentation").version == candidate
    other.click("text=Go back to old net")
    other.click("text=Put old net back")
    assert Promotion.objects.current("segmentation").version.name == "old net"


def test_ticked_runs_survive_the_live_list_and_lie_beside_each_other(open_page, lab, admin):
    page = open_page(admin)
    page.goto(reverse("runs"))
    for run in lab[0]:
        page.check(f"#pick-{run.pk}")
    with page.expect_response(lambda answer: "?page=" in answer.url):
        pass
    until(page, "document.querySelectorAll('[name=run]:checked').length === 2")
    page.click("text=Lay the ticked runs beside each other")
    assert page.inner_text("h1") == "Runs beside each other"
    assert page.locator(".frame img").count() == 2


def test_a_choice_is_checked_while_it_is_typed(open_page, lab, admin):
    page = open_page(admin)
    page.goto(reverse("run_new"))
    page.check("[value=tiny]")
    page.fill("[name=changes]", "batch=four")
    page.wait_for_selector("#recipe-check >> text=batch must be a whole number")
    page.fill("[name=changes]", "batch=8")
    page.wait_for_selector("#recipe-check >> text=(was 4)")
