"""Files as other tools write them: each comes in right, or is refused with file and reason."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from annotate import services
from annotate.formats import coco, cvat
from annotate.models import DefectMask
from tests.annotate.builders import file_of, ready_photo

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parent / "cases"


def report(capsys, *files, **how):
    """The report of a dry run, as JSON."""
    capsys.readouterr()
    try:
        call_command("import_masks", *files, dry_run=True, json=True, **how)
    except CommandError as reason:
        assert reason.returncode == 2
    return json.loads(capsys.readouterr().out)


def bring(*files, **how):
    call_command("import_masks", *files, **how)
    return {mask.photo.title: mask.areas for mask in DefectMask.objects.select_related("photo")}


@pytest.fixture
def small():
    return [ready_photo(40, 30, title=title) for title in ("p1", "p2", "p3")]


PX75 = {"fracture": 75, "scuff": 0, "hole": 0, "ignore": 0}


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("d1_ls_local_files.json", "label-studio"),
        ("d2_ls_more_data_columns.json", "label-studio"),
        ("d3_ls_skipped_first.json", "label-studio"),
        ("d4_ls_one_task_not_annotated.json", "label-studio"),
    ],
)
def test_label_studio_exports_come_in(file, kind, small):
    areas = bring(CASES / file, format=kind)
    assert {title: each["fracture"] for title, each in areas.items()} == {"p1": 75}


def test_what_was_not_annotated_is_listed(small, capsys):
    said = report(capsys, CASES / "d4_ls_one_task_not_annotated.json", format="label-studio")
    assert [row["outcome"] for row in said["rows"]] == ["new", "nothing"]
    assert said["rows"][1]["title"] == "p2" and "not annotated" in said["rows"][1]["reason"]


@pytest.mark.parametrize("file", ["b1_labelme_mac.zip", "b3_labelme_with_pictures.zip"])
def test_labelme_folders_come_in_with_what_lies_in_them(file, small, capsys):
    said = report(capsys, CASES / file, format="labelme")
    assert [row["title"] for row in said["rows"]] == ["p1", "p2"] and not said["refusal"]
    aside = ["set/p1.jpg", "set/p2.jpg"] if "pictures" in file else []
    assert said["aside"] == aside
    assert set(bring(CASES / file, format="labelme")) == {"p1", "p2"}


def test_all_or_nothing_and_a_second_try_changes_nothing(small, capsys):
    small[1].delete()
    file = CASES / "c_middle_unknown.coco.json"
    with pytest.raises(CommandError):
        bring(file, format="coco")
    assert not DefectMask.objects.exists() and "unknown.jpg" in capsys.readouterr().err
    assert set(bring(file, format="coco", skip_unknown=True)) == {"p1", "p3"}
    bring(file, format="coco", skip_unknown=True)
    assert DefectMask.objects.count() == 2
    said = report(capsys, file, format="coco", skip_unknown=True)
    assert said["counts"] == {"new": 0, "here": 2, "nothing": 0, "left out": 1, "refused": 0}


def test_recto_and_verso_never_meet(capsys):
    file = CASES / "dotted_titles_without_ending.coco.json"
    ready_photo(60, 40, title="1912")
    said = report(capsys, file, format="coco")
    assert [row["outcome"] for row in said["rows"]] == ["refused", "new"]
    ready_photo(60, 40, title="1912.verso")
    said = report(capsys, file, format="coco")
    assert [row["title"] for row in said["rows"]] == ["1912.verso", "1912"]


def test_a_decomposed_accent_is_the_composed_one():
    ready_photo(50, 30, title="Caf\u00e9 nfc")
    assert set(bring(CASES / "f_nfd_name.coco.json", format="coco")) == {"Caf\u00e9 nfc"}


def test_a_line_needs_a_width(small, capsys):
    file = CASES / "e1_cvat_polyline.xml"
    with pytest.raises(CommandError):
        bring(file, format="cvat")
    assert "how many pixels wide lines are" in capsys.readouterr().err
    assert bring(file, format="cvat", line_width=3)["p1"]["fracture"] > 75


@pytest.mark.parametrize("file", ["i1_mask_0_1.png", "i3_palette_white_is_0.png"])
def test_pictures_by_what_they_show(file, tmp_path, small):
    (tmp_path / "p1.png").write_bytes((CASES / file).read_bytes())
    assert bring(tmp_path / "p1.png", format="png") == {"p1": PX75}


def test_one_mask_of_another_size_stops_all_and_is_named(capsys):
    with zipfile.ZipFile(CASES / "masks_one_wrong_size.zip") as archive:
        sizes = {n: Image.open(io.BytesIO(archive.read(n))).size for n in archive.namelist()}
    sizes["box7_001.png"] = (800, 588)  # its mask is 400 x 294
    for name, size in sizes.items():
        ready_photo(*size, title=name.removesuffix(".png").removesuffix("_mask"))
    with pytest.raises(CommandError):
        bring(CASES / "masks_one_wrong_size.zip", format="png")
    said = capsys.readouterr().err
    assert "box7_001.png: The mask is 400 x 294 pixels, the photo 800 x 588." in said
    assert said.count("\n") == 1 and not DefectMask.objects.exists()


def test_class_files_of_a_photo_make_one_mask(tmp_path):
    ready_photo(40, 30, title="p1")
    ready_photo(40, 30, title="two_mask")
    plane = np.zeros((30, 40), np.uint8)
    plane[:5] = 255
    for name in ("p1.hole.png", "p1_scuff.png", "p1-mask.png", "two_mask.png"):
        (tmp_path / name).write_bytes(file_of(plane))
        plane = np.roll(plane, 5, axis=0)
    (tmp_path / "p1.png").write_bytes(
        file_of(np.arange(1200, dtype=np.uint16).reshape(30, 40).astype(np.uint8))
    )
    areas = bring(tmp_path, format="png")
    assert areas["p1"] == {"fracture": 200, "scuff": 200, "hole": 200, "ignore": 0}
    assert areas["two_mask"] == {"fracture": 200, "scuff": 0, "hole": 0, "ignore": 0}


def test_unknown_classes_refuse_or_are_skipped_or_named(tmp_path, capsys):
    ready_photo(40, 30, title="p1")
    mask = np.zeros((30, 40), np.uint8)
    mask[:5], mask[9:12] = 1, 4
    file = tmp_path / "x.json"
    file.write_bytes(coco.write({"p1": mask}, labels={"crack": 1, "hole": 4}))
    said = report(capsys, file, format="coco")
    assert "'crack' is unknown here" in said["refusal"]
    assert list(said["rows"][0]["left_out"].values()) == [1]
    assert said["rows"][0]["left_out_said"][0]["what"]["code"] == "shape.unknown-class"
    said = report(capsys, file, format="coco", skip_unknown=True)
    assert said["rows"][0]["shapes"] == {"hole": 1} and said["rows"][0]["pixels"]["hole"] == 120
    assert bring(file, format="coco", classes="crack=fracture")["p1"]["fracture"] == 200


def test_a_reason_that_holds_for_many_files_is_said_once(small, tmp_path, capsys):
    mask = np.ones((30, 40), np.uint8)
    document = coco.write(dict.fromkeys(("p1", "p2", "x"), mask), labels={"crack": 1})
    (tmp_path / "x.json").write_bytes(document)
    said = report(capsys, tmp_path / "x.json", format="coco")["refusal"]
    assert said.startswith("x.json: p1 and 1 more: The class 'crack' is unknown here")
    assert said.endswith("x.json: x: No photo is called x. Nothing was imported.")


def test_nothing_understood_is_never_nothing(tmp_path, capsys):
    ready_photo(40, 30, title="p1")
    mask = np.ones((30, 40), np.uint8)
    (tmp_path / "x.json").write_bytes(coco.write({"p1": mask}, labels={"crack": 1}))
    said = report(capsys, tmp_path / "x.json", format="coco", skip_unknown=True)
    assert said["rows"][0]["outcome"] == "refused" and "Nothing of it" in said["refusal"]


def test_a_photo_without_shapes_was_not_annotated_unless_somebody_says_so(tmp_path, capsys):
    ready_photo(40, 30, title="p1")
    document = {
        "images": [{"id": 1, "file_name": "p1.jpg", "width": 40, "height": 30}],
        "annotations": [],
        "categories": [],
    }
    (tmp_path / "x.json").write_text(json.dumps(document))
    said = report(capsys, tmp_path / "x.json", format="coco")
    assert said["rows"][0]["outcome"] == "nothing" and said["refusal"]
    bring(tmp_path / "x.json", format="coco", empty_is_undamaged=True)
    assert sum(DefectMask.objects.get().areas.values()) == 0


def test_two_of_one_bare_name_are_kept_apart_by_their_folders(tmp_path, capsys):
    one = ready_photo(40, 30, title="p", original_name="a/p.jpg")
    two = ready_photo(40, 30, title="p", original_name="b/p.jpg")
    first, second = np.zeros((2, 30, 40), np.uint8)
    first[:2], second[:3] = 1, 1
    (tmp_path / "x.xml").write_bytes(cvat.write({"set/a/p.jpg": first, "set/b/p.jpg": second}))
    bring(tmp_path / "x.xml", format="cvat")
    assert one.masks.get().areas["fracture"] == 80 and two.masks.get().areas["fracture"] == 120
    (tmp_path / "y.xml").write_bytes(cvat.write({"p.jpg": first}))
    assert "Several photos" in report(capsys, tmp_path / "y.xml", format="cvat")["refusal"]
    (tmp_path / "z.xml").write_bytes(cvat.write({"c/p.jpg": first}))
    assert "lies in a" in report(capsys, tmp_path / "z.xml", format="cvat")["refusal"]
    said = report(capsys, tmp_path / "z.xml", format="cvat", any_folder=True)["refusal"]
    assert "Several photos" in said


def test_folders_left_out_of_the_comparison_still_tell_apart_those_of_one_name(tmp_path):
    photos = [ready_photo(40, 30, title="p", original_name=f"lab/{box}/p.jpg") for box in "ab"]
    mask = np.ones((30, 40), np.uint8)
    (tmp_path / "x.xml").write_bytes(cvat.write({"archive/b/p.jpg": mask}))
    with pytest.raises(CommandError):
        bring(tmp_path / "x.xml", format="cvat")
    bring(tmp_path / "x.xml", format="cvat", any_folder=True)
    assert [photo.masks.count() for photo in photos] == [0, 1]


def test_two_files_for_one_photo_are_refused_by_name(tmp_path, capsys):
    ready_photo(40, 30, title="p")
    mask = np.ones((30, 40), np.uint8)
    (tmp_path / "x.xml").write_bytes(cvat.write({"a/p.jpg": mask, "b/p.jpg": mask}))
    said = report(capsys, tmp_path / "x.xml", format="cvat")
    assert "It means the same photo as x.xml: a/p.jpg" in said["refusal"]


def test_all_annotations_of_a_task_for_a_consensus(small, tmp_path, assessor):
    (task,) = json.loads((CASES / "d3_ls_skipped_first.json").read_text())
    again = json.loads(json.dumps(task["annotations"][1]))
    again |= {"id": 8, "completed_by": {"id": 3, "email": "ada@example.org"}}
    task["annotations"].append(again)
    assessor.email = "ada@example.org"
    assessor.save()
    (tmp_path / "x.json").write_text(json.dumps([task]))
    for _ in range(2):
        bring(tmp_path / "x.json", format="label-studio", annotations="all")
    authors = DefectMask.objects.values_list("author__username", flat=True)
    assert set(authors) == {None, "ada"}
    assert DefectMask.objects.count() == 2
    assert services.read_mask(DefectMask.objects.first()).any()
