import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from annotate.formats.turning import upright


@pytest.mark.parametrize("orientation", range(1, 9))
def test_masks_turn_as_pictures_do(orientation):
    mask = np.random.default_rng(1).integers(0, 8, (5, 7), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    Image.fromarray(mask).save(out, "PNG", exif=exif)
    with Image.open(out) as picture:
        expected = np.array(ImageOps.exif_transpose(picture))
    assert np.array_equal(upright(mask, orientation), expected)
