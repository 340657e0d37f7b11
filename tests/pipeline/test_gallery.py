"""The gallery: only with leave, only what staff chose, gone when the owner says so."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from pipeline import services
from pipeline.models import Exhibit, Restoration
from pipeline.services import gallery
from tests.pipeline.builders import ready_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def hung(done, reviewer):
    gallery.allow(done, caption="Aunt Ida, 1912")
    return gallery.hang(done, by=reviewer)


def test_agreed_chosen_shown_and_taken_back(client, sign_in, reviewer, done):
    client.post(f"/restore/{done.token}/show/", {"caption": "Aunt Ida"})
    assert "Aunt Ida" not in client.get("/gallery/").content.decode()
    sign_in(reviewer).post(f"/restorations/{done.pk}/hang/")
    row = Exhibit.objects.get()
    assert "Aunt Ida" in client.get("/gallery/").content.decode()
    assert client.get(f"/gallery/{row.pk}/").status_code == 200
    client.post(f"/restore/{done.token}/show/", {"withdraw": "1", "sure": "1"})
    assert client.get(f"/gallery/{row.pk}/").status_code == 404
    assert client.get(f"/gallery/{row.pk}/inpainted.jpg").status_code == 404


def test_the_public_pages_keep_the_private_address_and_the_file_name(client, hung):
    for path in ("/gallery/", f"/gallery/{hung.pk}/"):
        page = client.get(path).content.decode()
        assert hung.restoration.token not in page
        assert hung.restoration.photo.title not in page.replace("Aunt Ida, 1912", "")


def test_every_stage_is_there_to_look_at_and_no_more(client, hung):
    for kind in ("before", "mask", "inpainted", "inpainted_colorized", "colorized"):
        assert client.get(f"/gallery/{hung.pk}/{kind}.preview").status_code == 200
    for path in ("inpainted.png", "inpainted.tif", "before.tif", "mask.overlay"):
        assert client.get(f"/gallery/{hung.pk}/{path}").status_code == 404
    plain = client.get(f"/gallery/{hung.pk}/inpainted.jpg?download")
    assert "attachment" not in plain.headers["Content-Disposition"]


def test_without_leave_staff_cannot_show_it(sign_in, reviewer, done):
    assert sign_in(reviewer).post(f"/restorations/{done.pk}/hang/").status_code == 404
    assert not Exhibit.objects.exists()


def test_a_lab_photo_needs_no_leave_but_the_labs(production, run_jobs, sign_in, admin):
    row = services.restore_later(photo=ready_photo(title="Plate 12"))
    run_jobs()
    browser = sign_in(admin)
    browser.post(f"/restorations/{row.pk}/hang/")
    assert "Plate 12" in browser.get("/gallery/").content.decode()
    browser.post(f"/restorations/{row.pk}/hang/", {"down": "1"})
    assert "Plate 12" not in browser.get("/gallery/").content.decode()


def test_what_hangs_outlives_its_last_day_until_it_comes_down(hung):
    Restoration.objects.update(expires_at=Now() - timedelta(days=1))
    assert services.expire() == 0
    gallery.take_down(hung.restoration)
    assert services.expire() == 1


def test_delete_now_takes_it_off_the_wall(client, hung):
    client.post(f"/restore/{hung.restoration.token}/delete/", {"sure": "1"})
    assert client.get(f"/gallery/{hung.pk}/").status_code == 404
    assert not Exhibit.objects.exists()


@pytest.mark.parametrize("role", ["stranger", "assessor", "voter"])
def test_others_choose_nothing(request, sign_in, hung, role):
    browser = sign_in(request.getfixturevalue(role))
    address = f"/restorations/{hung.restoration_id}/hang/"
    assert browser.post(address, {"down": "1"}).status_code == 403
