import io

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from annotate.formats import png

MASK = np.zeros((6, 9), bool)
MASK[1:3, 2:7] = True


def saved(image, kind="PNG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


LEVELS = Image.fromarray(MASK * np.uint8(200))
ALPHA = Image.merge("LA", [Image.new("L", (9, 6), 30), LEVELS])
MAPPED = LEVELS.quantize(2)
KINDS = {
    "1-bit": saved(Image.fromarray(MASK)),
    "8-bit": saved(LEVELS),
    "alpha": saved(ALPHA),
    "16-bit": saved(Image.fromarray(MASK * np.uint16(60000))),
    "tiff": saved(LEVELS, "TIFF"),
    "bmp": saved(LEVELS, "BMP"),
}


@pytest.mark.parametrize("data", KINDS.values(), ids=KINDS)
def test_every_kind_of_picture_is_read(data):
    assert np.array_equal(png.read(data, 9, 6), MASK)


def test_a_colour_map_marks_what_is_not_its_first_colour():
    mapped = Image.fromarray(MASK * np.uint8(1), "L").convert("P")
    assert np.array_equal(png.read(saved(mapped), 9, 6), MASK)


def test_orientation_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(Image.fromarray(np.rot90(MASK).copy()), exif=exif)
    assert np.array_equal(png.read(data, 9, 6), MASK)


def test_the_threshold_decides():
    assert not png.read(KINDS["8-bit"], 9, 6, threshold=201).any()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (saved(Image.new("L", (8, 6))), "8 x 6 pixels, the photo 9 x 6"),
        (saved(Image.new("L", (9, 6)), "JPEG"), "readable"),
        (KINDS["8-bit"][:60], "readable"),
    ],
)
def test_others_are_refused(data, words):
    with pytest.raises(ValueError, match=words):
        png.read(data, 9, 6)


def test_packed_texts_that_grow_are_refused_in_words_of_ours():
    info, out = PngInfo(), io.BytesIO()
    info.add_text("a", "x" * 3_000_000, zip=True)
    Image.new("L", (4, 3)).save(out, "PNG", pnginfo=info)
    with pytest.raises(ValueError, match="texts packed into the picture are too large"):
        png.read(out.getvalue(), 4, 3)


def test_values_that_are_no_class_bits_are_refused():
    with pytest.raises(ValueError, match="no class bits"):
        png.read_index(KINDS["8-bit"], 9, 6)
