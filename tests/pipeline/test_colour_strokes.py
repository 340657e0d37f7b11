"""Strokes of colour: checked, kept as a version, in the API, erased, backed up, learnt with leave."""

import json

import numpy as np
import pytest

from photos import erasure
from photos.decoding import scans
from photos.models import Photo
from pipeline import services
from pipeline.models import Rendition, Restoration
from pipeline.services import feedback
from pipeline.services.adjusting import colour_strokes, colour_swatches
from pipeline.services.uploads.throttles import UploadThrottle
from tests.pipeline.builders import ready_photo, upload
from tests.pipeline.engine.tiny import picture
from training.models import SnapshotItem
from training.services import freeze_snapshot

pytestmark = pytest.mark.django_db
DAB = {"points": [[10, 12], [14.5, 12]], "width": 3, "colour": [160, 60, 50]}
KEEP = {"points": [[40, 60]], "width": 5.5, "colour": None}


@pytest.fixture
def done(production, run_jobs):
    """A finished restoration of a grey photo, 50 x 70."""
    photo = ready_photo(picture(70, 50)[..., 0], origin="visitor")
    row = services.restore_later(photo=photo)
    run_jobs()
    return Restoration.objects.get(pk=row.pk)


def address(row):
    return f"/api/v1/restorations/{row.token}/colours/"


def post(client, row, strokes, where=address):
    body = json.dumps({"strokes": strokes})
    return client.post(where(row), body, content_type="application/json")


def page(row):
    return f"/restore/{row.token}/colours/"


def painted(client, run_jobs, row, strokes=(DAB, KEEP)):
    answer = post(client, row, list(strokes))
    assert answer.status_code == 201, answer.content
    run_jobs()
    return Restoration.objects.get(token=answer.json()["token"])


def pixels(row, kind):
    made = next(each for each in row.made if each.kind == kind)
    return scans.read_working(made.image)


def luma(rgb):
    from training.imaging import colour

    return colour.luma(rgb)


def test_strokes_make_the_next_version_and_luma_stays(client, done, run_jobs):
    row = painted(client, run_jobs, done)
    assert row.earlier_id == done.pk
    for kind, source in (
        ("colorized", scans.read_working(done.photo.working)),
        ("inpainted_colorized", pixels(done, "inpainted")),
    ):
        before, after = pixels(done, kind), pixels(row, kind)
        assert (before != after).any()
        np.testing.assert_array_equal(luma(after), source)
    assert {each.kind for each in row.made} == {each.kind for each in done.made}
    same = {each.pk for each in row.made} & {each.pk for each in done.made}
    assert len(same) == 2  # the mask and the filled picture are not made again


def test_no_network_runs_again_for_strokes(client, done, run_jobs, monkeypatch):
    from pipeline.services.rendering import jobs

    monkeypatch.setattr(jobs, "open_version", lambda *_: pytest.fail("opened a network"))
    assert painted(client, run_jobs, done).is_done


def test_the_same_strokes_are_computed_once_and_an_empty_list_goes_back(client, done, run_jobs):
    first = painted(client, run_jobs, done)
    count = Rendition.objects.count()
    back = painted(client, run_jobs, first, [])
    assert set(back.renditions.all()) == set(done.renditions.all())
    again = painted(client, run_jobs, back)
    assert set(again.renditions.all()) == set(first.renditions.all())
    assert Rendition.objects.count() == count


def test_strokes_hold_at_another_strength(client, done, run_jobs):
    row = painted(client, run_jobs, done)
    later = services.restore_differently_later(row, strength=0.7)
    run_jobs()
    later = Restoration.objects.get(pk=later.pk)
    assert later.colours == row.colours
    assert later.is_done
    np.testing.assert_array_equal(pixels(later, "colorized"), pixels(row, "colorized"))


def test_the_api_tells_the_strokes(client, done, run_jobs):
    assert client.get(address(done)).json() == {"strokes": []}
    row = painted(client, run_jobs, done)
    assert client.get(address(row)).json()["strokes"] == [{**DAB, "width": 3.0}, KEEP]
    facts = client.get(f"/api/v1/restorations/{row.token}/").json()
    assert facts["colours"] == [{**DAB, "width": 3.0}, KEEP]
    assert "your colours" in client.get(row.get_absolute_url()).content.decode()


BAD = [
    ({"points": []}, "points"),
    ({"points": [[1]]}, "points"),
    ({"points": [[1, "x"]]}, "points"),
    ({"points": [[51, 5]]}, "points"),
    ({"points": [[-1, 5]]}, "points"),
    ({"points": [[1, 1]] * 401}, "points"),
    ({"width": 0}, "width"),
    ({"width": 71}, "width"),
    ({"width": "wide"}, "width"),
    ({"colour": [1, 2]}, "colour"),
    ({"colour": [1, 2, 256]}, "colour"),
    ({"colour": "red"}, "colour"),
]


@pytest.mark.parametrize(("wrong", "field"), BAD)
def test_a_wrong_stroke_is_a_400_that_names_it(client, done, wrong, field):
    answer = post(client, done, [DAB, {**DAB, **wrong}])
    assert answer.status_code == 400
    assert field in json.dumps(answer.json())
    said = post(client, done, [DAB, {**DAB, **wrong}], page)
    assert said.status_code == 400
    assert said.json()["field"] == f"strokes.1.{field}"
    assert said.json()["reason"]
    assert Restoration.objects.count() == 1


NO_STROKES = [b"", b"[]", b"{", b"[" * 100_000, b'{"strokes": 5}', b'{"strokes": [5]}']


@pytest.mark.parametrize("body", NO_STROKES)
def test_what_is_no_json_of_strokes_is_refused(client, done, body):
    for where in (address, page):
        answer = client.post(where(done), body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()


def test_too_many_strokes_and_too_long_a_body_are_refused(client, done):
    assert post(client, done, [DAB] * 201).status_code == 400
    body = b" " * (colour_strokes.BODY_LIMIT + 1)
    assert client.post(page(done), body, content_type="application/json").status_code == 413


def test_colours_and_tones_count_in_the_hour(client, done, monkeypatch):
    monkeypatch.setattr(UploadThrottle, "rate", "1/hour", raising=False)
    assert post(client, done, [DAB]).status_code == 201
    assert post(client, done, [KEEP]).status_code == 429
    assert post(client, done, [KEEP], page).status_code == 429
    toned = client.post(f"/restore/{done.token}/tones/", {"tones": "0.4"})
    assert "too many restorations in an hour" in toned.content.decode()
    assert Restoration.objects.count() == 2


def test_colours_of_nothing_are_not_corrected(client, production, done, run_jobs):
    waiting = services.restore_later(photo=ready_photo(origin="visitor", title="Waits"))
    assert post(client, waiting, [DAB]).status_code == 409
    assert post(client, done, []).status_code == 409  # it has none already
    from django.core.files.base import ContentFile
    from skimage import data

    cat = services.restore_later(file=ContentFile(upload(data.cat()[::4, ::4])), name="Cat.png")
    run_jobs()
    assert post(client, Restoration.objects.get(pk=cat.pk), [DAB]).status_code == 409


def test_the_page_gets_the_network_s_own_picture(client, done, run_jobs):
    row = painted(client, run_jobs, done)
    plain = client.get(f"/restore/{done.token}/inpainted_colorized.preview")
    base = client.get(f"/restore/{row.token}/colours/inpainted_colorized.jpg")
    mended = client.get(f"/restore/{row.token}/inpainted_colorized.preview")
    bodies = [b"".join(each.streaming_content) for each in (plain, base, mended)]
    assert bodies[0] == bodies[1] != bodies[2]
    assert client.get(f"/restore/{row.token}/colours/mask.jpg").status_code == 404
    assert client.get("/restore/nobody/colours/colorized.jpg").status_code == 404


def test_strokes_go_with_the_photo(client, done, run_jobs):
    feedback.allow(done.photo)
    row = painted(client, run_jobs, done)
    freeze_snapshot(name="all")
    assert SnapshotItem.objects.get().colour_hints == row.colours
    erasure.erase_photo(photo=Photo.objects.get(pk=row.photo_id))
    assert not Restoration.objects.exists()
    assert SnapshotItem.objects.get().colour_hints is None


def test_a_snapshot_takes_the_latest_strokes_of_photos_with_leave_alone(client, done, run_jobs):
    first = painted(client, run_jobs, done)
    second = painted(client, run_jobs, first, [DAB])
    with pytest.raises(Exception, match="empty snapshot"):
        freeze_snapshot(name="nothing")
    feedback.allow(done.photo)
    snapshot = freeze_snapshot(name="with leave")
    assert snapshot.items.get().colour_hints == second.colours
    services.erase(second)
    services.erase(first)
    again = freeze_snapshot(name="without strokes")
    assert again.items.get().colour_hints is None
    assert again.digest != snapshot.digest


def test_strokes_that_were_taken_back_teach_nothing(client, done, run_jobs):
    feedback.allow(done.photo)
    first = painted(client, run_jobs, done)
    assert post(client, first, [DAB]).status_code == 201  # and waits, or fails
    assert freeze_snapshot(name="painted").items.get().colour_hints == first.colours
    run_jobs()
    painted(client, run_jobs, first, [])
    assert freeze_snapshot(name="taken back").items.get().colour_hints is None


def test_what_all_strokes_cover_is_bounded(client, done):
    across = {**DAB, "points": [[0, 0], [50, 70]] * 200, "width": 2}
    assert post(client, done, [across] * 4).status_code == 201
    answer = post(client, done, [across] * 6)
    assert answer.status_code == 400 and "too broad" in answer.json()["strokes"][0]


def test_a_run_s_folder_carries_the_hints(client, done, run_jobs, tmp_path):
    from training.run_folder import Item
    from training.services.run_folder_writer import _item

    feedback.allow(done.photo)
    row = painted(client, run_jobs, done)
    frozen = freeze_snapshot(name="with leave").items.get()
    item = _item(frozen)
    assert isinstance(item, Item)
    assert item.colour_hints == row.colours
    feedback.withdraw(row.photo)
    frozen.refresh_from_db()
    assert _item(frozen).colour_hints is None


def test_swatches_have_names_colours_and_sources(client):
    groups = client.get("/colours/swatches.json").json()["groups"]
    names = [group["name"] for group in groups]
    assert {"Skin", "Hair", "Cloth", "Uniforms", "Insignia", "Sky and water"} <= set(names)
    every = [each for group in groups for each in group["swatches"]]
    assert all(len(each["source"]) > 5 for each in every)
    assert all(len(each["rgb"]) == 3 and max(each["rgb"]) <= 255 for each in every)
    assert len({each["name"] for each in every}) == len(every)


def test_the_lab_adds_its_own_swatches(tmp_path, settings):
    own = tmp_path / "ours.toml"
    own.write_text(
        '[[group]]\nname = "Uniforms"\nswatch = [{ name = "Town guard", rgb = "#123456", '
        'source = "our archive, coat of 1911" }]\n[[group]]\nname = "Our club"\n'
        'swatch = [{ name = "Scarf", rgb = "#ffcc00", source = "photo of 1931", exact = true }]\n'
    )
    settings.COLOUR_SWATCHES = str(own)
    groups = {group.name: group.swatches for group in colour_swatches.library()}
    assert groups["Uniforms"][-1].rgb == (0x12, 0x34, 0x56)
    assert groups["Our club"][0].exact
    assert len(groups["Uniforms"]) > 5


@pytest.mark.parametrize(
    "text",
    [
        "group = 5",
        "[[group]",
        '[[group]]\nname = "A"\nswatch = [{ name = "B", rgb = "red", source = "C" }]',
    ],
)
def test_a_broken_library_is_a_sentence(tmp_path, settings, client, text):
    own = tmp_path / "ours.toml"
    own.write_text(text)
    settings.COLOUR_SWATCHES = str(own)
    with pytest.raises(colour_swatches.Refused, match=r"ours\.toml"):
        colour_swatches.library()
    settings.COLOUR_SWATCHES = str(tmp_path / "none.toml")
    with pytest.raises(colour_swatches.Refused, match=r"none\.toml"):
        colour_swatches.library()
