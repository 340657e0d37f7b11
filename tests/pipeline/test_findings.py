"""The words of the result page: found, left, asked, coloured or not, versions by what differs."""

import io

import pytest
from PIL import Image

from photos import erasure
from photos.models import Blob
from pipeline import services
from pipeline.models import Answer, Restoration
from pipeline.services.questions import findings
from tests.pipeline.builders import ready_photo
from tests.pipeline.test_answers import ID, done, latest  # noqa: F401
from tests.pipeline.test_colour_strokes import DAB

pytestmark = pytest.mark.django_db


def page(client, row):
    return client.get(row.get_absolute_url()).content.decode()


def said(row, **facts):
    mask = row.mask
    mask.report |= facts
    mask.save()


def test_the_page_asks_and_takes_all_answers_in_one_form(client, done, run_jobs):  # noqa: F811
    assert f'name="{ID}" value="yes"' in page(client, done)
    answer = client.post(f"/restore/{done.token}/answers/", {ID: "yes"})
    row = latest(run_jobs)
    assert answer.headers["Location"] == row.get_absolute_url()
    assert Answer.objects.of(row.photo) == {ID: True}
    assert "data-questions" not in page(client, row)


@pytest.mark.parametrize("fields", [{}, {"text-1-1": "yes"}, {ID: "perhaps"}])
def test_what_is_no_answer_is_a_sentence(client, done, fields):  # noqa: F811
    answer = client.post(f"/restore/{done.token}/answers/", fields)
    assert answer.status_code == 409
    assert Restoration.objects.count() == 1
    assert not Answer.objects.exists()


def test_too_many_answers_in_an_hour(client, done, monkeypatch):  # noqa: F811
    monkeypatch.setattr("pipeline.views.variants.upload_allowed", lambda *_: False)
    assert client.post(f"/restore/{done.token}/answers/", {ID: "no"}).status_code == 409
    assert not Answer.objects.exists()


def test_what_is_beyond_the_questions_is_one_sentence_with_the_painter(client, done):  # noqa: F811
    said(done, beyond=12, warnings=["12 more marks were left because they may belong to it."])
    text = page(client, done)
    assert "12 more were left." in text
    assert "12 more marks were left because" not in text


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("nothing found", "Nothing was found"), ("little found", "evidently torn, but little")],
)
def test_statuses_offer_the_painter(client, done, status, sentence):  # noqa: F811
    assert sentence not in page(client, done)
    said(done, status=status)
    assert sentence in page(client, done)
    assert f"/restore/{done.token}/mask/" in page(client, done).split(sentence)[1][:300]


def test_skipped_colour_has_a_button(client, production, run_jobs):
    from skimage import data

    row = services.restore_later(photo=ready_photo(data.cat()[::2, ::2]), strength=0.6)
    run_jobs()
    row = Restoration.objects.get(pk=row.pk)
    assert "Colour it anyway" in page(client, row)
    client.post(f"/restore/{row.token}/variant/", {"strength": "0.6", "colourise": "on"})
    made = latest(run_jobs)
    assert len(made.results) == 3
    assert "Colour it anyway" not in page(client, made)


def test_the_legend_says_of_what_was_filled():
    shares = {"fracture": 0.003, "scuff": 0.001, "hole": 0.000001}
    kinds = findings.legend(shares)
    assert [each["name"] for each in kinds] == ["fracture", "scuff"]
    assert [round(each["percent"]) for each in kinds] == [75, 25]
    assert findings.legend({"fracture": 0.0}) == findings.legend({}) == []


def test_versions_are_named_by_what_differs():
    first = Restoration(settings={"strength": 0.5, "careful": False})
    others = [
        Restoration(earlier=first, settings=settings)
        for settings in (
            {"strength": 0.7, "careful": False},
            {"strength": 0.5, "careful": True, "colourise": True},
            {"strength": 0.5, "careful": False},
        )
    ]
    corrected = Restoration(earlier=first, settings=first.settings, corrected_id="0" * 64)
    back = Restoration(earlier=others[1], settings={"strength": 0.5, "colourise": True})
    after = Restoration(earlier=corrected, settings=first.settings)
    names = [name for _, name in findings.named([first, *others, corrected, back, after])]
    assert names[:4] == [
        "strength 0.50",
        "strength 0.70",
        "two looks, coloured anyway",
        "your answers",
    ]
    assert names[4:] == ["your mask", "one look", "without your mask"]


def test_a_mask_that_was_passed_on_does_not_name_what_followed():
    settings = {"strength": 0.5, "careful": False}
    mask = {"corrected_id": "0" * 64}
    first = Restoration(settings=settings, **mask)
    coloured = Restoration(earlier=first, settings=settings, colours=[DAB], **mask)
    toned = {**settings, "tones": 0.4}
    both = Restoration(earlier=coloured, settings=toned, colours=[DAB], **mask)
    network = Restoration(earlier=both, settings=toned, **mask)
    anew = Restoration(earlier=network, settings=toned, corrected_id="1" * 64)
    again = Restoration(earlier=anew, settings=toned, corrected_id="1" * 64)
    versions = [first, coloured, both, network, anew, again]
    assert [name for _, name in findings.named(versions)] == [
        "your mask",
        "your colours",
        "tones 0.40",
        "the network's colours",
        "your mask",
        "the same mask",
    ]


def test_the_plane_is_private_and_goes_with_the_photo(client, production, run_jobs):
    row = services.restore_later(photo=ready_photo())
    run_jobs()
    row = Restoration.objects.get(pk=row.pk)
    answer = client.get(f"/restore/{row.token}/mask.foreseen")
    picture = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert (picture.size, picture.mode) == ((50, 70), "RGB")
    assert "private" in answer.headers["Cache-Control"]
    assert f"/restore/{row.token}/mask.foreseen" in page(client, row)
    kept = row.mask.foreseen_id
    erasure.erase_photo(photo=row.photo)
    assert not Blob.objects.filter(pk=kept).exists()
