"""An album for a customer: name, note, number, and a link that shows finished results alone."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from photos.erasure import erase_photo
from photos.models import Album
from pipeline.models import Order
from pipeline.services import restore_later
from pipeline.services.orders import handing_over
from tests.conftest import person
from tests.pipeline.builders import production, ready_photo

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


@pytest.fixture
def lab(client):
    client.force_login(person("rea", "reviewer"))
    return client


@pytest.fixture
def stranger():
    from django.test import Client

    return Client()


@pytest.fixture
def order(tmp_path, run_jobs):
    """Two photos of the album are finished, one is not, and one of another album is."""
    production(tmp_path)
    for title in ("Ida", "Otto"):
        restore_later(photo=ready_photo(title=title, album="Meyer", origin="import"))
    restore_later(photo=ready_photo(title="Strange", album="Other", origin="import"))
    restore_later(photo=ready_photo(title="Private", album="Meyer", origin="visitor"))
    run_jobs()
    restore_later(photo=ready_photo(title="Waiting", album="Meyer", origin="import"))
    return Order.objects.create(album="Meyer", number="A 7", customer="Frau Meyer", note="by May")


def address(order):
    order.refresh_from_db()
    return f"/handed-over/{order.token}/"


def test_the_lab_takes_an_order_for_an_album_once(lab):
    ready_photo(album="Meyer", origin="import")
    sent = {"album": "Meyer", "customer": "Frau Meyer", "number": "A 7", "note": "by May"}
    assert lab.post("/restorations/orders/", sent).status_code == 302
    again = lab.post("/restorations/orders/", sent)
    assert again.status_code == 400 and "has an order already" in again.text
    unknown = lab.post("/restorations/orders/", sent | {"album": "Nobody", "number": ""})
    assert unknown.status_code == 400 and "no photo in an album of this name" in unknown.text
    row = Order.objects.get()
    assert (row.customer, row.note, row.created_by.username) == ("Frau Meyer", "by May", "rea")
    assert not row.is_open


def test_two_clicks_at_once_make_one_order(lab, order, monkeypatch):
    """Both were looked at before either was there."""
    for name in ("validate_unique", "validate_constraints"):
        monkeypatch.setattr(Order, name, lambda *args, **kwargs: None)
    again = lab.post("/restorations/orders/", {"album": "Meyer", "number": ""})
    assert again.status_code == 400 and "taken a moment ago" in again.text
    other = Order.objects.create(album="Huber")
    ready_photo(album="Huber", origin="import")
    answer = lab.post(other.get_absolute_url(), {"album": "Huber", "number": "A 7"})
    assert answer.status_code == 400 and "took this album or number" in answer.text


def test_an_order_number_is_used_once(lab, order):
    ready_photo(album="Huber", origin="import")
    answer = lab.post("/restorations/orders/", {"album": "Huber", "number": "A 7"})
    assert answer.status_code == 400 and "Another order has this number" in answer.text


def test_the_link_shows_just_the_finished_results_until_its_last_day(lab, stranger, order):
    mine = f"/restorations/orders/{order.pk}/"
    assert stranger.get(address(order)).status_code == 404  # closed until it is opened
    lab.post(f"{mine}link/", {"until": TODAY.isoformat()})
    page = stranger.get(address(order)).text
    assert "Frau Meyer" in page and "order A 7" in page and "by May" not in page
    assert [title for title in ("Ida", "Otto", "Strange", "Private", "Waiting") if title in page] \
        == ["Ida", "Otto"]  # fmt: skip
    Order.objects.update(shared_until=TODAY - timedelta(days=1))
    ended = stranger.get(address(order))
    assert ended.status_code == 410 and "This link has ended" in ended.text
    assert not any(word in ended.text for word in ("Frau Meyer", "A 7", "Ida"))
    assert stranger.get(f"{address(order)}all.zip").status_code == 404


def test_only_results_can_be_fetched_and_in_one_zip(lab, stranger, order):
    order.open_link(TODAY)
    row = handing_over.results(order)[0]
    base = f"{address(order)}{row.pk}/"
    assert stranger.get(f"{base}inpainted.png?download").status_code == 200
    for path in ("before.jpg", "mask.png", "inpainted.tif", "best.preview"):
        assert stranger.get(f"{base}{path}").status_code == 404, path
    other = row.photo.restorations.model.objects.get(photo__title="Strange")
    assert stranger.get(f"{address(order)}{other.pk}/inpainted.png").status_code == 404
    answer = stranger.get(f"{address(order)}all.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        assert {name.split("/")[0] for name in packed.namelist()} == {"Ida", "Otto"}


def test_a_closed_link_never_opens_again_and_closing_asks(lab, stranger, order):
    order.open_link(TODAY)
    old = address(order)
    mine = f"/restorations/orders/{order.pk}/"
    assert "opens nothing any more" in lab.post(f"{mine}close/").text
    assert stranger.get(old).status_code == 200
    lab.post(f"{mine}close/", {"sure": "1"})
    lab.post(f"{mine}link/", {"until": TODAY.isoformat()})
    assert stranger.get(old).status_code == 404
    assert stranger.get(address(order)).status_code == 200


def test_a_day_in_the_past_is_refused(lab, order):
    answer = lab.post(
        f"/restorations/orders/{order.pk}/link/",
        {"until": (TODAY - timedelta(days=1)).isoformat()},
    )
    assert answer.status_code == 409 and "lies in the past" in answer.text


def test_the_customer_goes_with_the_last_photo_of_the_album(lab):
    photos = [ready_photo(title=title, album="Meyer", origin="import") for title in "ab"]
    other = Order.objects.create(album="Huber", customer="Herr Huber")
    Order.objects.create(album="Meyer", customer="Frau Meyer")
    erase_photo(photo=photos[0])
    assert Order.objects.filter(album="Meyer").exists()
    erase_photo(photo=photos[1])
    assert list(Order.objects.all()) == [other]


def test_deleting_asks_and_leaves_the_photos(lab, order):
    mine = f"/restorations/orders/{order.pk}/delete/"
    assert "customer&#x27;s name" in lab.post(mine).text
    lab.post(mine, {"sure": "1"})
    assert not Order.objects.exists()
    assert order.album == "Meyer" and lab.get("/restorations/orders/").status_code == 200


def test_what_was_typed_and_refused_is_not_shown_as_kept(lab, order):
    answer = lab.post(f"/restorations/orders/{order.pk}/", {"album": "Nobody", "number": "B"})
    assert answer.status_code == 400
    assert Order.objects.get().album == "Meyer"


def kept(album, **more):
    return {"name": album.name, "owner": "", "guideline": "", **more}


def test_an_album_that_is_renamed_keeps_its_orders(lab, order):
    Order.objects.update(album_row=None)  # as a release before left it
    other = Order.objects.create(album="Other")
    lab.get("/annotate/albums/")
    album = Album.objects.get(name="Meyer")
    address = f"/annotate/albums/{album.pk}/change/"
    taken = lab.post(address, kept(album, name="Other"))
    assert taken.status_code == 409 and "Another album has this name" in taken.text
    lab.post(address, kept(album, name="Meyer 1912"))
    order.refresh_from_db()
    assert (order.album, order.album_row) == ("Meyer 1912", album)
    assert {photo.title for photo in order.photos} == {"Ida", "Otto", "Private", "Waiting"}
    assert [row.photo.title for row in handing_over.results(order)] == ["Ida", "Otto"]
    other.refresh_from_db()
    assert other.album == "Other"


def test_a_new_order_knows_its_album(lab):
    ready_photo(album="Huber", origin="import")
    lab.post("/restorations/orders/", {"album": "Huber", "number": ""})
    assert Order.objects.get().album_row == Album.objects.get(name="Huber")


def test_the_zip_is_offered_once_something_is_in_it(lab, order):
    lab.get("/annotate/albums/")
    page = lab.get(f"/annotate/albums/{Album.objects.get(name='Meyer').pk}/").text
    assert "Results as a ZIP" in page and "2 of 3 are in it" in page
    assert lab.get("/restorations/orders/?album=Meyer").url == order.get_absolute_url()
    asked = lab.get("/restorations/orders/?album=Huber").text
    assert 'value="Huber"' in asked and "Add the order" in asked
    ready_photo(title="New", album="Huber", origin="import")
    lab.get("/annotate/albums/")
    page = lab.get(f"/annotate/albums/{Album.objects.get(name='Huber').pk}/").text
    assert "Restore the album" in page and "as a ZIP" not in page
