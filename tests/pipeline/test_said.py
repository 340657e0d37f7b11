"""Results, questions, progress and refusals are put into words when they are shown, wholly."""

import io

import pytest

from config.words.pairs import said as engine_said
from config.words.said import said
from jobs.models import Job, State
from pipeline.engine.guards.proposals import where
from pipeline.models import Restoration
from pipeline.services import restore_later
from tests.config.words.fake_language import is_wholly_put_into_words, page
from tests.pipeline.builders import ready_photo, upload

pytestmark = pytest.mark.django_db

NOTES = [
    engine_said("engine.much-damage", covered=0.41),
    engine_said("engine.hole-guessed", size=310.2, limit=180.0),
    engine_said("engine.dust", count=1, share=0.0021),
]


@pytest.fixture
def told(done):
    """A finished restoration of which there is much to be said."""
    question = engine_said("question.text", place=where(0.1, 0.1))
    asked = {"id": "text-3-4", "number": 1, "reason": "text", "sentence": question, "area": 9}
    asked |= {"x": 3, "y": 4, "width": 5, "height": 5, "anchor": [3, 4], "certainty": 0.2}
    done.mask.report |= {"warnings": NOTES[:2], "proposals": [asked]}
    done.mask.report |= {"infrared": {"places": 1, "said": NOTES[2]}}
    done.mask.save()
    photo = done.photo
    photo.transform |= {"notes": [engine_said("note.salvaged")]}
    photo.save()
    return Restoration.objects.get(pk=done.pk)


def test_a_result(told, client):
    question = told.mask.report["proposals"][0]["sentence"]
    things = [*NOTES, *told.photo.transform["notes"], question]
    assert is_wholly_put_into_words(page(client, told.get_absolute_url()), things)


def test_programs_read_words_and_codes(told, client):
    found = client.get(f"/api/v1/restorations/{told.token}/").json()
    (asked,) = found["proposals"]
    assert asked["sentence"] == "Writing or a number at the upper left was left: remove it?"
    assert asked["sentence_said"]["with"]["place"]["code"] == "place.upper-left"
    mask = next(each for each in found["results"] if each["warnings"])
    assert mask["warnings_said"] == NOTES[:2]
    assert mask["warnings"][0].startswith("Damage was found on 41 % of the picture.")
    assert (found["error"], found["error_said"]) == ("", None)


def test_a_report_of_an_older_release_stays_a_sentence(told, client):
    told.mask.report |= {"warnings": ["It was said so once."]}
    told.mask.save()
    assert "It was said so once." in page(client, told.get_absolute_url())
    found = client.get(f"/api/v1/restorations/{told.token}/").json()
    mask = next(each for each in found["results"] if each["warnings"])
    assert (mask["warnings"], mask["warnings_said"]) == (["It was said so once."], [None])


def test_progress(production, client):
    row = restore_later(photo=ready_photo(origin="visitor"))
    message = said("engine.looking", tile=2, tiles=9)
    Job.objects.filter(pk=row.job_id).update(state=State.RUNNING, progress=0.3, message=message)
    steps = map(said, ("step.read", "step.find", "step.fill", "step.colour", "step.keep"))
    assert is_wholly_put_into_words(page(client, row.get_absolute_url()), [message, *steps])
    found = client.get(f"/api/v1/restorations/{row.token}/").json()
    assert found["stage"] == "Looking for damage, tile 2 of 9"
    assert found["stage_said"] == message.as_json()


def test_a_refusal(production, client, run_jobs):
    row = restore_later(file=io.BytesIO(upload(kind="JPEG")[:-200]), name="torn.jpg")
    run_jobs()
    row = Restoration.objects.get(pk=row.pk)
    assert row.job.error == row.photo.reason == said("scan.truncated", name="JPEG")
    shown = page(client, row.get_absolute_url())
    assert is_wholly_put_into_words(shown, [row.job.error]) and "Use what is there" in shown
