"""A finder's cut at a stated share of sound pictures."""

import numpy as np
import pytest
import torch
from PIL import Image

from tests.training.trainers.test_resume import learn, run_in
from training.measuring import sound_cut
from training.measuring.evaluate import marker_of
from training.networks import weights
from training.networks.inference import Detector
from training.probes.sound import ALLOWED, counted_share, run_sound


def sound_photos(folder):
    """Two held-out scenes with a SOURCES.tsv, textured, so that some of it is marked."""
    (folder / "photos").mkdir(parents=True)
    rows = ["file\tsplit\tlicence\tsource\tnote"]
    for number in range(2):
        noise = np.random.default_rng(number).integers(0, 255, (96, 128), np.uint8)
        Image.fromarray(noise).save(folder / "photos" / f"scene{number}.png")
        rows.append(f"photos/scene{number}.png\tval\tCC0-1.0\tdrawn\t")
    (folder / "SOURCES.tsv").write_text("\n".join(rows) + "\n")
    return folder


def test_thresholds_at_a_share_of_sound_pictures(tmp_path):
    run = run_in(tmp_path / "run", "segmentation")
    learn(run)
    photos = sound_photos(tmp_path / "data")
    half = tmp_path / "half.safetensors"
    weights.save(half, *weights.load(run.best))
    assert sound_cut.main([str(half), str(photos)]) == 0
    assert sound_cut.stored_dtype(half) == torch.float16
    assert sound_cut.main([str(run.best), str(photos), "--gives-way", "1"]) == 0
    _, card = weights.load(run.best)
    assert card["cut_gives_way"] == 1 and card["sound_pictures"] == 2
    assert sound_cut.main([str(run.best), str(photos), "--careful"]) == 0
    _, after = weights.load(run.best)
    assert after["threshold"] == card["threshold"] and after["cut_gives_way"] == 1
    pictures = sound_cut.held_out(photos)
    looked = run_sound(marker_of(Detector.load(run.best)), pictures)
    assert counted_share(looked, 0.02) <= ALLOWED < counted_share(looked, -0.02)  # of float16


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--gives-way", "4"], "--gives-way must be 0 to 3"),
        ([], "has neither photos/ nor prints_sound/"),
    ],
)
def test_what_cannot_be_calibrated_is_said(tmp_path, capsys, more, said):
    run = run_in(tmp_path / "run", "segmentation")
    learn(run)
    assert sound_cut.main([str(run.best), str(tmp_path), *more]) == 2
    assert said in capsys.readouterr().err
