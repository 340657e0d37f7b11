"""Calibration of a finished run, and what happens where validation knows too little."""

import numpy as np
import pytest

from photos.masks.classes import BITS
from tests.training.trainers.test_resume import learn, run_in
from training.cli import calibrate
from training.networks import weights
from training.networks.calibration import LogitHistogram
from training.trainers import segmentation
from training.trainers.data import split_pools
from training.trainers.early_exit import Stopped, Stopper
from training.trainers.validation import segmentation as validation


def histograms(**classes):
    found = {
        kind: {name: LogitHistogram() for name in (*BITS, validation.DAMAGE)}
        for kind in ("real", "synthetic", "sound")
    }
    rng = np.random.default_rng(0)
    for key, gap in classes.items():
        kind, name = key.split("_")
        truth = rng.random(20_000) < 0.02
        found[kind][name].add(rng.normal(np.where(truth, gap, 0), 1), truth)
    return found


def test_damage_never_seen_has_its_weight_undone_and_a_strict_threshold():
    card = validation.calibrated(histograms(), [4.0] * 3)
    assert set(card["calibrated_on"].values()) == {"nothing"}
    assert card["logit_offset"]["scuff"] == pytest.approx(np.log(4))
    assert card["threshold"]["hole"] == validation.STRICT


def test_human_masks_calibrate_before_synthetic_ones_and_one_cut_is_every_class():
    card = validation.calibrated(histograms(real_damage=3, synthetic_damage=1), [4.0] * 3)
    assert card["one_cut"] and set(card["calibrated_on"].values()) == {"real"}
    assert len(set(card["threshold"].values())) == len(set(card["logit_offset"].values())) == 1


def test_a_badly_learnt_class_does_not_flood_the_picture():
    weak = histograms(synthetic_scuff=0.7)["synthetic"]["scuff"]
    assert weak.threshold(0.5) > 2 * weak.threshold()
    good = histograms(synthetic_scuff=6)["synthetic"]["scuff"]
    assert good.threshold(0.5) == good.threshold()


def test_sound_pictures_hold_the_threshold_up():
    found = histograms(real_damage=3)
    before = validation.calibrated(found, [1.0] * 3)["threshold"]["fracture"]
    alarming = np.random.default_rng(1).normal(2, 1, 20_000)
    found["sound"][validation.DAMAGE].add(alarming, np.zeros(20_000, bool))
    card = validation.calibrated(found, [1.0] * 3)
    marked = 1 / (1 + np.exp(card["logit_offset"]["fracture"] - alarming))
    assert card["threshold"]["fracture"] > before
    assert (marked > card["threshold"]["fracture"]).mean() <= validation.ALARMS


def test_calibrating_again_changes_the_card_and_no_weight(tmp_path):
    run = run_in(tmp_path / "run", "segmentation")
    learn(run)
    network, before = weights.load(run.best)
    weights.save(
        run.best, network, before | {"threshold": {}}, dtype=next(network.parameters()).dtype
    )
    assert calibrate.main([str(run.path)]) == 0
    again, after = weights.load(run.best)
    assert set(after["threshold"]) == set(after["looks_threshold"]) == set(BITS)
    assert all(0 < cut < 1 for cut in after["looks_threshold"].values())
    assert all(
        (a == b).all()
        for a, b in zip(network.state_dict().values(), again.state_dict().values(), strict=True)
    )


def test_a_run_ends_with_the_thresholds_of_several_looks(tmp_path):
    run = run_in(tmp_path / "run", "segmentation")
    learn(run)
    _, card = weights.load(run.best)
    assert set(card["looks_threshold"]) == set(BITS)


def test_several_looks_end_when_the_run_is_asked_to(tmp_path):
    run = run_in(tmp_path / "run", "segmentation")
    learn(run)
    stopper = Stopper()
    stopper.asked = True
    pictures = segmentation.validation_set(split_pools(run)[1], run.spec().recipe)
    with pytest.raises(Stopped):
        validation.with_looks(*weights.load(run.best), pictures, stopper)


def test_other_stages_have_no_thresholds(tmp_path, capsys):
    assert calibrate.main([str(run_in(tmp_path / "run", "inpainting").path)]) == 2
    assert "only segmentation" in capsys.readouterr().err
