"""What goes out: others can open it, and it comes back to the same digests whatever the titles."""

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO

from annotate import services
from annotate.formats.reading import UNDAMAGED
from annotate.models import DefectMask
from annotate.services.import_export.options import FORMATS
from photos.models import Photo
from tests.annotate.builders import file_of, painted, picture, ready_photo

pytestmark = pytest.mark.django_db
FORMS = sorted(set(FORMATS) - {"probability"})
TITLES = ["1912", "1912.verso", "Caf\u00e9", "Cafe\u0301", "\u0411\u0430\u0431\u0443\u0448\u043a\u0430", "x" * 200, "\u0436" * 200,
          "a/b", "a\\b", "p.jpg", "p", "p", ".hidden", "-rf", "p_mask", "p.hole", " ", "a,b=c"]  # fmt: skip


def lab(titles):
    """A photo of each title, its mask accepted; every third has no damage."""
    for number, title in enumerate(titles):
        mask = painted(24, 16, seed=number, bit=(1, 4)[number % 2])
        photo = ready_photo(24, 16, title=title)
        services.import_mask(photo=photo, pixels=mask * np.uint8(number % 3 != 2), accepted=True)
    return {photo.pk: photo.masks.get().digest for photo in Photo.objects.all()}


def round_trip(folder, kind, **how):
    wanted = {mask.photo_id: mask.digest for mask in DefectMask.objects.all()}
    call_command("export_masks", folder, format=kind, **how)
    DefectMask.objects.all().delete()
    for _ in range(2):  # a second try changes nothing
        source = folder / "manifest.json" if kind == "manifest" else folder
        call_command("import_masks", source, format=kind)
    assert {mask.photo_id: mask.digest for mask in DefectMask.objects.all()} == wanted
    assert DefectMask.objects.count() == len(wanted)


@pytest.mark.parametrize("kind", FORMS)
def test_every_export_comes_back_to_the_same_digests(kind, tmp_path):
    lab(TITLES)
    round_trip(tmp_path / "out", kind)


@pytest.mark.parametrize("kind", ["coco", "png"])
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    titles=st.lists(st.text(min_size=1, max_size=40).filter(lambda t: "\0" not in t), max_size=4)
)
def test_whatever_the_titles(kind, titles, tmp_path_factory):
    titles = [title.encode("utf-8", "ignore").decode() or "x" for title in titles]
    Photo.objects.all().delete()
    if titles:
        lab(titles)
        round_trip(tmp_path_factory.mktemp("out"), kind)


def originals(**names):
    """Photos with originals of these names, as they were read."""
    for name, original in names.items():
        photo = ready_photo(title=name, original_name=original)
        upright = {"orientation": 1, "source_width": 400, "source_height": 300}
        Photo.objects.filter(pk=photo.pk).update(transform=upright)
        services.import_mask(photo=photo, pixels=painted(), accepted=True)


def test_coco_has_names_ids_and_areas_that_pycocotools_reads(tmp_path):
    originals(one="set/one.PNG", two="two.tif")
    empty = ready_photo(title="three")
    services.import_mask(photo=empty, pixels=np.zeros((300, 400), np.uint8), accepted=True)
    call_command("export_masks", tmp_path, format="coco", pictures=True)
    found = COCO(tmp_path / "annotations" / "instances_default.json")
    names = {image["file_name"]: image for image in found.dataset["images"]}
    assert set(names) == {"one.PNG", "two.jpg", "three.jpg"}
    assert names["three.jpg"][UNDAMAGED] and names["three.jpg"]["heirloom_photo"] == str(empty.pk)
    for row in found.dataset["annotations"]:
        assert found.annToMask(row).sum() == row["area"] > 0
    assert {path.name for path in (tmp_path / "images").iterdir()} == set(names)


@pytest.mark.parametrize("kind", FORMS)
def test_names_that_clash_keep_their_folders(kind, tmp_path):
    originals(one="box 1/p.jpg", two="box 2/p.jpg", three="box 2/../q.jpg", four="box 1/r.png")
    round_trip(tmp_path / "out", kind, pictures=True)
    written = {path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*.jpg")}
    below = [] if kind == "labelme" else ["images"]
    assert written == {Path(*below, name) for name in ("box 1/p.jpg", "box 2/p.jpg", "q.jpg")}
    if kind == "labelme":
        for path in (tmp_path / "out").rglob("*.json"):
            assert (path.parent / json.loads(path.read_text())["imagePath"]).is_file()


def test_a_labelme_file_names_a_picture_that_lies_beside_it(tmp_path):
    originals(one="one.PNG", two="two.tif")
    call_command("export_masks", tmp_path, format="labelme", pictures=True)
    for path in tmp_path.glob("*.json"):
        document = json.loads(path.read_text())
        assert (tmp_path / document["imagePath"]).is_file()
    assert len(list(tmp_path.glob("*.json"))) == 2
    round_trip(tmp_path / "again", "labelme", pictures=True)


def test_cvat_has_its_meta_with_every_label(tmp_path):
    lab(["one", "two", "three"])
    call_command("export_masks", tmp_path, format="cvat")
    root = Xml.parse(tmp_path / "masks.xml").getroot()
    task = root.find("meta/task")
    labels = {label.findtext("name") for label in task.iter("label")}
    used = {shape.get("label") for image in root.iter("image") for shape in image}
    assert used <= labels and task.findtext("size") == "3"
    assert all(image.get("name").endswith((".jpg", ".png")) for image in root.iter("image"))


def test_label_studio_has_ids_and_users(tmp_path, assessor):
    services.import_mask(
        photo=ready_photo(title="one"), pixels=painted(), author=assessor, accepted=True
    )
    call_command("export_masks", tmp_path, format="label-studio")
    (task,) = json.loads((tmp_path / "masks.json").read_text())
    (annotation,) = task["annotations"]
    assert (task["id"], annotation["id"]) == (1, 1)
    assert annotation["completed_by"] == {"email": "ada"}
    DefectMask.objects.all().delete()
    call_command("import_masks", tmp_path / "masks.json", format="label-studio")
    assert DefectMask.objects.get().author == assessor


def test_no_damage_is_written_as_a_picture_too(tmp_path):
    lab(["a", "b", "c"])
    call_command("export_masks", tmp_path, format="png")
    assert (tmp_path / "c.fracture.png").exists()


def test_the_original_goes_along_only_where_it_lies_as_its_mask_does(tmp_path):
    originals(one="one.png")
    Photo.objects.update(transform={"orientation": 6, "source_width": 300, "source_height": 400})
    call_command("export_masks", tmp_path, format="coco", pictures=True)
    (sent,) = (tmp_path / "images").iterdir()
    assert sent.name == "one.jpg" and sent.read_bytes() == file_of(picture(), "JPEG")


def test_a_visitors_file_name_is_kept_with_leave_only_and_goes_with_it(django_user_model):
    from annotate.services.owners import withdraw_leave
    from photos.erasure import erase_photo
    from photos.services import add_photo

    facts = {"file": b"x", "title": "t", "original_name": "Zdenka.jpg", "origin": "visitor"}
    assert add_photo(**facts).original_name == ""
    photo = add_photo(**facts, training_allowed=True)
    assert photo.original_name == "Zdenka.jpg"
    withdraw_leave(photo=photo)
    assert Photo.objects.get(pk=photo.pk).original_name == ""
    photo = add_photo(file=b"x", title="t", original_name="C:\\scans\\a.jpg")
    assert photo.original_name == "C:/scans/a.jpg"
    erase_photo(photo=photo)
    assert Photo.objects.get(pk=photo.pk).original_name == ""
