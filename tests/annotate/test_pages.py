"""Who may open what, and what the pages do."""

import io
import zipfile

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from annotate import services
from annotate.models import DefectMask
from photos import storage
from photos.masks.arrays import encode_png
from photos.masks.overlays import overlay_png, shrink
from photos.models import Photo
from tests.annotate.builders import digest_of, file_of, painted, picture, ready_photo
from tests.annotate.test_assignments import finish

pytestmark = pytest.mark.django_db
CAST = ("assessor", "other_assessor", "reviewer", "voter", "admin", "stranger")


@pytest.fixture
def mask(assessor):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as tiles:
        tiles.writestr("photo/0/0_0.jpg", b"a tile")
    ready_photo(tiles=storage.put(archive.getvalue(), "application/zip"))
    return finish(services.claim_assignment(assessor=assessor))


def address(name, mask):
    at = {
        "annotate_queue": (), "annotate_photos": (), "annotate_reviews": (), "annotate_quality": (),
        "annotate_photo": (mask.photo_id,),
        "annotate_image": (mask.photo_id, "preview"),
        "annotate_tile": (mask.photo_id, 0, 0, 0),
        "annotate_review": (mask.pk,), "annotate_overlay": (mask.pk,),
        "annotate_export": (mask.pk, "fracture"),
        "annotate_paint": (mask.assignment_id,), "annotate_mask_tiles": (mask.assignment_id,),
        "api_photos": (), "api_photo": (mask.photo_id,), "api_photo_masks": (mask.photo_id,),
        "api_photo_file": (mask.photo_id, "working"), "api_mask_file": (mask.pk, "hole"),
    }  # fmt: skip
    return reverse(name, args=at[name])


ANY_PAINTER = {"assessor", "other_assessor", "reviewer", "admin"}
OWN_OR_REVIEWER = {"assessor", "reviewer", "admin"}
MATRIX = {
    "annotate_queue": ANY_PAINTER,
    "annotate_photos": ANY_PAINTER,
    "annotate_photo": ANY_PAINTER,
    "annotate_image": ANY_PAINTER,
    "annotate_tile": ANY_PAINTER,
    "annotate_reviews": {"reviewer", "admin"},
    "annotate_quality": {"reviewer", "admin"},
    "annotate_review": {"reviewer", "admin"},
    "annotate_overlay": OWN_OR_REVIEWER,
    "annotate_export": OWN_OR_REVIEWER,
    "annotate_paint": OWN_OR_REVIEWER,
    "annotate_mask_tiles": OWN_OR_REVIEWER,
    "api_photos": ANY_PAINTER,
    "api_photo": ANY_PAINTER,
    "api_photo_masks": ANY_PAINTER,
    "api_photo_file": ANY_PAINTER,
    "api_mask_file": OWN_OR_REVIEWER,
}


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("name", MATRIX)
def test_who_may_open_what(name, who, mask, request, sign_in):
    answer = sign_in(request.getfixturevalue(who)).get(address(name, mask))
    assert (answer.status_code == 200) == (who in MATRIX[name]), answer.status_code
    assert answer.status_code in (200, 403, 404)


@pytest.mark.parametrize("name", MATRIX)
def test_nobody_enters_without_signing_in(name, mask, client):
    assert client.get(address(name, mask)).status_code in (302, 401, 403)


POSTS = {
    "annotate_label": {"reviewer", "admin"},
    "annotate_read_again": {"reviewer", "admin"},
    "annotate_import_mask": {"reviewer", "admin"},
    "annotate_erase": {"admin"},
}


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("name", POSTS)
def test_who_may_change_what(name, who, mask, request, sign_in):
    client = sign_in(request.getfixturevalue(who))
    answer = client.post(reverse(name, args=[mask.photo_id]))
    assert (answer.status_code != 403) == (who in POSTS[name])


def test_a_visitors_private_photo_is_not_in_the_library(sign_in, assessor):
    private = ready_photo(origin="visitor")
    shared = ready_photo(origin="visitor", training_allowed=True)
    client = sign_in(assessor)
    for photo, status in ((private, 404), (shared, 200)):
        for kind in ("thumbnail", "working"):
            at = reverse("annotate_image", args=[photo.pk, kind])
            assert client.get(at).status_code == status
    assert list(client.get(reverse("annotate_photos")).context["page"]) == [shared]


def test_two_assessors_do_not_see_each_others_masks(sign_in, mask, other_assessor):
    page = sign_in(other_assessor).get(address("annotate_photo", mask))
    assert list(page.context["masks"]) == []
    rows = sign_in(other_assessor).get(address("api_photo_masks", mask)).json()
    assert rows == []


def test_derived_images_show_and_originals_are_downloads(sign_in, mask, reviewer):
    client = sign_in(reviewer)
    shown = client.get(address("annotate_image", mask))
    assert shown["Content-Disposition"].startswith("inline")
    assert (shown["X-Content-Type-Options"], shown["Cache-Control"][:7]) == ("nosniff", "private")
    original = client.get(reverse("annotate_image", args=[mask.photo_id, "original"]))
    assert original["Content-Disposition"].startswith("attachment")
    assert original["Content-Type"] == "application/octet-stream"


def test_assessors_cannot_fetch_originals(sign_in, mask, assessor):
    at = reverse("annotate_image", args=[mask.photo_id, "original"])
    assert sign_in(assessor).get(at).status_code == 404


def test_an_image_that_the_browser_has_is_not_sent_again(sign_in, mask, assessor):
    client = sign_in(assessor)
    tag = client.get(address("annotate_image", mask))["ETag"]
    again = client.get(address("annotate_image", mask), headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_the_export_is_the_mask_bit_for_bit(sign_in, mask, reviewer):
    answer = sign_in(reviewer).get(address("annotate_export", mask))
    plane = np.asarray(Image.open(io.BytesIO(answer.content)))
    assert plane.dtype == bool
    assert np.array_equal(plane, (painted() & 1) != 0)


def test_the_overlay_never_loses_a_thin_crack():
    mask = np.zeros((3000, 4000), np.uint8)
    mask[:, 1234] = 1
    small = shrink(mask, side=400)
    assert small.shape == (300, 400)
    assert (small == 1).sum() == 300


def test_an_import_of_several_files_reads_each(sign_in, reviewer, run_jobs):
    files = [
        SimpleUploadedFile("aunt.jpg", file_of(picture(), "JPEG")),
        SimpleUploadedFile("note.jpg", b"not a photo at all"),
        SimpleUploadedFile("empty.jpg", b""),
    ]
    client = sign_in(reviewer)
    client.post(reverse("annotate_photos"), {"scans": files[:2], "album": "A", "wants_mask": "on"})
    run_jobs()
    by_title = {photo.title: photo for photo in Photo.objects.all()}
    assert by_title["aunt"].state == Photo.State.READY
    assert (by_title["aunt"].album, by_title["aunt"].wants_mask) == ("A", True)
    assert (
        str(by_title["note"].reason)
        == "This is not a JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG 2000, BMP, PPM or GIF image."
    )
    page = client.post(reverse("annotate_photos"), {"scans": files[2:]})
    assert "empty" in page.content.decode()


def test_assessors_do_not_import(sign_in, assessor):
    file = SimpleUploadedFile("aunt.jpg", file_of(picture(), "JPEG"))
    assert sign_in(assessor).post(reverse("annotate_photos"), {"scans": [file]}).status_code == 409
    assert not Photo.objects.exists()


@pytest.mark.parametrize("show", ["", "waiting", "labelled", "received", "refused", "nonsense"])
def test_every_filter_answers(sign_in, assessor, mask, show):
    page = sign_in(assessor).get(
        reverse("annotate_photos"), {"show": show, "q": "sisters", "page": "x"}
    )
    assert len(page.context["page"]) == (1 if show in ("", "waiting", "nonsense") else 0)


def test_painting_next_leads_to_the_painter(sign_in, assessor):
    ready_photo()
    answer = sign_in(assessor).post(reverse("annotate_claim"))
    assert "/paint/" in answer.url


def test_an_empty_queue_is_a_sentence(sign_in, assessor):
    page = sign_in(assessor).post(reverse("annotate_claim"), follow=True)
    assert "Nothing is left to paint." in page.content.decode()


def test_a_verdict_leads_to_the_next_mask(sign_in, mask, other_assessor, reviewer):
    ready_photo()
    following = finish(services.claim_assignment(assessor=other_assessor))
    client = sign_in(reviewer)
    said = {"revision": 1, "verdict": "accepted"}
    assert client.post(address("annotate_review", mask), said).url.endswith(f"{following.pk}/")
    mask.refresh_from_db()
    assert mask.state == DefectMask.State.ACCEPTED


def test_a_return_carries_comment_and_marks(sign_in, mask, reviewer):
    marks = '[{"x": 3, "y": 4, "word": "missed"}]'
    said = {"revision": 1, "verdict": "returned", "comment": "Look again.", "marks": marks}
    sign_in(reviewer).post(address("annotate_review", mask), said)
    review = mask.reviews.get()
    assert (review.comment, review.marks) == (
        "Look again.",
        [{"x": 3, "y": 4, "word": "missed", "box": None}],
    )


def test_a_verdict_on_an_older_revision_is_refused(sign_in, mask, reviewer):
    said = {"revision": 0, "verdict": "accepted"}
    assert sign_in(reviewer).post(address("annotate_review", mask), said).status_code == 409


def test_a_mask_of_another_size_names_both_sizes(sign_in, mask, reviewer):
    file = SimpleUploadedFile("m.png", encode_png(np.ones((10, 20))))
    page = sign_in(reviewer).post(
        reverse("annotate_import_mask", args=[mask.photo_id]), {"file": file, "defect": "hole"}
    )
    assert "The mask is 20 x 10 pixels, the photo 400 x 300." in page.content.decode()


def test_an_imported_mask_waits_for_review(sign_in, mask, reviewer):
    file = SimpleUploadedFile("m.png", encode_png(painted() & 1))
    sign_in(reviewer).post(
        reverse("annotate_import_mask", args=[mask.photo_id]), {"file": file, "defect": "hole"}
    )
    made = DefectMask.objects.get(origin=DefectMask.Origin.IMPORTED)
    assert (made.state, made.author) == (DefectMask.State.SUBMITTED, reviewer)
    assert made.digest == digest_of((painted() & 1) * np.uint8(4))


def test_the_api_imports_for_reviewers_only(sign_in, assessor, reviewer, run_jobs):
    def post(user):
        file = SimpleUploadedFile("aunt.png", file_of(picture()))
        return sign_in(user).post(reverse("api_photos"), {"file": file, "album": "A"})

    assert post(assessor).status_code == 403
    made = post(reviewer)
    assert (made.status_code, made.json()["state"]) == (202, "received")
    run_jobs()
    read = sign_in(reviewer).get(reverse("api_photo", args=[made.json()["id"]])).json()
    assert (read["state"], read["width"], read["title"]) == ("ready", 400, "aunt.png")


def test_the_api_says_what_is_wrong_with_an_import(sign_in, reviewer):
    answer = sign_in(reviewer).post(reverse("api_photos"), {"album": "A"})
    assert (answer.status_code, list(answer.json())) == (400, ["file"])


def test_an_outline_lies_around_its_part():
    mask = np.zeros((30, 40), np.uint8)
    mask[10:12, 20:22] = 1
    shown = np.asarray(Image.open(io.BytesIO(overlay_png(mask, outline=True))))
    assert shown[10:12, 20:22].max() == 0
    assert np.count_nonzero(shown) == 12


def test_the_overlay_has_every_pixel_when_asked(sign_in, mask, reviewer):
    client = sign_in(reviewer)
    small, full = (client.get(address("annotate_overlay", mask) + q) for q in ("", "?full&outline"))
    assert small["ETag"] != full["ETag"]
    assert Image.open(io.BytesIO(full.content)).size == (mask.photo.width, mask.photo.height)


def test_previous_and_next_follow_the_order_of_handing_in(sign_in, mask, other_assessor, reviewer):
    ready_photo()
    later = finish(services.claim_assignment(assessor=other_assessor))
    services.review_mask(reviewer=reviewer, mask=mask, verdict="accepted")
    client = sign_in(reviewer)
    context = client.get(address("annotate_review", later)).context
    assert (context["before"], context["after"]) == (mask, None)
    context = client.get(address("annotate_review", mask)).context
    assert (context["before"], context["after"]) == (None, later)
