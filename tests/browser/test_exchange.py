"""Moving in by the page: a folder of photographs, their masks looked through, brought in, reviewed."""

import numpy as np
import pytest
from django.urls import reverse

from annotate.formats import coco
from annotate.models import DefectMask, Import
from photos.models import Photo
from tests.annotate.builders import file_of, painted, picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def folder_of_scans(tmp_path):
    for number in range(4):
        path = tmp_path / "scans" / f"19{number // 2}0" / f"p{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file_of(picture(seed=number), "JPEG"))
    (tmp_path / "scans" / "notes.txt").write_text("x")
    return tmp_path / "scans"


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_lab_moves_in_by_the_page(
    open_page, accessible, admin, reviewer, run_jobs, tmp_path, width
):
    page = open_page(reviewer, width=width)
    page.goto(reverse("annotate_bring"))
    accessible(page)
    for said in ("4 came in, 0 were here already, 1 left out", "0 came in, 4 were here already"):
        page.set_input_files("[data-role=folder]", folder_of_scans(tmp_path))
        page.get_by_text(said).wait_for()
    assert fits(page)
    run_jobs()
    assert Photo.objects.filter(state="ready", album="scans/1900").count() == 2
    masks = {photo.original_name: painted(seed=n) for n, photo in enumerate(Photo.objects.all())}
    masks["scans/1910/p3.jpg"][:40, :40] |= np.uint8(4)
    (tmp_path / "instances.json").write_bytes(coco.write(masks))
    page.goto(reverse("annotate_exchange"))
    page.set_input_files("input[type=file]", tmp_path / "instances.json")
    page.select_option("select[name=kind]", "coco")
    page.get_by_role("button", name="Look it through").click()
    page.get_by_text("being looked through").wait_for()
    run_jobs()
    page.get_by_text("comes in: 4").wait_for()
    accessible(page)
    assert fits(page) and not DefectMask.objects.exists()
    page.screenshot(path=tmp_path / "import.png", full_page=True)
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("coming in").wait_for()
    run_jobs()
    page.get_by_role("link", name="Review", exact=True).wait_for()
    bulk(open_page(admin, width=width), accessible, Import.objects.filter(kind="masks").get())


def bulk(page, accessible, row):
    page.goto(f"{reverse('annotate_reviews')}?import={row.pk}")
    accessible(page)
    assert fits(page)
    boxes = page.locator("input[name=mask]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    assert page.locator("input[name=mask]:checked").count() == 3
    page.get_by_label("Tick all on this page").check()
    page.get_by_role("button", name="Accept", exact=True).click()
    page.get_by_text("4 done.").wait_for()
    assert DefectMask.objects.filter(state="accepted", brought=row).count() == 4
