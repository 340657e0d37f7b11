"""The command from a plain folder to a page, and again where it was stopped."""

import numpy as np
import pytest
from PIL import Image

from training.measuring.ablations import __main__ as command
from training.measuring.ablations.__main__ import main


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for index in range(14):
        small = Image.fromarray(rng.integers(0, 255, (6, 8, 3), np.uint8))
        small.resize((120, 96), Image.Resampling.BICUBIC).save(folder / f"{index}.png")
    return folder


@pytest.mark.slow
def test_a_folder_of_photos_becomes_a_page_and_is_not_trained_twice(photos, tmp_path, monkeypatch):
    out = tmp_path / "out"
    line = [str(photos), "--out", str(out), "--stages", "inpainting", "--seeds", "1"]
    line += ["--images", "6", "--size", "64"]
    assert main(line) == 0
    page = (out / "ablations.md").read_text()
    assert "ordinary conv" in page and "Telea" in page
    assert (out / "inpainting.jpg").stat().st_size > 1000
    monkeypatch.setattr(command, "train_in", lambda _: pytest.fail("trained again"))
    assert main(line) == 0


def test_a_folder_without_photos_is_refused(tmp_path, capsys):
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "no usable photo" in capsys.readouterr().err
