"""The visitor's pages and the staff's list: who may, what is said, what is streamed."""

import io
import zipfile

import numpy as np
import pytest
import tifffile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from jobs.models import Job, State
from photos.decoding import scans
from pipeline.models import Restoration
from tests.pipeline.builders import ready_photo, upload
from tests.pipeline.engine.tiny import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_counts():
    from django.core.cache import cache

    cache.clear()


def file(name="Aunt Ida.png", content=None):
    return SimpleUploadedFile(name, upload() if content is None else content)


def send(client, *files, **fields):
    return client.post("/restore/", {"photos": list(files) or [file()], **fields})


@pytest.fixture
def done(client, production, run_jobs):
    """A finished restoration of a visitor."""
    send(client)
    run_jobs()
    return Restoration.objects.get()


def test_one_photo_leads_to_its_page(client):
    answer = send(client, strength="0.3", careful="on")
    row = Restoration.objects.get()
    assert answer.headers["Location"] == row.get_absolute_url()
    chosen = {"careful": True, "strength": 0.3, "colourise": False, "grain": True}
    assert row.settings == chosen
    assert row.photo.training_allowed is False
    assert row.expires_at is not None


def test_several_photos_stay_listed_in_this_browser(client):
    send(client, file("aunt-anna.png"), file("uncle-bert.png"))
    page = client.get("/restore/").content.decode()
    assert "aunt-anna" in page
    assert "uncle-bert" in page
    assert "aunt-anna" not in Client().get("/restore/").content.decode()


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (file("empty.png", b""), "empty.png: This file is empty."),
        (file("diary.jpg", b"dear diary"), "diary.jpg: This is not a JPEG, PNG"),
    ],
)
def test_a_bad_file_is_named_and_nothing_is_kept(client, bad, sentence):
    answer = send(client, file("good.png"), bad)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Restoration.objects.exists()


def test_no_file_at_all_is_a_sentence(client):
    answer = client.post("/restore/", {})
    assert answer.status_code == 400
    assert "Choose at least one photograph." in answer.content.decode()


def test_too_many_in_an_hour(client, monkeypatch):
    from pipeline.services.uploads.throttles import UploadThrottle

    monkeypatch.setattr(UploadThrottle, "rate", "1/hour", raising=False)
    assert send(client).status_code == 302
    answer = send(client)
    assert answer.status_code == 400
    assert "too many photographs in an hour" in answer.content.decode()


def test_waiting_says_how_many_come_first(client, production):
    send(client)
    send(client)
    last = Restoration.objects.order_by("-job__created_at").first()
    page = client.get(last.get_absolute_url(), headers={"hx-request": "true"}).content.decode()
    assert "1 photo before yours." in page


def test_what_has_not_moved_is_not_sent_again(client, production):
    from pipeline.views.result import _progress

    send(client)
    row = Restoration.objects.get()
    address = row.get_absolute_url()
    seen = _progress(row)["seen"]
    poll = {"headers": {"hx-request": "true"}}
    assert client.get(address, {"seen": seen}, **poll).status_code == 204
    assert client.get(address, {"seen": "older"}, **poll).status_code == 200


def test_progress_shows_the_real_stage(client, production):
    send(client)
    row = Restoration.objects.get()
    Job.objects.filter(pk=row.job_id).update(
        state=State.RUNNING, progress=0.5, message="Filling damage, tile 3 of 9"
    )
    page = client.get(row.get_absolute_url(), headers={"hx-request": "true"}).content.decode()
    assert "Filling damage, tile 3 of 9" in page
    assert 'aria-current="step">Fill the damage' in page


def test_the_end_reloads_the_page(client, done):
    answer = client.get(done.get_absolute_url(), headers={"hx-request": "true"})
    assert answer.headers["HX-Refresh"] == "true"


def test_the_results_name_what_made_them(client, done):
    page = client.get(done.get_absolute_url()).content.decode()
    for text in ("tiny segmentation", "Largest hole", "All as a zip", "50 × 70"):
        assert text in page


@pytest.mark.parametrize("kind", ["mask", "inpainted", "inpainted_colorized", "colorized"])
@pytest.mark.parametrize("form", ["png", "jpg", "preview"])
def test_every_picture_streams(client, done, kind, form):
    answer = client.get(f"/restore/{done.token}/{kind}.{form}")
    image = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert image.size == (50, 70)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer.headers["Cache-Control"]


def test_downloads_carry_the_name_the_profile_and_nothing_else(client, done):
    answer = client.get(f"/restore/{done.token}/colorized.jpg?download")
    assert 'filename="Aunt_Ida.original_in_colour.jpg"' in answer.headers["Content-Disposition"]
    image = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert "icc_profile" in image.info
    assert not image.getexif()
    assert "comment" not in image.info


@pytest.mark.parametrize(
    ("kind", "named"), [("inpainted", "repaired"), ("colorized", "original_in_colour")]
)
def test_sixteen_bit_tiffs(client, done, kind, named):
    answer = client.get(f"/restore/{done.token}/{kind}.tif")
    assert f'filename="Aunt_Ida.{named}.tif"' in answer.headers["Content-Disposition"]
    found = tifffile.TiffFile(io.BytesIO(b"".join(answer.streaming_content))).pages[0]
    png = client.get(f"/restore/{done.token}/{kind}.png")
    pixels = np.asarray(Image.open(io.BytesIO(b"".join(png.streaming_content))))
    np.testing.assert_array_equal(found.asarray(), pixels.astype(np.uint16) * 257)
    assert "InterColorProfile" in found.tags
    assert not {"Software", "DateTime", "ExifTag", "XMP"} & set(found.tags.keys())


def test_a_tiff_of_sixteen_bit_grey_keeps_every_value_outside_the_mask(
    client, production, run_jobs
):
    from pipeline.engine.segmentation import grown
    from pipeline.imageio.encode import mask_bits
    from pipeline.services import restore_later

    deep = picture(60, 40, channels=1, dtype=np.uint16)
    row = restore_later(photo=ready_photo(deep))
    run_jobs()
    row = Restoration.objects.get(pk=row.pk)
    answer = client.get(f"/restore/{row.token}/inpainted.tif")
    found = tifffile.imread(io.BytesIO(b"".join(answer.streaming_content)))
    kept = ~grown(mask_bits(scans.read_working(row.mask.image).astype(np.uint8)))
    assert found.dtype == np.uint16
    assert kept.any()
    np.testing.assert_array_equal(found[kept], deep[kept])


def test_the_damage_found_at_full_size(client, done):
    answer = client.get(f"/restore/{done.token}/mask.overlay")
    image = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert (image.size, image.mode) == ((50, 70), "RGBA")


def test_the_zip_holds_all_pictures(client, done):
    answer = client.get(f"/restore/{done.token}/all.zip")
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert len(names) == 11
    assert {"Aunt_Ida.repaired.png", "Aunt_Ida.original_in_colour.tif"} <= set(names)


def test_a_wrong_token_does_not_exist(client, done):
    # Turned round, not with a fixed last letter: one token in 64 ends in any letter we pick.
    wrong = done.token.swapcase()
    assert wrong != done.token
    for path in ("", "all.zip", "mask.png", "before.jpg"):
        assert client.get(f"/restore/{wrong}/{path}").status_code == 404


def test_unknown_pictures_do_not_exist(client, done):
    for path in ("secret.png", "before.png", "mask.exe", "mask.tif"):
        assert client.get(f"/restore/{done.token}/{path}").status_code == 404


def test_delete_now_deletes(client, done):
    answer = client.post(f"/restore/{done.token}/delete/", {"sure": "1"})
    assert answer.headers["Location"] == "/restore/"
    assert client.get(done.get_absolute_url()).status_code == 404
    assert client.get(f"/restore/{done.token}/delete/").status_code == 405


def test_a_failure_says_why_and_what_to_do(client, production, run_jobs):
    send(client, file("cut.jpg", upload(kind="JPEG")[:-300]))
    run_jobs()
    row = Restoration.objects.get()
    page = client.get(row.get_absolute_url()).content.decode()
    assert "ends too early" in page
    assert "Use what is there" in page


def test_a_truncated_file_may_be_used_as_far_as_it_goes(client, production, run_jobs):
    send(client, file("cut.jpg", upload(kind="JPEG")[:-300]))
    run_jobs()
    row = Restoration.objects.get()
    client.post(f"/restore/{row.token}/again/", {"salvage": "1"})
    run_jobs()
    row = Restoration.objects.get()
    assert row.is_done
    assert row.photo.salvage


@pytest.mark.parametrize(
    ("role", "restore", "listing"),
    [
        ("visitor", 200, 302),
        ("stranger", 200, 403),
        ("assessor", 200, 403),
        ("voter", 200, 403),
        ("reviewer", 200, 200),
        ("admin", 200, 200),
    ],
)
def test_who_may_open_what(request, sign_in, role, restore, listing):
    browser = Client() if role == "visitor" else sign_in(request.getfixturevalue(role))
    assert browser.get("/restore/").status_code == restore
    assert browser.get("/restorations/").status_code == listing


def test_without_public_uploads_a_visitor_signs_in(client, settings, stranger, sign_in):
    settings.PUBLIC_UPLOADS = False
    assert client.get("/restore/").headers["Location"].startswith("/account/login/")
    assert send(client).status_code == 302
    assert not Restoration.objects.exists()
    assert sign_in(stranger).get("/restore/").status_code == 200


def test_staff_see_a_visitors_picture_only_with_leave(client, sign_in, reviewer, production):
    send(client, file("private ida.png"))
    send(client, file("open ida.png"), training_allowed="on")
    page = sign_in(reviewer).get("/restorations/").content.decode()
    assert "open ida" in page
    assert "private ida" not in page
    private = Restoration.objects.get(photo__title="private ida")
    assert private.token not in page


def test_a_lab_photo_shows_in_the_list(sign_in, admin, production):
    from pipeline.services import restore_later

    restore_later(photo=ready_photo(title="Plate 12"))
    assert "Plate 12" in sign_in(admin).get("/restorations/").content.decode()


def test_another_strength_is_a_restoration_of_its_own(client, done, run_jobs):
    answer = client.post(f"/restore/{done.token}/variant/", {"strength": "0.2"})
    run_jobs()
    other = Restoration.objects.exclude(pk=done.pk).get()
    assert answer.headers["Location"] == other.get_absolute_url()
    assert (other.photo, other.settings["strength"]) == (done.photo, 0.2)
    assert (other.earlier, other.expires_at) == (done, done.expires_at)
    client.post(f"/restore/{other.token}/delete/", {"only": "1", "sure": "1"})
    assert client.get(f"/restore/{done.token}/inpainted.png").status_code == 200


def test_the_earlier_version_shows_until_the_new_one_is_ready(client, done):
    answer = client.post(f"/restore/{done.token}/variant/", {"strength": "0.2"})
    page = client.get(answer.headers["Location"]).content.decode()
    assert "stays until the new one is ready" in page
    assert f"/restore/{done.token}/inpainted.preview" in page


def test_delete_now_takes_every_version(client, done, run_jobs):
    client.post(f"/restore/{done.token}/variant/", {"strength": "0.2"})
    run_jobs()
    client.post(f"/restore/{done.token}/delete/", {"sure": "1"})
    assert not Restoration.objects.exists()
    done.photo.refresh_from_db()
    assert done.photo.state == "erased"


def test_a_strength_out_of_range_is_refused(client, done):
    assert client.post(f"/restore/{done.token}/variant/", {"strength": "9"}).status_code == 409


def test_a_lab_photos_restoration_is_deleted_by_staff_alone(client, sign_in, reviewer, production):
    from pipeline.services import restore_later

    row = restore_later(photo=ready_photo())
    address = f"/restore/{row.token}/delete/"
    assert "Delete now" not in client.get(row.get_absolute_url()).content.decode()
    assert client.post(address).status_code == 403
    assert client.delete(f"/api/v1/restorations/{row.token}/").status_code in (401, 403)
    assert sign_in(reviewer).post(address, {"sure": "1"}).status_code == 302
