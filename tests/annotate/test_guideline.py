"""The guideline shows what each class is, from masks that give nothing away."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from annotate import services
from annotate.models import Agreement, DefectMask
from annotate.services.desk import guideline
from photos.models import Album, Photo
from tests.annotate.builders import ready_photo
from tests.annotate.test_assignments import finish

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(assessor, reviewer):
    ready_photo(album="Meyer")
    mask = finish(services.claim_assignment(assessor=assessor))
    services.review_mask(reviewer=reviewer, mask=mask, verdict="accepted")
    return DefectMask.objects.get(pk=mask.pk)


def test_the_labs_own_accepted_masks_are_its_pictures(accepted, other_assessor, sign_in):
    client = sign_in(other_assessor)
    address = reverse("annotate_guideline_example", args=[accepted.pk, "fracture"])
    page = client.get(reverse("annotate_guideline")).content.decode()
    assert address in page and page.count('.svg"') >= 4
    picture = Image.open(io.BytesIO(client.get(address).content))
    assert picture.size == (384, 192)
    plain, painted = picture.crop((0, 0, 192, 192)), picture.crop((192, 0, 384, 192))
    assert plain.tobytes() != painted.tobytes()
    absent = reverse("annotate_guideline_example", args=[accepted.pk, "hole"])
    assert client.get(absent).status_code == 404


@pytest.mark.parametrize(
    "secret",
    [
        lambda mask: DefectMask.objects.update(is_honeypot=True),
        lambda mask: Photo.objects.update(masks_wanted=2),
        lambda mask: Photo.objects.update(origin="visitor", training_allowed=True),
        lambda mask: DefectMask.objects.update(state="submitted"),
    ],
)
def test_tests_shared_photos_and_visitors_are_not_shown(accepted, other_assessor, sign_in, secret):
    secret(accepted)
    assert not guideline.shown_masks().exists()
    address = reverse("annotate_guideline_example", args=[accepted.pk, "fracture"])
    assert sign_in(other_assessor).get(address).status_code == 404


def test_an_album_has_words_of_its_own_one_click_from_the_painter(assessor, sign_in):
    ready_photo(album="Meyer")
    album = Album.objects.create(name="Meyer", guideline="Stamps are no damage.")
    work = services.claim_assignment(assessor=assessor)
    client = sign_in(assessor)
    address = f"{reverse('annotate_guideline')}?album={album.pk}"
    assert address in client.get(reverse("annotate_paint", args=[work.pk])).content.decode()
    assert "Stamps are no damage." in client.get(address).content.decode()
    assert client.get(reverse("annotate_guideline") + "?album=x").status_code == 200


def test_a_ceiling_is_told_only_once_two_people_agreed_on_something(accepted, reviewer, sign_in):
    client = sign_in(reviewer)
    told = {"photo": accepted.photo, "first": accepted, "second": accepted, "kind": "people"}
    row = Agreement.objects.create(
        **told, digests="a:b", dice=1, tolerant_f1=1, cl_dice=1, component_recall=None
    )
    page = client.get(reverse("annotate_quality")).content.decode()
    assert "human ceiling" not in page and "Two people have not agreed" in page
    Agreement.objects.filter(pk=row.pk).update(component_recall=0.5)
    page = client.get(reverse("annotate_quality")).content.decode()
    assert "human ceiling" in page and page.count('class="meant"') > 20


def test_waiting_for_the_practice_photo_is_no_error(assessor, sign_in):
    page = sign_in(assessor).post(reverse("annotate_practice"), follow=True).content.decode()
    assert "still being prepared" in page and "message error" not in page
