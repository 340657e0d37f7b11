"""The rules of this product against made-up voters; `manage.py simulate` runs a thousand."""

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from evaluation.statistics.pair_selection import posterior
from evaluation.statistics.simulation import NEVER, posteriors, simulate, strengths, tied


def test_many_posteriors_are_each_the_one_of_the_product():
    rng = np.random.default_rng(1)
    wins = rng.integers(0, 9, (4, 5, 5)).astype(float) * (1 - np.eye(5))
    theta, factor = posteriors(wins, np.zeros((4, 5)))
    for run in range(4):
        alone = posterior(wins[run], np.zeros((5, 5)))
        assert theta[run] == pytest.approx(alone.theta, abs=1e-6)
        assert factor[run] == pytest.approx(alone.factor, abs=1e-6)


def test_a_lead_of_65_to_35_takes_at_most_450_votes():
    rng = np.random.default_rng(2)
    found = simulate(strengths(6, 0.65), "thompson", runs=120, cap=3000, rng=rng)
    assert np.median(found.votes) <= 450
    assert (found.winner == 0).mean() > 0.97


@pytest.mark.slow
def test_random_pairs_take_several_times_as_many():
    rng = np.random.default_rng(3)
    found = simulate(strengths(6, 0.65), "random", runs=60, cap=8000, rng=rng)
    assert 1500 < np.median(found.votes) < 3500


@pytest.mark.slow
def test_two_equal_best_seldom_give_a_winner():
    rng = np.random.default_rng(4)
    ours = simulate(tied(6), "thompson", runs=150, cap=1500, rng=rng)
    naive = simulate(tied(6), "naive", runs=150, cap=1500, rng=rng)
    assert (ours.winner != NEVER).mean() <= 0.05 < (naive.winner != NEVER).mean()


def test_the_command_speaks_of_all_three_rules(capsys):
    call_command("simulate", runs=3, cap=200, null_cap=100, models=3)
    said = capsys.readouterr().out
    assert said.count("this product") == said.count("the same evidence") == 2
    assert said.count("lead is significant") == 2


def test_the_command_refuses_a_lead_of_nothing():
    with pytest.raises(CommandError) as error:
        call_command("simulate", lead=0.4)
    assert error.value.returncode == 2
