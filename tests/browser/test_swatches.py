"""The lab adds a named colour on its page, and whoever paints finds it in the palette."""

import pytest

from pipeline.models import LabSwatch
from tests.browser.test_colours import begin, done  # noqa: F401
from tests.browser.test_restore import in_production  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/restorations/swatches/"


def test_a_colour_is_added_painted_with_and_removed(open_page, admin, done):  # noqa: F811
    page = open_page(admin)
    page.goto("/restorations/")
    page.get_by_role("link", name="Named colours").click()
    page.locator("#id_name").fill("Town guard")
    page.locator("#id_rgb").fill("#2b3550")
    page.locator("#id_source").fill("our archive, coat of 1911")
    page.get_by_role("button", name="Add").click()
    page.get_by_text("Town guard is among the Uniforms.").wait_for()
    visitor = open_page(width=390, has_touch=True)
    begin(visitor, done, name="Town guard")
    named = visitor.locator("[data-named]")
    assert named.inner_text() == "Town guard, approximate: our archive, coat of 1911."
    page.get_by_role("link", name="Change Town guard").click()
    page.get_by_role("button", name="Remove Town guard").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_text("keep their colour").first.wait_for()
    assert not LabSwatch.objects.exists()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_pages_are_accessible_and_fit(open_page, accessible, admin, width, scheme, tmp_path):
    name = "Town guard of the old harbour, summer"
    row = LabSwatch.objects.create(group="Uniforms", name=name, rgb="#2b3550", source="coat, 1911")
    page = open_page(admin, width=width, color_scheme=scheme)
    for path in (PAGE, f"{PAGE}{row.pk}/"):
        page.goto(path)
        for group in page.locator("details.swatch-group").all()[:2]:
            group.locator("summary").click()
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=tmp_path / f"{len(path)}.png", full_page=True)
