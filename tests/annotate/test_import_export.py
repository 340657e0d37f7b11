"""Whole files of other tools: command, page and API, in and out."""

import io
import json
import zipfile

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from PIL import Image

from accounts.models import AuditEvent
from annotate import services
from annotate.formats import coco
from annotate.models import DefectMask, Import, Suggestion
from annotate.services.import_export.options import FORMATS
from photos.decoding import scans
from tests.annotate.builders import file_of, painted, ready_photo

pytestmark = pytest.mark.django_db
WHOLE = sorted(set(FORMATS) - {"png", "manifest", "probability"})


def exported(tmp_path, kind, **photos):
    for title, mask in photos.items():
        photo = ready_photo(title=title)
        services.import_mask(photo=photo, pixels=mask, accepted=True)
    call_command("export_masks", tmp_path / "out", format=kind)
    return sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", WHOLE)
def test_what_is_exported_can_be_imported_bit_for_bit(kind, tmp_path, capsys):
    first, second = painted(seed=1), painted(seed=2, bit=4)
    files = exported(tmp_path, kind, one=first, two=second)
    DefectMask.objects.all().delete()
    call_command("import_masks", *files, format=kind)
    for title, mask in (("one", first), ("two", second)):
        found = DefectMask.objects.get(photo__title=title)
        assert found.state == DefectMask.State.SUBMITTED
        assert np.array_equal(services.read_mask(found), mask)


def test_pictures_are_written_one_a_class(tmp_path):
    names = [path.name for path in exported(tmp_path, "png", one=painted())]
    assert names == ["one.fracture.png", "one.scuff.png"]


def test_an_eight_bit_picture_shows_the_named_class(tmp_path):
    ready_photo(title="one")
    plane = painted() > 0
    (tmp_path / "one.png").write_bytes(file_of(plane * np.uint8(255)))
    call_command("import_masks", tmp_path / "one.png", format="png", defect="hole", accepted=True)
    mask = DefectMask.objects.get()
    assert mask.state == DefectMask.State.ACCEPTED
    assert np.array_equal(services.read_mask(mask), plane * np.uint8(4))


def test_photos_of_one_title_are_told_apart(tmp_path):
    for seed in (1, 2):
        services.import_mask(photo=ready_photo(title="x"), pixels=painted(seed=seed), accepted=True)
    assert len(exported(tmp_path, "labelme")) == 2


def test_only_the_newest_accepted_mask_leaves(tmp_path):
    photo = ready_photo(title="one")
    services.import_mask(photo=photo, pixels=painted(seed=1), accepted=True)
    services.import_mask(photo=photo, pixels=painted(seed=2), accepted=True)
    services.import_mask(photo=photo, pixels=painted(seed=3))
    (file,) = exported(tmp_path, "coco")
    DefectMask.objects.all().delete()
    call_command("import_masks", file, format="coco")
    assert np.array_equal(services.read_mask(DefectMask.objects.get()), painted(seed=2))


@pytest.mark.parametrize("kind", FORMATS)
def test_rubbish_is_refused_with_a_sentence(kind, tmp_path, capsys):
    ready_photo(title="one")
    (tmp_path / "one.json").write_bytes(b"\x00rubbish")
    with pytest.raises(CommandError, match="2 of the files") as stop:
        call_command("import_masks", tmp_path / "one.json", tmp_path / "one.json", format=kind)
    assert stop.value.returncode == 2 and not DefectMask.objects.exists()


def test_a_photo_that_is_not_here_is_named(tmp_path, capsys):
    files = exported(tmp_path, "coco", one=painted())
    DefectMask.objects.get().photo.delete()
    with pytest.raises(CommandError):
        call_command("import_masks", *files, format="coco")
    assert "No photo is called one." in capsys.readouterr().err


def test_a_manifest_brings_the_story_back_and_checks_every_pixel(tmp_path, assessor, capsys):
    photo = ready_photo(title="one")
    services.import_mask(
        photo=photo, pixels=painted(), author=assessor, accepted=True, active_seconds=90,
        tools={"brush": {"actions": 3, "seconds": 90}},
    )  # fmt: skip
    call_command("export_masks", tmp_path / "out", format="manifest")
    DefectMask.objects.all().delete()
    file = tmp_path / "out" / "manifest.json"
    call_command("import_masks", file, format="manifest")
    found = DefectMask.objects.get()
    assert np.array_equal(services.read_mask(found), painted())
    assert (found.author, found.active_seconds, found.tools["brush"]["actions"]) == (
        assessor,
        90,
        3,
    )
    picture = tmp_path / "out" / "masks" / "one.png"
    picture.write_bytes(file_of(np.zeros((300, 400), np.uint8)))
    with pytest.raises(CommandError):
        call_command("import_masks", file, format="manifest")
    assert "not the mask that the manifest names" in capsys.readouterr().err


def test_a_manifest_opens_nothing_outside_its_folder(tmp_path, capsys):
    (path,) = [p for p in exported(tmp_path, "manifest", one=painted()) if p.suffix == ".json"]
    document = json.loads(path.read_text())
    (tmp_path / "secret.png").write_bytes(b"x")
    document["masks"][0]["file"] = "../secret.png"
    path.write_text(json.dumps(document))
    with pytest.raises(CommandError):
        call_command("import_masks", path, format="manifest")
    assert "is not beside the manifest" in capsys.readouterr().err


def test_a_probability_map_becomes_a_suggestion_and_leaves_as_it_came(tmp_path):
    photo = ready_photo(title="one")
    levels = np.arange(300 * 400, dtype=np.uint32).reshape(300, 400).astype(np.uint8)
    (tmp_path / "one.png").write_bytes(file_of(levels))
    call_command("import_masks", tmp_path / "one.png", format="probability", threshold=51)
    row = Suggestion.objects.get()
    assert (row.photo, row.threshold) == (photo, 0.2)
    services.import_mask(photo=photo, pixels=painted(), accepted=True)
    call_command("export_masks", tmp_path / "out", format="probability")
    assert np.array_equal(scans.read_png((tmp_path / "out" / "one.png").read_bytes()), levels)


def test_the_threshold_decides_what_a_soft_edge_is(tmp_path, capsys):
    ready_photo(title="one")
    levels = np.full((300, 400), 100, np.uint8)
    (tmp_path / "one.png").write_bytes(file_of(levels))
    call_command("import_masks", tmp_path / "one.png", format="png", threshold=100)
    assert DefectMask.objects.get().areas["fracture"] == 300 * 400
    with pytest.raises(CommandError):
        call_command("import_masks", tmp_path / "one.png", format="png", threshold=101)
    assert "brightest level is 100 of 255" in capsys.readouterr().err


def test_a_mask_of_the_unturned_file_is_recognised_and_turned_when_told(tmp_path, capsys):
    transform = {"orientation": 6, "source_width": 300, "source_height": 400}
    ready_photo(title="one", transform=transform)
    stored = painted(300, 400)
    (tmp_path / "one.png").write_bytes(file_of((stored & 1) * np.uint8(255)))
    with pytest.raises(CommandError):
        call_command("import_masks", tmp_path / "one.png", format="png")
    assert "--as-stored" in capsys.readouterr().err
    call_command("import_masks", tmp_path / "one.png", format="png", as_stored=True)
    upright = np.array(Image.fromarray(stored & 1).transpose(Image.Transpose.ROTATE_270))
    assert np.array_equal(services.read_mask(DefectMask.objects.get()), upright)


@pytest.fixture
def lab(sign_in, admin):
    services.import_mask(photo=ready_photo(title="one"), pixels=painted(), accepted=True)
    return sign_in(admin)


def out_of(answer):
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


@pytest.mark.parametrize("kind", [*WHOLE, "manifest"])
def test_the_api_hands_out_a_zip_and_takes_it_back(kind, lab):
    answer = lab.get(reverse("api_masks_export"), {"kind": kind})
    body = b"".join(answer.streaming_content)
    DefectMask.objects.all().delete()
    file = io.BytesIO(body)
    file.name = "masks.zip"
    back = lab.post(
        reverse("api_masks_import"),
        {"file": file, "kind": kind, "accepted": True, "because": "a lab of one"},
    )
    assert back.status_code == 201, back.content
    mask = DefectMask.objects.get(pk=back.json()["masks"][0])
    assert np.array_equal(services.read_mask(mask), painted())
    noted = AuditEvent.objects.get(route="annotate/imports/accepted-elsewhere/")
    assert noted.of == {"import_id": str(mask.brought_id), "because": "a lab of one"}


def test_the_page_exports_and_imports(lab, run_jobs):
    page = lab.get(reverse("annotate_exchange"))
    assert page.context["masks"] == 1
    archive = out_of(lab.get(reverse("annotate_exchange_out"), {"kind": "coco"}))
    file = io.BytesIO(archive.read("annotations/instances_default.json"))
    file.name = "masks.json"
    said = {"file": file, "kind": "coco", "defect": "fracture", "threshold": 128}
    DefectMask.objects.all().delete()
    answer = lab.post(reverse("annotate_exchange_in"), said, follow=True)
    assert b"being looked through" in answer.content
    run_jobs()
    row = Import.objects.get()
    page = lab.get(reverse("annotate_import", args=[row.pk])).content.decode()
    assert row.state == "planned" and "comes in" in page and "by id" in page
    assert not DefectMask.objects.exists()
    lab.post(reverse("annotate_import_confirm", args=[row.pk]))
    run_jobs()
    assert DefectMask.objects.waiting_for_review().count() == 1
    lab.post(reverse("annotate_import_undo", args=[row.pk]), {"sure": "1"})
    assert not DefectMask.objects.exists()


def test_what_was_refused_is_chosen_again_with_the_same_choices(lab, run_jobs):
    file = io.BytesIO(coco.write({"nobody": painted()}, labels={"crack": 1}))
    file.name = "masks.json"
    said = {"file": file, "kind": "coco", "defect": "fracture", "classes": "crack=hole"}
    address = lab.post(reverse("annotate_exchange_in"), said | {"line_width": "3"}).url
    run_jobs()
    again = f"{reverse('annotate_exchange')}?again={Import.objects.get().pk}"
    assert again in lab.get(address).text
    page = lab.get(again).text
    assert 'value="crack=hole"' in page and 'value="3.0"' in page
    assert lab.get(reverse("annotate_exchange"), {"again": "x"}).status_code == 200


def test_only_one_album_leaves_when_asked(lab):
    other = ready_photo(title="two", album="Ida")
    services.import_mask(photo=other, pixels=painted(), accepted=True)
    answer = lab.get(reverse("annotate_exchange_out"), {"kind": "npz", "album": "Ida"})
    assert out_of(answer).namelist() == ["two.npz"]


def test_what_the_api_does_not_know_is_a_400_and_what_it_refuses_a_409(lab):
    assert lab.get(reverse("api_masks_export"), {"kind": "bmp"}).status_code == 400
    file = io.BytesIO(b"rubbish")
    file.name = "one.npz"
    answer = lab.post(reverse("api_masks_import"), {"file": file, "kind": "npz"})
    assert answer.status_code == 409


def test_assessors_neither_import_nor_export_files(sign_in, assessor):
    client = sign_in(assessor)
    for name in ("annotate_exchange", "annotate_exchange_out", "api_masks_export"):
        assert client.get(reverse(name)).status_code == 403


def test_a_zip_that_promises_too_much_is_not_unpacked(monkeypatch, lab):
    monkeypatch.setattr("annotate.services.import_export.bundles.MAX_UNPACKED_BYTES", 10)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("one.npz", bytes(100))
    body.seek(0)
    body.name = "x.zip"
    answer = lab.post(reverse("api_masks_import"), {"file": body, "kind": "npz"})
    assert answer.status_code == 409
