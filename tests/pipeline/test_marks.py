"""Resolution and provenance in results, read by libraries that did not write them."""

import io
import shutil
import subprocess
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import tifffile
from PIL import Image

from photos.decoding.told import told
from pipeline.imageio import encode
from pipeline.imageio.marks import BARE, Marks, mark_jpeg, mark_png
from pipeline.imageio.xmp import provenance
from tests.pipeline.engine.tiny import picture

WEIGHTS = [("inpainting", "ab" * 32), ("segmentation", "cd" * 32)]
XMP = provenance("inpainted", WEIGHTS)
WRITERS = {
    "png": encode.png,
    "jpg": lambda pixels, marks=BARE: encode.jpeg(pixels, 90, marks),
    "tif": encode.tiff16,
}
PICTURES = [picture(40, 30), picture(40, 30, channels=1), picture(40, 30, dtype=np.uint16)]


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("pixels", PICTURES, ids=["colour", "grey", "deep"])
def test_another_library_reads_the_resolution(form, pixels):
    found = opened(WRITERS[form](pixels, Marks((600, 300)))).info["dpi"]
    assert [float(each) for each in found] == pytest.approx([600, 300], abs=0.02)


@pytest.mark.parametrize("form", WRITERS)
def test_no_resolution_is_claimed_where_none_is_known(form):
    data = WRITERS[form](PICTURES[0])
    image = opened(data)
    if form == "tif":
        tags = tifffile.TiffFile(io.BytesIO(data)).pages[0].tags
        assert tags["ResolutionUnit"].value == 1
    else:
        assert "dpi" not in image.info
    assert np.asarray(image).shape == (40, 30, 3)


@pytest.mark.parametrize("form", WRITERS)
def test_provenance_is_read_back(form):
    data = WRITERS[form](PICTURES[0], Marks((600, 600), XMP))
    image = opened(data)
    packet = image.info["xmp"] if "xmp" in image.info else image.tag_v2[700]
    assert bytes(packet if isinstance(packet, bytes) else packet.encode()) == XMP
    (said,) = [
        each for each in ET.fromstring(XMP.decode()).iter() if each.tag.endswith("}Description")
    ]
    kinds = [text for name, text in said.attrib.items() if name.endswith("DigitalSourceType")]
    assert kinds == ["http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"]
    assert "sha256:" + "ab" * 32 in said.attrib.values()
    assert WRITERS[form](PICTURES[0], Marks((600, 600), XMP)) == data


def test_colour_is_named_as_a_composite():
    assert b"compositeWithTrainedAlgorithmicMedia" in provenance("inpainted_colorized", WEIGHTS)
    assert b"digitalsourcetype" not in provenance("mask", WEIGHTS)


def test_marks_are_exchanged_and_pixels_kept():
    for form, mark in (("png", mark_png), ("jpg", mark_jpeg)):
        data = WRITERS[form](PICTURES[0], Marks((600, 600), XMP))
        other = mark(data, Marks((300, 300), provenance("colorized", [])))
        assert other.count(b"xmpmeta xmlns") == 1
        assert np.array_equal(np.asarray(opened(other)), np.asarray(opened(data)))
        assert mark(other) == WRITERS[form](PICTURES[0])


def test_what_was_asked_to_be_kept_is_kept_and_escaped():
    kept = {"title": 'Ida & "Otto" <1912>', "copyright": "Archive", "credit": "A", "date": "1912"}
    packet = provenance("inpainted", [], {**kept, "gps": "47.1"})
    image = opened(encode.png(PICTURES[0], Marks(None, packet)))
    assert b"47.1" not in packet

    class Fields(dict):
        def get_typeof(self, name):
            return name in self

    assert told(Fields({"xmp-data": image.info["xmp"]})) == kept


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed")
def test_exiftool_reads_it_too(tmp_path):
    for form, write in WRITERS.items():
        path = tmp_path / f"x.{form}"
        path.write_bytes(write(PICTURES[0], Marks((600, 600), XMP)))
        said = subprocess.run(["exiftool", str(path)], capture_output=True, text=True).stdout
        assert "algorithmicallyEnhanced" in said or "Algorithmically Enhanced" in said
        assert "600" in said


def test_blind_copies_stay_bare():
    from evaluation.stimuli.blind_copies import encode as blind
    from photos.decoding import scans

    marked = encode.png(PICTURES[0], Marks((600, 600), XMP))
    copy = blind(scans.read_png(marked))
    assert b"xmp" not in copy
    assert b"pHYs" not in copy
