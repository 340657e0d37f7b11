import numpy as np
import pytest

from photos.masks.classes import DEFECTS, FRACTURE
from training.augmentation import samples
from training.augmentation.lookalikes.beds import scan_bed
from training.augmentation.lookalikes.clothes import garments, stripes
from training.augmentation.samples import segmentation_sample

GROUND = np.full((160, 200), 130, np.float32)
PHOTO = np.full((300, 300, 3), 120, np.uint8)


def rng(seed):
    return np.random.default_rng(seed)


def test_stripes_come_in_sets():
    """Along some line through the cloth the tone rises and falls three times or more."""
    counts = []
    for seed in range(30):
        seen = stripes(GROUND, rng(seed))
        lines = [*seen[::20], *seen.T[::20]]
        steps = [np.abs(np.diff(np.sign(np.diff(line[::1]))))[1:] > 1 for line in lines]
        counts.append(max(step.sum() for step in steps))
    assert np.mean(np.array(counts) >= 4) > 0.9


def test_a_scan_bed_is_straight_and_keeps_the_middle():
    for seed in range(30):
        seen = scan_bed(GROUND, rng(seed))
        assert np.array_equal(seen[60:100, 70:130], GROUND[60:100, 70:130])
        assert not np.array_equal(seen, GROUND)


def test_most_scan_beds_are_dark_and_some_thin():
    darker, depths = [], []
    for seed in range(80):
        change = scan_bed(GROUND, rng(seed)) - GROUND
        sides = [change[:, 100], change[::-1, 100], change[80], change[80, ::-1]]
        strongest = max(sides, key=lambda side: np.abs(side[:2]).max())
        darker.append(strongest[0] < 0)
        depths.append(int((np.abs(strongest) > 5).sum()))
    assert np.mean(darker) > 0.6
    assert min(depths) <= 5 and max(depths) >= 12


@pytest.mark.parametrize("draw", [stripes, garments, scan_bed])
def test_what_only_looks_like_damage_is_never_labelled(draw, monkeypatch):
    monkeypatch.setattr(
        samples, "add_structure", lambda luma, rng: np.clip(draw(luma, rng), 0, 255)
    )
    monkeypatch.setattr(samples, "CLEAN_SHARE", 1.0)
    for seed in range(10):
        _, classes = segmentation_sample(PHOTO, size=96, rng=rng(seed), structures=1.0)
        assert not (classes & DEFECTS).any()


def test_creases_cross_look_alikes(monkeypatch):
    monkeypatch.setattr(samples, "CLEAN_SHARE", 0.0)
    monkeypatch.setattr(samples, "CROSSED", 1.0)
    monkeypatch.setattr(samples, "_damage", lambda *given: [])
    drawn = [
        segmentation_sample(PHOTO, size=96, rng=rng(seed), structures=1.0)[1] for seed in range(20)
    ]
    plain = [
        segmentation_sample(PHOTO, size=96, rng=rng(seed), structures=0.0)[1] for seed in range(20)
    ]
    assert sum((classes & FRACTURE).any() for classes in drawn) > 12
    assert not any((classes & DEFECTS).any() for classes in plain)
