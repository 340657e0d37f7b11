"""Strengths against other people's programs, on random tables; skipped where one is not installed."""

import numpy as np
import pytest

from evaluation.statistics.ranking import Options
from evaluation.statistics.records.judgements import read_rows
from evaluation.statistics.tally import tally
from tests.evaluation.statistics.test_ranking import ring

PLAIN = Options(prior=None, side=False, resamples=5)
NAMES = [f"m{number}" for number in range(5)]


def decisive(seed):
    rows = ring(5, np.random.default_rng(seed), ties=False)
    return rows, tally(read_rows(rows), options=PLAIN, reference="m0")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_strengths_agree_with_choix(seed):
    choix = pytest.importorskip("choix")
    rows, found = decisive(seed)
    pairs = [
        (int(r[won][1]), int(r[lost][1]))
        for r in rows
        for won, lost in [("left", "right") if r["outcome"] == "left" else ("right", "left")]
    ]
    theirs = choix.opt_pairwise(5, pairs, tol=1e-12)
    mine = [found["strengths"][name] for name in NAMES]
    assert mine == pytest.approx(theirs - theirs[0], abs=1e-3)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_strengths_and_errors_agree_with_statsmodels(seed):
    sm = pytest.importorskip("statsmodels.api")
    rows = ring(5, np.random.default_rng(seed), ties=False)
    options = Options(prior=None, resamples=5)
    found = tally(read_rows(rows), options=options, reference="m0")
    design = np.zeros((len(rows), 5))
    for at, r in enumerate(rows):
        design[at, int(r["left"][1])] += 1
        design[at, int(r["right"][1])] -= 1
    design[:, 0] = 1.0  # m0 is zero; its column becomes the side effect
    wins = np.array([r["outcome"] == "left" for r in rows], float)
    theirs = sm.GLM(wins, design, family=sm.families.Binomial()).fit(tol=1e-12)
    mine = [found["left_effect"], *(found["strengths"][name] for name in NAMES[1:])]
    errors = [found["left_effect_standard_error"]]
    errors += [found["standard_errors"][name] for name in NAMES[1:]]
    assert mine == pytest.approx(theirs.params, abs=1e-3)
    assert errors == pytest.approx(theirs.bse, abs=1e-3)
