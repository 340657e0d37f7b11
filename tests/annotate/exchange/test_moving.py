"""A lab moves in by the page: its photographs and five tools' exports; out again; in elsewhere.

Four photographs of each tool hold every kind of name and mask; `make test-exchange` takes twelve.
"""

import io
import os
import zipfile

import numpy as np
import pytest
from django.urls import reverse

from annotate.formats import coco, cvat, label_studio, labelme, png
from annotate.models import DefectMask, Import
from photos.masks.classes import CLASSES
from photos.models import Album, Photo
from tests.annotate.builders import file_of, painted, picture

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WIDTH, HEIGHT, EACH = 48, 32, int(os.environ.get("MOVING_EACH", "4"))
TOOLS = ("cvat", "coco", "label-studio", "labelme", "png")
ELSEWHERE = "labelme"  # the export that goes to another lab, photographs and all
NAMES = ("p{}.jpg", "p{}.verso.png", "Бабушка {}.JPG", "Cafe\u0301 {}.png")


def scans():
    """{path: file} of as many photographs of each tool; bare names are met again."""
    found = {}
    for box, tool in enumerate(TOOLS):
        for number in range(EACH):
            name = NAMES[number % len(NAMES)].format(number // 2)
            form = "PNG" if name.endswith("png") else "JPEG"
            pixels = picture(WIDTH, HEIGHT, seed=100 * box + number)
            found[f"lab/{tool}/{name}"] = file_of(pixels, form)
    return found


def masks(paths):
    """One of each photograph: one class, two that overlap, or no damage."""
    found = {}
    for number, path in enumerate(paths):
        mask = painted(WIDTH, HEIGHT, seed=number, bit=(1, 4)[number % 2])
        found[path] = mask * np.uint8(number % 6 != 5)
    return found


def class_pictures(found):
    """{name: file} as people keep masks: the class in the name, and one where there is nothing."""
    for path, mask in found.items():
        stem = path.rpartition(".")[0]
        used = {name for name, bit in CLASSES.items() if (mask & bit).any()}
        for name in sorted(used) or ["fracture"]:
            yield f"{stem}.{name}.png", png.write(mask, CLASSES[name])


def exported(tool, found):
    """(name, file) as the tool makes it; the writers put no number of ours into it."""
    if tool == "cvat":
        return "annotations.xml", cvat.write(found)
    if tool == "coco":
        return "instances.json", coco.write(found)
    if tool == "label-studio":
        return "project.json", label_studio.write(found)
    if tool == "labelme":
        files = {f"{path.rpartition('.')[0]}.json": labelme.write(mask, path.rpartition("/")[2])
                 for path, mask in found.items()}  # fmt: skip
        return "labelme.zip", zipped(files)
    return "masks.zip", zipped(dict(class_pictures(found)))


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return out.getvalue()


def named(data, name):
    file = io.BytesIO(data)
    file.name = name
    return file


class Lab:
    """What a reviewer and an admin do on the pages; nothing else."""

    def __init__(self, reviewer, admin, run_jobs):
        self.reviewer, self.admin, self.run_jobs = reviewer, admin, run_jobs

    def photos_in(self, files):
        facts = {"albums": "on", "training_allowed": "on", "file": named(zipped(files), "lab.zip")}
        self.reviewer.post(reverse("annotate_bring_zip"), facts)
        self.run_jobs(200)
        return Import.objects.filter(kind="photos").first().counts()

    def masks_in(self, kind, name, data, **said):
        facts = {"kind": kind, "defect": "fracture", "file": named(data, name), **said}
        answer = self.reviewer.post(reverse("annotate_exchange_in"), facts)
        assert answer.status_code == 302, answer.content
        self.run_jobs()
        row = Import.objects.filter(kind="masks").first()
        assert row.state == "planned", row.reason
        planned = dict(row.counts())
        self.reviewer.post(reverse("annotate_import_confirm", args=[row.pk]))
        self.run_jobs()
        row.refresh_from_db()
        assert row.state == "done", row.reason
        return {outcome: count for outcome, count in planned.items() if count}

    def accept_all(self):
        waiting = DefectMask.objects.filter(state="submitted")
        ticked = [f"{mask.pk}:{mask.revision}" for mask in waiting]
        self.admin.post(reverse("annotate_review_many"), {"mask": ticked, "verdict": "accepted"})

    def out(self, kind):
        facts = {"kind": kind, "pictures": "on"}
        answer = self.reviewer.get(reverse("annotate_exchange_out"), facts)
        return b"".join(answer.streaming_content)

    def forget_masks(self):
        DefectMask.objects.all().delete()

    def forget_photos(self):
        """As another lab is, that never saw them."""
        for model in (DefectMask, Import, Photo, Album):
            model.objects.all().delete()


@pytest.fixture
def lab(sign_in, reviewer, admin, run_jobs):
    return Lab(sign_in(reviewer), sign_in(admin), run_jobs)


def digests():
    """{digest of the photograph: that of its accepted mask}"""
    accepted = DefectMask.objects.filter(state="accepted").select_related("photo__working")
    found = {mask.photo.working_id: mask.digest for mask in accepted}
    assert len(found) == accepted.count()
    return found


def test_a_lab_moves_in_out_and_in_again_without_a_difference(lab):
    files = scans()
    count = len(files)
    assert lab.photos_in(files) == {"new": count}
    assert lab.photos_in(files) == {"here": count}
    wanted = masks(files)
    for tool in TOOLS:
        of_tool = {path: mask for path, mask in wanted.items() if f"/{tool}/" in path}
        name, data = exported(tool, of_tool)
        assert lab.masks_in(tool, name, data) == {"new": EACH}
        assert lab.masks_in(tool, name, data) == {"here": EACH}
    lab.accept_all()
    moved_in = digests()
    assert len(moved_in) == count
    for kind in TOOLS:
        files_out, masks_out = parted(lab.out(kind))
        assert len(files_out) == count
        if kind == ELSEWHERE:
            lab.forget_photos()
            assert lab.photos_in(files_out) == {"new": count}
        lab.forget_masks()
        data = zipped(masks_out)
        assert lab.masks_in(kind, "again.zip", data)["new"] == count
        assert lab.masks_in(kind, "again.zip", data)["here"] == count
        lab.accept_all()
        assert digests() == moved_in, kind


def parted(data):
    """(photographs, masks) of a ZIP that came out with both."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    originals = set(scans().values())
    pictures = {name: data for name, data in files.items() if data in originals}
    return pictures, {name: data for name, data in files.items() if name not in pictures}
