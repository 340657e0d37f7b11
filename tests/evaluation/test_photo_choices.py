"""The form of a study offers some photos of a library, and finds the others, without a script."""

import pytest

from annotate.models import DefectMask
from evaluation.models import Study
from evaluation.views import photo_choices
from photos.models import Photo
from tests.annotate.builders import ready_photo


@pytest.fixture
def library(db):
    Photo.objects.bulk_create(
        Photo(title=f"Café {number:03d}", album="One" if number < 230 else "Two", state="ready")
        for number in range(250)
    )
    for photo in Photo.objects.all():
        photo.save()  # for its normalised words
    return list(Photo.objects.order_by("title"))


FORM = {"question": "Which?", "ballot_size": "3", "cap": "77", "weights": "One: 2"}


def test_a_study_offers_some_photos_and_finds_others(sign_in, admin, library):
    client = sign_in(admin)
    form = client.get("/studies/new/").context["form"]
    assert len(form.fields["photos"].choices) == photo_choices.OFFERED and form.offered.more
    ticked = str(library[0].pk)
    answer = client.post("/studies/new/", FORM | {"photos": [ticked], "words": "two", "find": "1"})
    page, form = answer.content.decode(), answer.context["form"]
    assert answer.status_code == 200 and not form.is_bound and not Study.objects.exists()
    assert page.count('name="photos"') == 21 and page.count(f'value="{ticked}"') == 1
    assert page.index(ticked) < page.index(str(library[-1].pk))
    assert 'value="77"' in page and "One: 2" in page and "checked" in page


def test_all_that_is_found_can_be_ticked_and_saved(sign_in, admin, library, versions):
    client = sign_in(admin)
    sent = FORM | {"photos": [str(library[0].pk)], "words": "TWO", "take": "1"}
    form = client.post("/studies/new/", sent).context["form"]
    chosen = [str(pk) for pk in form.initial["photos"]]
    assert set(chosen) == {str(photo.pk) for photo in [library[0], *library[230:]]}
    body = FORM | {"photos": chosen, "versions": [version.pk for version in versions]}
    answer = client.post("/studies/new/?stage=inpainting", body)
    assert answer.status_code == 302 and Study.objects.get().photos.count() == 21


def test_nonsense_among_the_ticks_is_passed_over_by_a_search(sign_in, admin, library):
    sent = {"photos": ["x", "1" * 5000, str(library[3].pk)], "words": "\x07%_", "find": ""}
    form = sign_in(admin).post("/studies/new/", sent).context["form"]
    assert [pk for pk, _ in form.fields["photos"].choices] == [library[3].pk]


def test_a_study_of_too_many_photos_is_refused(sign_in, admin, library, versions, monkeypatch):
    monkeypatch.setattr("evaluation.views.forms.MAX_PHOTOS", 20)
    body = FORM | {"photos": [str(photo.pk) for photo in library[:21]]}
    body["versions"] = [version.pk for version in versions]
    answer = sign_in(admin).post("/studies/new/?stage=inpainting", body)
    assert answer.status_code == 400 and "20 photos at most" in answer.content.decode()


def mask(photo, **areas):
    fields = {"state": "accepted", "areas": areas, "submitted_at": "2026-01-01T00:00Z"}
    return DefectMask.objects.create(photo=photo, **fields)


def offered(client, stage="inpainting", **sent):
    answer = client.post(f"/studies/new/?stage={stage}", FORM | sent | {"find": "1"})
    assert answer.status_code == 200
    return {pk for pk, _ in answer.context["form"].fields["photos"].choices}


def test_what_has_no_damage_is_not_offered_for_filling(sign_in, admin, library):
    damaged, whole, torn_since = library[0], library[1], library[2]
    mask(damaged, fracture=12)
    mask(whole, fracture=0, blotch=0)
    mask(torn_since, fracture=0)
    mask(torn_since, fracture=3)
    client = sign_in(admin)
    filling = offered(client, words="café 00")
    assert {damaged.pk, torn_since.pk} <= filling and whole.pk not in filling
    assert whole.pk in offered(client, "colorization", words="café 00")
    assert offered(client, damage="marked") == {damaged.pk, torn_since.pk}
    assert offered(client, "colorization", damage="unmarked") == {whole.pk}
    assert len(offered(client, damage="unknown", album="Two")) == 20


def test_an_album_is_ticked_at_once_and_none_again(sign_in, admin, library):
    client = sign_in(admin)
    answer = client.post("/studies/new/", FORM | {"album": "Two", "take": "1"})
    chosen = [str(pk) for pk in answer.context["form"].initial["photos"]]
    assert len(chosen) == 20 and 'value="Two" selected' in answer.content.decode()
    again = client.post("/studies/new/", FORM | {"photos": chosen, "none": "1"})
    assert again.context["form"].initial["photos"] == []


def test_photos_are_shown_small(sign_in, admin, library):
    pictured = ready_photo()
    Photo.objects.filter(pk=pictured.pk).update(title="A first one")
    page = sign_in(admin).get("/studies/new/").content.decode()
    assert f"/annotate/photos/{pictured.pk}/files/thumbnail/" in page
    assert page.count('loading="lazy"') == 1  # the others have none yet
