import numpy as np
import pytest

from tests.training.probes.builders import everything, nothing
from training.imaging.faces import Face
from training.probes.sound import (
    ALLOWED,
    LARGE,
    counted,
    counted_share,
    cut_at,
    heaviest,
    look_at,
    raw_share,
)


def graded(luma):
    """Margins from -10 to 10 down the rows."""
    return np.broadcast_to(np.linspace(-10, 10, luma.shape[0])[:, None], luma.shape)


def marked(pixels, size=100):
    """A sound picture with so many pixels marked in one block away from the rim."""
    margin = np.full((size, size), -20.0)
    margin[10:90, 10:90].flat[:pixels] = 5
    return look_at(lambda luma: margin, np.zeros((size, size), np.uint8), f"{pixels} marked")


def test_who_marks_nothing_or_everything_has_that_share():
    picture = np.zeros((80, 80), np.uint8)
    assert counted_share([look_at(nothing, picture)] * 30) == 0
    all_of_it = [look_at(everything, picture)] * 30
    assert counted_share(all_of_it) == pytest.approx(72 * 72 / 80**2)  # the rim is never filled


def test_no_picture_counts_above_a_tenth():
    pixels = 30 * 10_000
    quiet = [10] * 29  # below what is allowed: a tenth of the allowance
    assert counted([*quiet, 6000], pixels) * pixels == pytest.approx(290 + 0.1 * ALLOWED * pixels)
    loud = [400] * 29
    share = counted([*loud, 9000], pixels)
    held = share * pixels - sum(loud)
    assert held == pytest.approx(0.1 * share * pixels, rel=1e-3)
    assert counted(loud, pixels) * pixels == pytest.approx(sum(loud))
    assert counted([10_000] * 3, 30_000) == pytest.approx(1)


def test_a_single_loud_picture_moves_the_cut_little():
    rng = np.random.default_rng(1)
    planes = [rng.normal(-6, 2, (100, 100)) for _ in range(30)]
    quiet = [look_at(lambda luma, p=p: p, np.zeros((100, 100), np.uint8)) for p in planes]
    loud = look_at(everything, np.zeros((100, 100), np.uint8), "bridge")
    alone, joined = cut_at(quiet), cut_at([*quiet[:-1], loud])
    assert counted_share(quiet, alone) == pytest.approx(ALLOWED, rel=0.05)
    assert abs(joined - alone) < 0.2
    assert heaviest([*quiet, loud])[0] == "bridge"


def test_a_higher_cut_marks_less():
    looked = [look_at(graded, np.zeros((60, 60), np.uint8))]
    shares = [raw_share(looked, cut) for cut in (-5, 0, 5)]
    assert shares == sorted(shares, reverse=True) and shares[0] > shares[2] > 0


def test_large_marks_and_marked_faces_are_counted():
    assert not marked(LARGE).has_large_mark(0)
    assert marked(LARGE + 1).has_large_mark(0)
    faces = (Face(10, 10, 20, 20, 0.9), Face(50, 60, 20, 20, 0.9))
    one = look_at(lambda luma: marked(200).margins, np.zeros((100, 100), np.uint8), faces=faces)
    assert one.marked_faces(0) == 1
