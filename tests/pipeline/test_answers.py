"""Answers to the guards' questions: kept with the photo, keyed, erased; only they are filled."""

import json

import numpy as np
import pytest
from django.core.management import call_command

from photos import erasure, storage
from photos.decoding import scans
from photos.models import Blob
from pipeline import services
from pipeline.engine.segmentation import grown
from pipeline.models import Answer, Restoration
from pipeline.services import render_plan
from pipeline.services.questions import answers as answering
from tests.pipeline.builders import ready_photo
from tests.pipeline.engine.tiny import picture
from tests.pipeline.test_handlers import pixels

pytestmark = pytest.mark.django_db
ID = "perhaps-20-20"


@pytest.fixture
def done(production, run_jobs, monkeypatch):
    """A restoration whose guards filled one mark and ask about another."""
    from pipeline.engine import pipeline
    from pipeline.engine.guarding import Guarding

    def guarded(image, bands, cuts, **_rule):
        list(bands)
        bits, asked = np.zeros((2, *image.shape[:2]), np.uint8)
        bits[50:53, 5:40] = 1
        asked[18:24, 15:30] = (1 << 2) | 1
        question = {"id": ID, "number": 1, "reason": "perhaps", "sentence": "Remove it?"}
        question |= {"x": 15, "y": 18, "width": 15, "height": 6, "area": 90, "certainty": 0.1}
        return Guarding(bits, asked, {"proposals": [question], "left_for_you": 1})

    monkeypatch.setattr(pipeline, "guarded", guarded)
    row = services.restore_later(photo=ready_photo(picture(70, 50)))
    run_jobs()
    return Restoration.objects.get(pk=row.pk)


def post(client, row, body):
    address = f"/api/v1/restorations/{row.token}/answers/"
    return client.post(address, json.dumps(body), content_type="application/json")


def latest(run_jobs):
    run_jobs()
    return Restoration.objects.order_by("-created_at").first()


def test_the_api_tells_what_was_left(client, done):
    facts = client.get(f"/api/v1/restorations/{done.token}/").json()
    assert facts["left_for_you"] == 1
    assert facts["proposals"][0]["id"] == ID
    assert facts["skipped"] == []
    assert facts["status"] == "found"


def test_a_yes_fills_what_was_asked_and_nothing_else(client, done, run_jobs, monkeypatch):
    from pipeline.engine import pipeline

    monkeypatch.setattr(pipeline, "find_defects", lambda *_, **__: pytest.fail("looked again"))
    answer = post(client, done, {"id": ID, "answer": True})
    assert answer.status_code == 201
    row = latest(run_jobs)
    assert row.is_done
    new = np.zeros((70, 50), np.uint8)
    new[18:24, 15:30] = 2
    np.testing.assert_array_equal(pixels(row.mask), pixels(done.mask) | new)
    changed = (pixels(row.results[0]) != pixels(done.results[0])).any(axis=2)
    assert changed.any()
    assert not (changed & ~grown(new)).any()
    assert answering.asked_by(row) == []


def test_a_no_changes_no_pixel_and_is_not_asked_again(client, done, run_jobs):
    post(client, done, {"id": ID, "answer": False})
    row = latest(run_jobs)
    np.testing.assert_array_equal(pixels(row.mask), pixels(done.mask))
    np.testing.assert_array_equal(pixels(row.results[0]), pixels(done.results[0]))
    assert client.get(f"/api/v1/restorations/{row.token}/").json()["left_for_you"] == 0


@pytest.mark.parametrize("answer", [True, False])
def test_what_was_said_of_the_first_fill_still_holds(client, done, run_jobs, answer):
    first = done.results[0]
    assert first.report["largest_hole"] > 0
    first.report |= {"largest_hole": 700.0, "unfilled": [700.0], "guessed": [300.0]}
    first.save(update_fields=["report"])
    post(client, done, {"id": ID, "answer": answer})
    row = latest(run_jobs)
    told = row.results[0].report
    assert (told["largest_hole"], told["unfilled"], told["guessed"]) == (700.0, [700.0], [300.0])
    assert len(told["warnings"]) == 2
    assert sum(told["methods"].get(name, 0) for name in ("biharmonic", "mixed", "network")) == (
        pytest.approx(1, abs=1e-3)
    )
    assert client.get(f"/api/v1/restorations/{row.token}/").json()["largest_hole"] == 700.0


def test_answers_survive_another_strength(done, run_jobs):
    answering.answer(done, {ID: True})
    services.restore_differently_later(done, strength=0.7)
    assert (pixels(latest(run_jobs).mask)[18:24, 15:30] == 2).all()


def test_kept_without_a_new_version_where_asked(client, done):
    answer = post(client, done, {"answers": [{"id": ID, "answer": True}], "restore": False})
    assert answer.status_code == 200
    assert Restoration.objects.count() == 1
    assert Answer.objects.of(done.photo) == {ID: True}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"id": ID}, 400),
        ({"answers": []}, 400),
        ({"id": "text-1-1", "answer": True}, 409),
        ({"id": "x", "answer": True}, 409),
    ],
)
def test_what_nobody_asked_is_refused(client, done, body, status):
    assert post(client, done, body).status_code == status
    assert not Answer.objects.exists()


def test_nothing_is_answered_before_it_is_done(client, production):
    row = services.restore_later(photo=ready_photo())
    assert post(client, row, {"id": ID, "answer": True}).status_code == 409


def test_a_rendition_is_keyed_by_answers_and_guards(production, monkeypatch):
    photo = ready_photo()
    before = render_plan.plan_for(photo).recipe("mask")
    Answer.keep(photo, {ID: True})
    after = render_plan.plan_for(photo).recipe("mask")
    monkeypatch.setattr(render_plan, "guards_named", lambda: {"version": 99})
    assert len({before, after, render_plan.plan_for(photo).recipe("mask")}) == 3
    assert render_plan.plan_for(photo).standing_in(production["inpainting"]).answers == {}


def test_answers_and_their_picture_go_with_the_photo(done):
    answering.answer(done, {ID: True})
    asked = done.mask.asked_id
    erasure.erase_photo(photo=done.photo)
    assert not Answer.objects.exists()
    assert not Blob.objects.filter(pk=asked).exists()


@pytest.fixture
def media(settings, tmp_path):
    """Files of the test's own; named before `done`, which writes the first."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def backup(tmp_path, done):
    """Made after a yes."""
    answering.answer(done, {ID: True})
    call_command("backup", str(tmp_path / "monday"))
    return tmp_path / "monday"


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_backup_brings_answers_and_their_picture_back(media, done, backup):
    asked = done.mask.asked
    Answer.objects.update(fill=False)
    Answer.keep(done.photo, {"text-1-1": True})
    storage.default_storage.delete(storage.key_of(asked.pk))
    call_command("restore_backup", str(backup), "--overwrite")
    assert Answer.objects.of(done.photo) == {ID: True}
    assert scans.read_working(asked)[18:24, 15:30].all()
    assert answering.asked_by(Restoration.objects.get(pk=done.pk)) == []


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_answers_that_were_erased_do_not_come_back_with_a_backup(media, done, backup):
    asked = done.mask.asked_id
    erasure.erase_photo(photo=done.photo)
    call_command("restore_backup", str(backup), "--overwrite")
    assert not Answer.objects.exists()
    assert not Blob.objects.filter(pk=asked).exists()


def test_a_photograph_in_colour_keeps_its_own(production, run_jobs, client):
    from skimage import data

    row = services.restore_later(photo=ready_photo(data.cat()[::2, ::2]))
    run_jobs()
    row = Restoration.objects.get(pk=row.pk)
    assert [made.kind for made in row.results] == ["inpainted"]
    skipped = client.get(f"/api/v1/restorations/{row.token}/").json()["skipped"]
    assert [each["kind"] for each in skipped] == ["inpainted_colorized", "colorized"]
    assert "in colour" in skipped[0]["reason"]


def page_answers(client, row, answers):
    return client.post(f"/restore/{row.token}/answers/", answers)


def test_the_page_asks_with_a_picture_of_the_place(client, done):
    html = client.get(f"/restore/{done.token}/").content.decode()
    assert "Left for you" in html and "Remove it?" in html
    assert f'name="{ID}" value="yes"' in html
    assert 'viewBox="-38 -39 120 120"' in html


def test_a_yes_on_the_page_makes_the_next_version(client, done, run_jobs):
    answer = page_answers(client, done, {ID: "yes", "text-9-9": "yes"})
    row = latest(run_jobs)
    assert answer.headers["Location"] == row.get_absolute_url()
    assert row.earlier == done and Answer.objects.of(done.photo) == {ID: True}
    assert "Left for you" not in client.get(row.get_absolute_url()).content.decode()


def test_the_page_says_why_colour_was_left_out_and_offers_it(client, production, run_jobs):
    from skimage import data

    row = services.restore_later(photo=ready_photo(data.cat()[::2, ::2]))
    run_jobs()
    html = client.get(row.get_absolute_url()).content.decode()
    assert "keeps its own colours" in html and 'name="colourise" value="on"' in html
    address = f"/restore/{row.token}/{{}}.preview"
    best, repaired = (client.get(address.format(kind)) for kind in ("best", "inpainted"))
    assert b"".join(best) == b"".join(repaired) and best.status_code == 200


@pytest.mark.parametrize(("width", "queue"), [(70, "quick"), (200_000, "interactive")])
def test_answers_about_a_small_photo_go_to_the_quick_worker(done, width, queue):
    type(done.photo).objects.filter(pk=done.photo_id).update(width=width)
    done.refresh_from_db()
    assert answering.answer_and_restore_later(done, {ID: True}).job.queue == queue
