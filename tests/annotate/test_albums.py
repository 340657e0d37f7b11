"""Albums as rooms: how far each is, who paints it, several photos at once."""

import pytest
from django.urls import reverse

from annotate import services
from annotate.models import DefectMask
from annotate.services import availability
from annotate.services.desk import albums
from photos import erasure
from photos.models import Album, Photo
from tests.annotate.builders import ready_photo
from tests.annotate.test_assignments import finish

pytestmark = pytest.mark.django_db


@pytest.fixture
def photos():
    return [ready_photo(title=f"Meyer {n}", album="Meyer") for n in range(3)]


@pytest.fixture
def album(photos, reviewer):
    return Album.objects.met(reviewer).get()


def many(client, album, photos, what, **said):
    keys = [str(photo.pk) for photo in photos]
    address = reverse("annotate_album_many", args=[album.pk])
    return client.post(address, {"photo": keys, "what": what, **said})


def test_every_name_has_a_room_and_one_only(album, photos, sign_in, assessor):
    client = sign_in(assessor)
    for _ in range(2):
        assert b"Meyer" in client.get(reverse("annotate_albums")).content
    assert Album.objects.count() == 1


def test_the_room_tells_how_far_it_is(album, photos, assessor, other_assessor, reviewer, sign_in):
    mask = finish(services.claim_assignment(assessor=assessor))
    finish(services.claim_assignment(assessor=assessor))
    services.review_mask(reviewer=reviewer, mask=mask, verdict="accepted")
    services.claim_assignment(assessor=other_assessor)
    found = albums.progress(album.photos(reviewer))
    assert found == albums.Progress(photos=3, accepted=1, waiting=1, painted_now=1)
    assert found.left == 0
    page = sign_in(assessor).get(reverse("annotate_album", args=[album.pk])).content.decode()
    assert "<strong>1</strong> of 3 photos accepted" in page and 'name="what"' not in page


def test_only_its_painters_are_given_it(album, assessor, other_assessor, reviewer, sign_in):
    said = {"painters": [assessor.pk], "owner": reviewer.pk, "guideline": "Stamps are no damage."}
    sign_in(reviewer).post(reverse("annotate_album_change", args=[album.pk]), said)
    assert availability.waiting_for_painter(assessor).count() == 3
    assert not availability.waiting_for_painter(other_assessor).exists()
    page = sign_in(assessor).get(reverse("annotate_album", args=[album.pk])).content.decode()
    assert "Stamps are no damage." in page and "rosa" in page


def test_what_is_assigned_is_given_to_nobody_else(
    album, photos, assessor, other_assessor, reviewer, sign_in
):
    many(sign_in(reviewer), album, photos[:2], "assign", to=assessor.pk)
    assert availability.waiting_for_painter(assessor).count() == 3
    assert list(availability.waiting_for_painter(other_assessor)) == [photos[2]]
    many(sign_in(reviewer), album, photos[:2], "assign", to="")
    assert availability.waiting_for_painter(other_assessor).count() == 3


def test_nobody_is_assigned_who_does_not_paint(album, photos, voter, reviewer, sign_in):
    assert many(sign_in(reviewer), album, photos, "assign", to=voter.pk).status_code == 409
    assert not Photo.objects.exclude(meant_for=None).exists()


def test_an_album_is_shared_out_while_it_is_read(album, photos, assessor, reviewer, sign_in):
    Photo.objects.filter(pk=photos[0].pk).update(state=Photo.State.RECEIVED)
    Photo.objects.filter(pk=photos[1].pk).update(state=Photo.State.REFUSED)
    Photo.objects.update(wants_mask=False)
    client = sign_in(reviewer)
    many(client, album, photos[:2], "assign", to=assessor.pk)
    page = client.get(reverse("annotate_album", args=[album.pk])).content.decode()
    assert "1 are for" in page and "1 were left out" in page
    assert services.claim_assignment(assessor=assessor) is None
    Photo.objects.filter(pk=photos[0].pk).update(state=Photo.State.READY)
    assert services.claim_assignment(assessor=assessor).photo_id == photos[0].pk


def test_priority_asks_for_masks(album, photos, reviewer, sign_in):
    Photo.objects.update(wants_mask=False)
    many(sign_in(reviewer), album, photos[1:], "priority", priority="7")
    found = Photo.objects.filter(wants_mask=True, priority=7)
    assert set(found) == set(photos[1:])


def test_accepting_many_leaves_ones_own(album, photos, assessor, reviewer, sign_in):
    theirs = finish(services.claim_assignment(assessor=assessor))
    own = finish(services.claim_assignment(assessor=reviewer))
    client = sign_in(reviewer)
    page = client.get(many(client, album, photos, "accept").url).content.decode()
    assert "1 accepted." in page and "Somebody else has to review your own mask." in page
    states = DefectMask.objects.in_bulk([theirs.pk, own.pk])
    assert (states[theirs.pk].state, states[own.pk].state) == ("accepted", "submitted")


def test_deleting_asks_first_and_is_for_admins(album, photos, reviewer, admin, sign_in):
    assert many(sign_in(reviewer), album, photos, "erase", sure="1").status_code == 409
    client = sign_in(admin)
    asked = many(client, album, photos[:1], "erase").content.decode()
    assert "cannot be undone" in asked and photos[0].title in asked
    assert Photo.objects.filter(state="erased").count() == 0
    many(client, album, photos[:1], "erase", sure="1")
    assert Photo.objects.filter(state="erased").count() == 1
    assert many(client, album, [], "accept").status_code == 409


def test_with_the_last_photo_goes_what_was_noted_of_the_album(album, photos, admin):
    for photo in photos[:2]:
        erasure.erase_photo(photo=photo, erased_by=admin)
    assert Album.objects.exists()
    Photo.objects.filter(pk=photos[2].pk).update(meant_for=admin)
    erasure.erase_photo(photo=photos[2], erased_by=admin)
    assert not Album.objects.exists() and not Photo.objects.exclude(meant_for=None).exists()


def test_an_album_that_went_while_it_was_open_says_so(album, photos, reviewer, sign_in):
    client, pk = sign_in(reviewer), album.pk
    album.delete()
    for name in ("annotate_album_many", "annotate_album_change"):
        said = {"photo": [str(photos[0].pk)], "what": "accept"}
        answer = client.post(reverse(name, args=[pk]), said, follow=True)
        assert answer.status_code == 200 and b"This album is gone" in answer.content
    assert client.get(reverse("annotate_album", args=[pk])).status_code == 404


def test_a_photo_of_another_album_is_not_touched(album, photos, reviewer, sign_in):
    other = ready_photo(title="Other", album="Schmidt")
    assert many(sign_in(reviewer), album, [other], "priority", priority="9").status_code == 409
    other.refresh_from_db()
    assert other.priority == 0
