"""The measures of the harm table count what they say."""

import numpy as np

from pipeline.engine.guards.certainty import Marks
from pipeline.engine.guards.deciding import Guarded
from pipeline.engine.guards.faces import Face
from tests.harm.creases import damaged
from tests.harm.measures import Looked, harmed_face, of_creases, packaged

FACE = Face(20, 20, 40, 40, 0.9, ((30, 35), (50, 35), (40, 42), (32, 52), (48, 52)))


def test_a_painted_out_eye_is_a_lost_feature():
    filled = np.zeros((80, 80), bool)
    filled[32:39, 27:34] = True
    share, lost = harmed_face(FACE, filled)
    assert lost
    assert share == 49 / 1600
    assert harmed_face(FACE, np.zeros((80, 80), bool)) == (0.0, False)


def test_what_is_found_is_filled_or_asked_or_neither():
    truth, bits, filled, labels = np.zeros((4, 80, 80), np.uint8)
    truth[45, 20:60] = 1
    bits[45, 20:50] = 1
    filled[45, 20:30] = 1
    labels[45, 30:40] = 1
    looked = Looked(
        Marks(bits, bits.astype(np.int8), bits), Guarded(filled, [], labels, [FACE]), 0, 0
    )
    plain, _, found, kept, drawn = of_creases(truth > 0, looked)
    assert (found, kept, drawn) == (30, 20, 40)
    assert plain <= found


def test_drawn_damage_lies_where_it_says():
    name, picture, truth = next(damaged(np.random.default_rng(1)))
    assert name == "crease of 35 levels"
    assert 0 < truth.mean() < 0.1
    assert picture.shape == truth.shape


def test_the_packaged_photographs_are_grey_and_whole():
    pictures = dict(packaged())
    assert len(pictures) == 9 and pictures["its left part"].shape == (512, 410)
    assert all(each.ndim == 2 and each.dtype == np.uint8 for each in pictures.values())
