"""The repair laid over the original is the result, to the bit; OpenRaster opens."""

import io
import xml.etree.ElementTree as ET
import zipfile

import numpy as np
import pytest
from PIL import Image

from photos.decoding import scans
from pipeline.imageio import encode
from pipeline.imageio.layers import layer_png, open_raster, repair_layer
from pipeline.imageio.marks import Marks
from tests.pipeline.engine.tiny import picture

KINDS = {
    "colour": picture(40, 30),
    "grey": picture(40, 30, channels=1),
    "deep": picture(40, 30, dtype=np.uint16),
    "deep grey": picture(40, 30, channels=1, dtype=np.uint16),
}


def repaired(pixels):
    made = pixels.copy()
    made[10:14, 5:20] = np.iinfo(pixels.dtype).max // 3
    return made


@pytest.mark.parametrize("pixels", KINDS.values(), ids=KINDS)
def test_the_repair_over_the_original_is_the_result(pixels):
    made = repaired(pixels)
    layer = scans.read_png(layer_png(repair_layer(pixels, made), Marks((600, 600))))
    clear = layer[..., -1] == 0
    assert layer.dtype == pixels.dtype
    over = np.where(clear[..., None], pixels.reshape(*clear.shape, -1), layer[..., :-1])
    assert np.array_equal(over.reshape(pixels.shape), made)
    same = (made == pixels).reshape(*clear.shape, -1).all(axis=2)
    assert np.array_equal(clear, same)


@pytest.mark.parametrize("pixels", KINDS.values(), ids=KINDS)
def test_open_raster_holds_the_layers_and_what_they_show(pixels):
    made = repaired(pixels)
    colour = made if made.ndim == 3 else np.repeat(made[..., None], 3, 2)
    layers = [("Original", encode.png(pixels)), ("Repair", layer_png(repair_layer(pixels, made)))]
    data = open_raster([*layers, ("Colour & more", encode.png(colour))], (30, 40), (600, 300))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert packed.read("mimetype") == b"image/openraster"
        root = ET.fromstring(packed.read("stack.xml"))
        named = {each.get("name"): each.get("src") for each in root.iter("layer")}
        assert list(named) == ["Colour & more", "Repair", "Original"]
        assert (root.get("w"), root.get("h"), root.get("xres")) == ("30", "40", "600")
        assert np.array_equal(scans.read_png(packed.read(named["Original"])), pixels)
        assert np.array_equal(scans.read_png(packed.read("mergedimage.png")), colour)
        assert Image.open(packed.open("Thumbnails/thumbnail.png")).size == (30, 40)
    two = open_raster(layers, (30, 40), None)
    with zipfile.ZipFile(io.BytesIO(two)) as packed:
        assert np.array_equal(scans.read_png(packed.read("mergedimage.png")), made)
    assert open_raster(layers, (30, 40), None) == two


def test_a_repair_of_something_else_is_refused():
    with pytest.raises(ValueError, match="no repair"):
        repair_layer(KINDS["colour"], KINDS["grey"])
