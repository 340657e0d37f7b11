import io

import numpy as np
import pytest

from annotate.formats import npz
from photos.masks.classes import HOLE, SCUFF

MASK = np.zeros((6, 9), np.uint8)
MASK[1:3, 2:7] = SCUFF
MASK[2:5, 4:6] |= HOLE


def saved(**arrays):
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def test_what_is_written_is_read():
    assert np.array_equal(npz.read(npz.write(MASK), 9, 6), MASK)
    assert "4 hole" in np.load(io.BytesIO(npz.write(MASK)))["classes"]


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int64])
def test_planes_by_name_are_joined(kind):
    data = saved(scuff=(MASK & SCUFF).astype(kind), hole=(MASK & HOLE).astype(kind))
    assert np.array_equal(npz.read(data, 9, 6), MASK)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK rubbish", "not a readable NumPy archive"),
        (saved(other=MASK), "no mask and no class"),
        (saved(mask=MASK.T), "6 x 9 pixels, the photo 9 x 6"),
        (saved(mask=MASK[None]), "3 dimensions"),
        (saved(mask=MASK.astype(float)), "float64"),
        (saved(mask=MASK + 8), "no class bits"),
        (saved(mask=MASK > 0), "class bits"),
        (saved(mask=np.array([{}])), "dimensions"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(data, words):
    with pytest.raises(ValueError, match=words):
        npz.read(data, 9, 6)
