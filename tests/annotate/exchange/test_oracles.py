"""Our exports in labelme's and datumaro's own readers; `make test-exchange` gives them a home."""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from annotate import services
from annotate.models import DefectMask
from photos.models import Photo
from tests.annotate.builders import painted, ready_photo

PYTHON = os.environ.get("EXCHANGE_PYTHON", "")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not PYTHON, reason="`make test-exchange` names the oracles' Python"),
]


def asked(child, *words, module):
    """What a child says; skipped where its package cannot be installed."""
    if subprocess.run(
        [PYTHON, "-c", f"import {module}"], check=False, capture_output=True
    ).returncode:
        pytest.skip(f"{module} is not installed")
    path = Path(__file__).with_name(child)
    command = [PYTHON, str(path), *map(str, words)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout) if done.stdout.strip() else None


@pytest.fixture
def lab():
    names = [
        "set/p1.jpg",
        "1912.verso.png",
        "Caf\u00e9.tif",
        "\u0411\u0430\u0431\u0443\u0448\u043a\u0430.jpg",
    ]
    masks = {}
    for number, name in enumerate(names):
        photo = ready_photo(title=f"t{number}", original_name=name)
        masks[photo.pk] = painted(seed=number, bit=(1, 4)[number % 2])
        services.import_mask(photo=photo, pixels=masks[photo.pk], accepted=True)
    return {photo: masks[photo.pk] for photo in Photo.objects.all()}


def planes(mask):
    return {
        name: mask & bit
        for name, bit in (("fracture", 1), ("scuff", 2), ("hole", 4))
        if (mask & bit).any()
    }


def test_labelme_reads_every_pixel(lab, tmp_path):
    call_command("export_masks", tmp_path, format="labelme", pictures=True)
    found = asked("labelme_child.py", tmp_path, module="loguru, tifffile")
    assert len(found) == len(lab)
    for photo, mask in lab.items():
        name = photo.original_name.rpartition("/")[2].rpartition(".")[0]
        assert found[name]["sides"] == [300, 400]
        wanted = planes(mask)
        assert set(found[name]["masks"]) == set(wanted)
        for label, pixels in found[name]["masks"].items():
            back = np.zeros(mask.shape, bool)
            x, y = np.array(pixels).T
            back[y, x] = True
            assert np.array_equal(back, wanted[label] > 0)


@pytest.mark.parametrize(("kind", "theirs"), [("coco", "coco"), ("cvat", "cvat")])
def test_datumaro_reads_every_pixel_beside_its_picture(kind, theirs, lab, tmp_path):
    call_command("export_masks", tmp_path, format=kind, pictures=True)
    found = asked("datumaro_child.py", "read", tmp_path, theirs, module="datumaro")
    sums = sorted(tuple(sorted(each["masks"].items())) for each in found.values())
    wanted = sorted(
        tuple(sorted((label, int((plane > 0).sum())) for label, plane in planes(mask).items()))
        for mask in lab.values()
    )
    assert sums == wanted and all(each["sides"] == [300, 400] for each in found.values())


def test_what_datumaro_writes_comes_in(lab, tmp_path):
    call_command("export_masks", tmp_path / "out", format="coco", pictures=True)
    asked(
        "datumaro_child.py",
        "write",
        tmp_path / "out",
        "coco",
        tmp_path / "back",
        "coco_instances",
        module="datumaro",
    )
    before = {mask.photo_id: mask.digest for mask in DefectMask.objects.all()}
    DefectMask.objects.all().delete()
    (file,) = (tmp_path / "back").rglob("*.json")
    call_command("import_masks", file, format="coco")
    assert {mask.photo_id: mask.digest for mask in DefectMask.objects.all()} == before
