"""The table of the tones, on a folder of packaged pictures."""

import numpy as np
import pytest
from PIL import Image
from skimage import data

from tests.harm import tones


@pytest.fixture
def folder(tmp_path):
    pictures = {
        "photos/astronaut.png": data.astronaut()[::2, ::2],
        "photos/coffee.png": data.coffee()[::2, ::2],
        "portraits/camera.png": data.camera()[::2, ::2],
        "prints_sound/cat.png": data.chelsea()[::2, ::2],
    }
    lines = ["file\tsplit"]
    for name, picture in pictures.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.fromarray(np.ascontiguousarray(picture)).save(tmp_path / name)
        lines.append(f"{name}\tval")
    (tmp_path / "SOURCES.tsv").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_the_table_stands_by_one_command(folder, monkeypatch, capsys):
    words = ["tones", "--data", str(folder), "--fades", "4"]
    monkeypatch.setattr("sys.argv", words)
    tones.main()
    said = capsys.readouterr().out
    assert "drawn fades: 12 of 3 pictures" in said
    assert "sound pictures: 3, bit-identical 100.0%" in said
    gain = float(said.split("median gain ")[1].split(" ")[0])
    assert gain >= tones.TARGET_GAIN
    assert "prints_sound/cat.png" in said


def test_a_fade_lies_within_its_bounds():
    fade = tones.Fade.drawn(np.random.default_rng(1))
    ends = fade.of(np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8))[0].astype(float)
    assert ends[0] == pytest.approx(np.add(fade.black, fade.cast), abs=0.6)
    assert ends[1] == pytest.approx(np.add(fade.white, fade.cast), abs=0.6)
