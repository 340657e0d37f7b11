import numpy as np
import pytest

from tests.training.probes.builders import departures, everything, nothing, pictures
from training.probes.scales import SIDE, by_scale, enlarged, run_scales
from training.probes.spots import (
    BEDS,
    KINDS,
    SIGNS,
    SIZES,
    TORN,
    run_spots,
    with_spots,
    with_torn_border,
)


@pytest.fixture(scope="module")
def plain():
    return pictures(24, shape=(300, 420))


def test_every_cell_is_filled_and_one_for_who_marks_all(plain):
    found = run_spots(everything, plain).recall()
    wanted = {(kind, sign, size) for kind in KINDS for sign in SIGNS for size in SIZES}
    assert wanted | {(kind, bed) for kind in TORN for bed in BEDS} == set(found)
    assert set(found.values()) == {1.0}


def test_who_marks_nothing_has_zero_and_who_sees_contrast_nearly_all(plain):
    assert set(run_spots(nothing, plain, rounds=5).recall().values()) == {0.0}
    seen = run_spots(departures(128, 12), plain, rounds=5).recall()
    assert min(value for key, value in seen.items() if key[0] in ("speck", "flake", "hole")) > 0.7


def test_spots_lie_apart_and_have_their_size(plain):
    spotted, spots = with_spots(np.random.default_rng(0), plain[0], 0)
    taken = np.zeros(plain[0].shape, int)
    for spot in spots:
        taken[spot.window][spot.core] += 1
        across = np.sqrt(spot.core.sum() * 4 / np.pi)
        assert 0.6 * spot.size <= across <= 1.4 * spot.size, spot.kind
    assert taken.max() == 1 and len(spots) >= 14
    far = np.abs(spotted.astype(int) - plain[0]) > 8
    assert far[taken > 0].mean() > 0.8


def test_what_is_torn_off_shows_the_bed(plain):
    for sign, level in BEDS.items():
        torn, parts = with_torn_border(np.random.default_rng(2), plain[0], sign)
        for core in parts.values():
            assert 200 < core.sum() < 0.1 * core.size
            assert abs(torn[core].mean() - level) < 8


def test_damage_is_drawn_after_enlarging():
    photos = pictures(2, shape=(512, 512))
    assert all(enlarged(photos[0], scale).shape == (SIDE, SIDE) for scale in (1, 2, 4))
    assert enlarged(photos[0], 4).astype(float).std() < photos[0].astype(float).std()
    assert by_scale(run_scales(everything, photos).recall(least=1)) == {1.0: 1, 2.0: 1, 4.0: 1}
    assert set(run_scales(nothing, photos).recall(least=1).values()) == {0.0}
