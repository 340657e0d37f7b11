"""Tones beside a restoration: asked for in four places, kept, served, erased, off by default."""

import io
import json
import zipfile

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from skimage import data

from config.errors import Refused
from photos import erasure, storage
from photos.decoding import scans
from photos.models import Blob
from pipeline import services
from pipeline.models import Restoration, RestorationSettings, TonedPicture
from pipeline.models.tone_choice import tone_choice
from pipeline.services.adjusting import tones
from pipeline.services.questions.findings import named
from tests.harm.tones import Fade
from tests.pipeline.builders import ready_photo, upload

pytestmark = pytest.mark.django_db
SCENE = np.ascontiguousarray(data.astronaut()[::4, ::4])
FADED = Fade(45, 170, 1.0, (6.0, 0.0, -6.0)).of(SCENE)


def restored(run_jobs, pixels=FADED, **choices):
    row = services.restore_later(photo=ready_photo(pixels, origin="visitor"), **choices)
    run_jobs()
    return Restoration.objects.get(pk=row.pk)


def digests(row):
    return {made.kind: (made.recipe, made.image_id, made.jpeg_id) for made in row.made}


def test_off_by_default_nothing_further_is_made(production, run_jobs):
    row = restored(run_jobs)
    assert not TonedPicture.objects.exists()
    assert tones.told(row)["asked"] is None
    assert "tones" not in row.settings


def test_the_untouched_pictures_are_the_same_with_tones_and_without(production, run_jobs):
    plain = restored(run_jobs)
    again = tones.tone_later(plain, 0.7, keep_sepia=False)
    run_jobs()
    again = Restoration.objects.get(pk=again.pk)
    assert digests(again) == digests(plain)  # the finder's mask among them
    [(filled, kept)] = tones.pictures(again)
    before, after = (scans.read_working(each.image) for each in (filled, kept))
    assert after.shape == before.shape
    assert after.std() > 1.2 * before.std()
    assert [name for _, name in named([plain, again])] == ["strength 0.50", "tones 0.70"]


def test_asked_twice_made_once(production, run_jobs):
    first = restored(run_jobs, tones=0.7)
    for strength in (0.7, 0.4):
        tones.tone_later(first, strength, keep_sepia=False)
        run_jobs()
    assert TonedPicture.objects.count() == 2


def test_auto_leaves_a_sound_photograph_alone(production, run_jobs):
    row = restored(run_jobs, SCENE, tones="auto")
    assert not TonedPicture.objects.exists()
    assert tones.told(row)["fine"]
    assert tones.told(restored(run_jobs, tones="auto"))["strength"] == 1


def test_colours_of_a_network_keep_their_chroma(production, run_jobs):
    row = restored(run_jobs, tones="auto", colourise=True)
    ways = {
        order.rendition.kind: order.by_luma
        for order in tones.orders({m.kind: m for m in row.results}, tones.of(row), row.chosen)
    }
    assert ways == {"inpainted": False, "inpainted_colorized": True, "colorized": True}


def test_a_result_of_an_earlier_release_is_measured_when_tones_are_asked_for(production, run_jobs):
    row = restored(run_jobs)
    filled = row.results[0]
    del filled.report["tones"]
    filled.save()
    assert tones.told(Restoration.objects.get(pk=row.pk)) is None
    made = tones.tone_later(row, "auto", keep_sepia=False)
    run_jobs()
    assert tones.pictures(Restoration.objects.get(pk=made.pk))


def test_they_go_with_the_photograph(production, run_jobs):
    row = restored(run_jobs, tones=0.8)
    files = TonedPicture.objects.all().files()
    assert len(files) == 2
    erasure.erase_photo(photo=row.photo)
    assert not TonedPicture.objects.exists()
    assert not Blob.objects.filter(pk__in=files).exists()


def test_files_in_use_are_not_swept(production, run_jobs):
    restored(run_jobs, tones=0.8)
    files = TonedPicture.objects.all().files()
    storage.sweep()
    assert Blob.objects.filter(pk__in=files).count() == 2


def test_downloads_stand_beside_the_others(production, run_jobs, client):
    row = restored(run_jobs, tones=0.8)
    page = client.get(row.get_absolute_url()).content.decode()
    for form, start in (("png", b"\x89PNG"), ("jpg", b"\xff\xd8"), ("tif", b"II")):
        address = f"{row.get_absolute_url()}inpainted_toned.{form}"
        assert address in page
        answer = client.get(address)
        assert b"".join(answer.streaming_content).startswith(start)
    assert client.get(f"{row.get_absolute_url()}colorized_toned.png").status_code == 404
    body = b"".join(client.get(f"{row.get_absolute_url()}all.zip").streaming_content)
    names = zipfile.ZipFile(io.BytesIO(body)).namelist()
    assert {name for name in names if "_with_tones" in name} == {
        f"Aunt_Ida.repaired_with_tones.{form}" for form in ("png", "jpg", "tif")
    }


def test_the_page_asks_for_another_version(production, run_jobs, client):
    row = restored(run_jobs)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "data-tones" in page
    answer = client.post(f"{row.get_absolute_url()}tones/", {"tones": "0.6", "keep_sepia": "on"})
    made = Restoration.objects.get(token=answer.url.split("/")[2])
    assert (made.chosen.tones, made.chosen.keep_sepia, made.earlier) == (0.6, True, row)
    refused = client.post(f"{row.get_absolute_url()}tones/", {"tones": "loud"})
    assert refused.status_code == 409


def test_another_strength_keeps_the_tones_and_tones_keep_the_owners_mask(production, run_jobs):
    row = restored(run_jobs, tones=0.6, keep_sepia=True)
    other = services.restore_differently_later(row, strength=0.9)
    assert (other.chosen.tones, other.chosen.keep_sepia) == (0.6, True)
    row.corrected = storage.put(b"tiles", "application/octet-stream")
    row.corrected_digest = "d" * 64
    row.save()
    toned = tones.tone_later(row, None, keep_sepia=False)
    assert (toned.corrected_id, toned.chosen.tones) == (row.corrected_id, None)


def test_the_api_takes_and_tells_them(production, run_jobs, client):
    def send(**fields):
        file = SimpleUploadedFile("ida.png", upload(FADED))
        return client.post("/api/v1/restorations/", {"photo": file, **fields})

    address = send(tones="0.5", keep_sepia="true").json()["url"].removeprefix("http://testserver")
    assert client.get(address).json()["tones"] is None
    run_jobs()
    told = client.get(address).json()["tones"]
    assert (told["asked"], told["strength"], told["fine"]) == ("0.5", 0.5, False)
    assert [each["kind"] for each in told["files"]] == ["inpainted_toned"]
    png = client.get(told["files"][0]["png"])
    assert b"".join(png.streaming_content).startswith(b"\x89PNG")
    wrong = send(tones="1.5")
    assert wrong.status_code == 400
    assert "tones" in wrong.json()
    assert "tones" not in send(tones="off").json()["settings"]


@pytest.mark.parametrize(
    ("said", "meant"), [("off", None), ("", None), ("AUTO", "auto"), ("0", None), ("0.25", 0.25)]
)
def test_words_for_tones(said, meant):
    assert tone_choice(said) == meant


@pytest.mark.parametrize("said", ["nan", "1.01", "-0.1", "loud"])
def test_words_that_are_none(said):
    with pytest.raises(Refused, match="from 0 to 1"):
        tone_choice(said)


def test_settings_know_them_and_are_silent_without():
    chosen = RestorationSettings(tones="auto", keep_sepia=True)
    assert RestorationSettings.from_json(chosen.as_json()) == chosen
    assert set(RestorationSettings().as_json()) == {"careful", "strength", "colourise", "grain"}
    with pytest.raises(Refused):
        RestorationSettings(tones=True)


def test_the_command_writes_them_beside_the_others(tmp_path, weights_folder, monkeypatch):
    from pipeline.batch import networks
    from tests.pipeline.engine.tiny import ARGUMENTS, weight_file
    from tests.pipeline.test_command import photo, run, table

    for stage in ARGUMENTS:
        weight_file(weights_folder, stage)
    monkeypatch.setattr(networks, "SHIPPED", weights_folder)
    ida, out = photo(tmp_path, "ida.png", upload(FADED)), tmp_path / "out"
    assert run(ida, "--out", out, "--tones", "auto") == (0, "")
    toned = out / "ida.inpainted.toned.png"
    facts = json.loads((out / "ida.json").read_text())
    assert facts["toned"] == {"version": 1, "strength": 1.0, "kinds": ["inpainted"]}
    assert facts["settings"]["tones"] == "auto"
    untouched = np.array(Image.open(out / "ida.inpainted.png"))
    assert np.array(Image.open(toned)).std() > 1.2 * untouched.std()
    run(ida, "--out", out, "--tones", "auto")
    assert table(out)["ida.png"]["state"] == "skipped"
    toned.unlink()
    run(ida, "--out", out, "--tones", "auto")
    assert toned.exists()
    assert run(ida, "--out", out) == (0, "")
    assert not toned.exists()
    code, said = run(ida, "--out", out, "--tones", "2")
    assert (code, "--tones" in said) == (2, True)


def test_the_command_writes_them_in_the_forms_and_kinds_asked(
    tmp_path, weights_folder, monkeypatch
):
    from pipeline.batch import networks
    from tests.pipeline.engine.tiny import ARGUMENTS, weight_file
    from tests.pipeline.test_command import photo, run, table

    for stage in ARGUMENTS:
        weight_file(weights_folder, stage)
    monkeypatch.setattr(networks, "SHIPPED", weights_folder)
    ida, out = photo(tmp_path, "ida.png", upload(FADED)), tmp_path / "out"
    asked = (ida, "--out", out, "--tones", "1", "--colourise", "--only", "colorized", "--tiff16")
    for state in ("done", "skipped"):
        assert run(*asked) == (0, "")
        assert table(out)["ida.png"]["state"] == state
    names = {path.name for path in out.iterdir()}
    assert {name for name in names if "inpainted" in name or "colorized" in name} == {
        "ida.colorized.tif",
        "ida.colorized.toned.tif",
    }
