"""The contact sheet: written, seeded, with real photos between, or refused in a sentence."""

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from training.augmentation.sheets import damage_sheet

PHOTO = np.tile(np.linspace(30, 220, 96).astype(np.uint8)[None, :, None], (80, 1, 3))


def sheet(**changes):
    values = {"stage": "segmentation", "size": 64, "count": 3, "seed": 0, "labels": False}
    return damage_sheet([PHOTO], changes.pop("real", []), **(values | changes))


@pytest.mark.parametrize("stage", ["segmentation", "inpainting", "colorization"])
def test_a_seed_draws_the_same_sheet_and_another_seed_another(stage):
    assert np.array_equal(sheet(stage=stage), sheet(stage=stage))
    assert not np.array_equal(sheet(stage=stage), sheet(stage=stage, seed=1))


def test_labels_and_real_photos_take_places_of_their_own():
    assert sheet().shape[0] < sheet(count=6, labels=True, real=[PHOTO]).shape[0]


def test_without_photos_there_is_no_sheet():
    with pytest.raises(ValueError, match="no photo"):
        damage_sheet([], [], stage="segmentation", size=64, count=1, seed=0, labels=False)


def test_the_command_needs_no_folder(tmp_path):
    call_command("preview_synthesis", out=tmp_path / "sheet.png", count=2, size=64)
    with Image.open(tmp_path / "sheet.png") as image:
        assert image.size[0] > 2 * 64


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("preview_synthesis", str(tmp_path / "no"), out=tmp_path / "s.png")
