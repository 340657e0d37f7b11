"""What scanners and old disks really write: read for what it means, or refused by name."""

import io
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
import pyvips
import tifffile
from PIL import Image

from config.words.pairs import said
from config.words.wall import in_words
from photos.decoding.scanner.infrared import DUST, OTHER, PICTURE, judged
from photos.decoding.tiff.photographs import count_photographs
from tests.annotate.builders import file_of, picture
from tests.photos.test_decoding import LIMITS, read, refusal

RGB = picture(120, 80)


def tiff(*pages, **options):
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        for pixels, more in pages:
            writer.write(pixels, **{"metadata": None, **options, **more})
    return out.getvalue()


def rgb(pixels=RGB, **more):
    return pixels, {"photometric": "rgb", **more}


def notes(facts):
    return [in_words(note) for note in facts["transform"]["notes"]]


def film(height=80, width=120, seed=3):
    """An even infrared plane with noise, dark where dust lies."""
    rng = np.random.default_rng(seed)
    plane = np.clip(rng.normal(190, 3, (height, width)), 0, 255)
    plane[30:34, 20:60] = 20
    return plane.astype(np.uint8)


# --- channels -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [1, 2])
def test_transparency_is_laid_on_white(tmp_path, kind):
    cover = np.full(RGB.shape[:2], 255, np.uint8)
    cover[:20] = 0
    stored = RGB * (cover > 0)[..., None] if kind == 1 else RGB
    data = tiff(rgb(np.dstack([stored, cover]), extrasamples=[kind]))
    facts, pixels, _ = read(tmp_path, data)
    assert facts["transform"]["alpha"] is True
    assert (pixels[:20] == 255).all()
    assert np.array_equal(pixels[20:], RGB[20:])


@pytest.mark.parametrize("deep", [False, True])
def test_infrared_beside_the_colours_is_kept_for_what_it_is(tmp_path, deep):
    factor = 257 if deep else 1
    data = np.dstack([RGB, film()]).astype(np.uint16 if deep else np.uint8) * factor
    facts, pixels, files = read(tmp_path, tiff(rgb(data, extrasamples=[0])))
    assert np.array_equal(pixels, RGB.astype(data.dtype) * factor)
    plane = pyvips.Image.new_from_buffer(files["infrared.png"], "").numpy()
    assert np.array_equal(plane, data[..., 3])
    assert (facts["has_infrared"], notes(facts)) == (True, [])


def test_an_unknown_channel_is_left_out_and_told_and_never_laid_on_white(tmp_path):
    blocks = np.random.default_rng(2).integers(0, 256, (4, 6), np.uint8)
    other = np.kron(blocks, np.ones((20, 20), np.uint8))
    facts, pixels, files = read(tmp_path, tiff(rgb(np.dstack([RGB, other]), extrasamples=[0])))
    assert np.array_equal(pixels, RGB)
    assert notes(facts) == ["A further channel of unknown meaning was left out."]
    assert "infrared.png" not in files


def test_infrared_that_silver_blocks_is_told_and_left_alone(tmp_path):
    luma = (RGB @ [0.3, 0.6, 0.1]).astype(np.uint8)
    facts, _, files = read(tmp_path, tiff(rgb(np.dstack([RGB, luma]), extrasamples=[0])))
    assert "black-and-white film" in notes(facts)[0]
    assert "infrared.png" not in files


def test_a_second_page_of_infrared_is_no_photograph_of_its_own(tmp_path):
    data = tiff(rgb(), (film(), {"photometric": "minisblack"}))
    _, pixels, files = read(tmp_path, data)
    assert np.array_equal(pixels, RGB)
    assert "infrared.png" in files
    said = refusal(tmp_path, data, limits=replace(LIMITS, page=2))
    assert said == "This page is no photograph of its own: it is the infrared of page 1."


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ({"rotate": 90}, (120, 80)),
        ({"frame": {"angle": 2.0, "x": 0.1, "y": 0.1, "width": 0.5, "height": 0.7}}, (56, 60)),
        ({"rotate": 270, "negative": "colour"}, (120, 80)),
    ],
)
def test_a_second_page_of_infrared_follows_its_picture_wherever_it_goes(tmp_path, asked, size):
    data, limits = tiff(rgb(), (film(), {"photometric": "minisblack"})), replace(LIMITS, **asked)
    facts, pixels, files = read(tmp_path, data, limits)
    plane = pyvips.Image.new_from_buffer(files["infrared.png"], "")
    assert pixels.shape[:2] == (plane.height, plane.width) == size
    assert facts["transform"]["infrared_page"] == 2
    said = refusal(tmp_path, data, limits=replace(limits, page=2))
    assert said == "This page is no photograph of its own: it is the infrared of page 1."


def test_a_grey_photograph_behind_a_colour_one_is_a_photograph(tmp_path):
    grey = picture(120, 80, seed=4, grey=True)[::-1, ::-1].copy()
    grey[20:60] //= 3
    data = tiff(rgb(), (grey, {"photometric": "minisblack"}))
    assert notes(read(tmp_path, data)[0]) == []
    assert np.array_equal(read(tmp_path, data, replace(LIMITS, page=2))[1], grey)


def test_planes_are_judged_by_what_they_show():
    luma = RGB[..., 0].astype(float)
    assert judged(luma, film()) == DUST
    assert judged(luma, 255 - luma * 0.8) == PICTURE
    assert judged(luma, np.full_like(luma, 255)) == OTHER
    assert judged(luma, film()[:40], named=True) == OTHER


# --- which picture ------------------------------------------------------------------------


def test_thumbnails_levels_and_reduced_copies_are_no_photographs(tmp_path):
    large = picture(800, 600)
    reduced = (large[::2, ::2].copy(), {"photometric": "rgb", "subfiletype": 1})
    thumbnail = rgb(np.ascontiguousarray(large[::8, ::8]))
    for pages in (
        [reduced, rgb(large)],
        [thumbnail, rgb(large)],
        [rgb(large), rgb(large[::2, ::2].copy())],
    ):
        data = tiff(*pages)
        facts, pixels, _ = read(tmp_path, data)
        assert np.array_equal(pixels, large)
        assert facts["transform"]["pages"] == 1


def test_a_page_left_out_for_its_size_alone_is_told(tmp_path):
    large = picture(800, 600)
    half, eighth = (np.ascontiguousarray(large[::k, ::k]) for k in (2, 8))
    other = rgb(picture(500, 900, seed=2))
    facts, _, _ = read(tmp_path, tiff(rgb(large), rgb(half)))
    (said,) = notes(facts)
    assert "A smaller page" in said and "(400 x 300)" in said and "left out" in said
    data = tiff(rgb(large), rgb(half), rgb(eighth), other)
    (said,) = notes(read(tmp_path, data)[0])
    assert "2 smaller pages" in said and "(400 x 300, 100 x 75)" in said
    assert notes(read(tmp_path, data, replace(LIMITS, page=2))[0]) == []  # once a file
    marked = rgb(half, subfiletype=1)
    assert notes(read(tmp_path, tiff(rgb(large), marked))[0]) == []


def test_several_photographs_are_several(tmp_path):
    pages = [picture(120, 80, seed=k) for k in (1, 2)] + [picture(60, 90, seed=3)]
    path = tmp_path / "album.tif"
    path.write_bytes(tiff(*(rgb(page, subfiletype=2) for page in pages)))
    assert count_photographs(path) == 3
    for number, page in enumerate(pages, 1):
        facts, pixels, _ = read(tmp_path, path.read_bytes(), replace(LIMITS, page=number))
        assert np.array_equal(pixels, page)
        assert facts["transform"]["pages"] == 3
    assert "no number 4" in refusal(tmp_path, path.read_bytes(), limits=replace(LIMITS, page=4))


def test_directories_that_lie_are_no_photographs(tmp_path):
    data = bytearray(tiff(rgb()))
    path = tmp_path / "x.tif"
    for offset in (0xFFFFFFF0, 8, 4):
        data[4:8] = struct.pack("<I", offset)
        path.write_bytes(data)
        assert count_photographs(path) == 1


# --- resolution ---------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["TIFF", "PNG", "JPEG", "BMP"])
def test_resolution_is_what_the_scan_says(tmp_path, format):
    facts, _, _ = read(tmp_path, file_of(RGB, format, dpi=(600, 300)))
    assert facts["transform"]["dpi"] == pytest.approx([600, 300], rel=1e-3)


def test_resolution_in_centimetres_and_turned(tmp_path):
    data = tiff(rgb(resolution=(100, 200), resolutionunit=3, extratags=[(274, 3, 1, 6, True)]))
    assert read(tmp_path, data)[0]["transform"]["dpi"] == [508.0, 254.0]


@pytest.mark.parametrize("dpi", [(1, 1), (25.4, 25.4)])
def test_a_resolution_that_means_nothing_is_none(tmp_path, dpi):
    facts, _, _ = read(tmp_path, tiff(rgb(resolution=dpi, resolutionunit=2)))
    assert "dpi" not in facts["transform"]
    assert "dpi" not in read(tmp_path, tiff(rgb()))[0]["transform"]


# --- colours ------------------------------------------------------------------------------


def test_a_gamma_counts_where_there_is_no_profile(tmp_path):
    linear = np.round(((RGB / 255) ** 2.2) * 65535).astype(np.uint16)
    image = pyvips.Image.new_from_array(linear).copy(interpretation="rgb16")
    plain = image.pngsave_buffer(keep="none")
    data = struct.pack(">I", 100_000)
    chunk = struct.pack(">I", 4) + b"gAMA" + data + struct.pack(">I", zlib.crc32(b"gAMA" + data))
    facts, pixels, _ = read(tmp_path, plain[:33] + chunk + plain[33:])
    assert facts["transform"]["colour"] == [said("colour.gamma", gamma=1)]
    assert np.abs(pixels / 257 - RGB).max() < 9  # sRGB's curve is nearly a power of 2.2
    assert np.array_equal(read(tmp_path, plain)[1], linear)


@pytest.mark.parametrize("deep", [False, True])
def test_lab_is_read_right(tmp_path, deep):
    lab = pyvips.Image.new_from_array(RGB).icc_import(input_profile="srgb", pcs="lab").numpy()
    steps = [655.35, 256, 256] if deep else [2.55, 1, 1]
    stored = np.rint(lab * steps).astype(np.int64).astype(np.uint16 if deep else np.uint8)
    data = tiff((stored, {"photometric": "cielab"}))
    facts, pixels, _ = read(tmp_path, data)
    assert facts["transform"]["colour"] == [said("colour.lab")]
    shown = pixels / (257 if deep else 1)
    assert np.abs(shown - RGB).mean() < 1.5


def test_cmyk_with_transparency(tmp_path):
    ink = np.zeros((40, 30, 5), np.uint8)
    ink[..., 2:4] = 255
    ink[:20, :, 4] = 255
    data = tiff((ink, {"photometric": "separated", "extrasamples": [2]}))
    facts, pixels, _ = read(tmp_path, data)
    assert (facts["transform"]["alpha"], pixels.shape) == (True, (40, 30, 3))
    assert pixels[:20].max() < 80
    assert (pixels[20:] == 255).all()


@pytest.mark.parametrize("deep", [False, True])
def test_white_may_be_the_smallest_value(tmp_path, deep):
    grey = picture(60, 40, grey=True).astype(np.uint16 if deep else np.uint8)
    top = 65535 if deep else 255
    pixels = read(tmp_path, tiff((grey, {"photometric": "miniswhite"})))[1]
    assert np.array_equal(pixels, top - grey)


@pytest.mark.parametrize("compression", [None, "group4"])
def test_one_bit_fax_pages(tmp_path, compression):
    bits = picture(64, 40, grey=True) > 128
    data = file_of(Image.fromarray(bits), "TIFF", compression=compression)
    assert np.array_equal(read(tmp_path, data)[1] > 128, bits)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (file_of(Image.fromarray(RGB), "TIFF", compression="zstd"), "ZSTD"),
        (tiff((RGB[..., 0].astype(np.uint32), {"photometric": "minisblack"})), "32 bits"),
        (tiff((RGB[..., 0].astype(np.float32), {"photometric": "minisblack"})), "floating point"),
        (tiff((RGB, {"photometric": 10})), "photometric 10"),
        (tiff((RGB[..., 0], {"photometric": 32803})), "camera RAW"),
    ],
)
def test_what_is_not_read_is_unsupported_by_name_never_damaged(tmp_path, data, word):
    said = refusal(tmp_path, data)
    assert word in said
    assert "damaged" not in said


@pytest.mark.parametrize("format", ["BMP", "PPM", "JPEG2000", "AVIF", "GIF"])
def test_kinds_that_pillow_reads(tmp_path, format):
    options = {"AVIF": {"quality": 100}}.get(format, {})
    _, pixels, _ = read(tmp_path, file_of(RGB, format, **options))
    assert pixels.shape == RGB.shape
    assert np.abs(pixels.astype(int) - RGB).mean() < (8 if format in ("GIF", "AVIF") else 0.1)
    small = replace(LIMITS, megapixels=0.001)
    assert "the limit is 0.001" in refusal(tmp_path, file_of(RGB, format), limits=small)


def test_sixteen_bits_of_a_ppm_stay(tmp_path):
    deep = picture(30, 20, grey=True).astype(np.uint16) * 257
    data = b"P5 30 20 65535\n" + deep.astype(">u2").tobytes()
    assert np.array_equal(read(tmp_path, data)[1], deep)
    assert "ends too early" in refusal(tmp_path, data[:200])


# --- damage -------------------------------------------------------------------------------


def test_a_jpeg_that_lacks_only_its_end_mark_opens_with_a_note(tmp_path):
    whole = file_of(RGB, "JPEG")
    facts, pixels, files = read(tmp_path, whole[:-2])
    assert "lacks its end mark" in notes(facts)[0]
    assert np.array_equal(pixels, read(tmp_path, whole)[1])
    assert "ended.jpg" not in files
    assert "ends too early" in refusal(tmp_path, whole[: len(whole) * 2 // 3])


def test_zeros_in_the_middle_of_a_jpeg_are_noticed(tmp_path):
    data = bytearray(file_of(picture(400, 300), "JPEG"))
    middle = len(data) // 2
    data[middle : middle + 1000] = bytes(1000)
    facts, _, _ = read(tmp_path, bytes(data))
    assert "data is damaged" in notes(facts)[0]
    assert notes(read(tmp_path, file_of(picture(400, 300), "JPEG"))[0]) == []


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (30_000, 600)])
def test_one_pixel_and_long_panoramas(tmp_path, size):
    width, height = size
    facts, pixels, _ = read(tmp_path, file_of(np.full((height, width, 3), 90, np.uint8)))
    assert pixels.shape == (height, width, 3)
    assert (facts["width"], facts["height"]) == size


def test_a_crash_of_ours_says_that_it_is_ours(tmp_path, monkeypatch):
    from photos.decoding import scans

    code = "import sys; sys.stdin.read(); raise RuntimeError('secret path')"
    (tmp_path / "crashing.py").write_text(code)
    monkeypatch.setitem(scans.QUIET, "PYTHONPATH", str(tmp_path))
    with pytest.raises(scans.RefusedScan) as error:
        scans.run_child(tmp_path / "crashing.py", tmp_path, LIMITS, 30, "crashing")
    assert str(error.value) == (
        "This is a fault of Heirloom, not of the file. The decoder ended with RuntimeError."
    )


@pytest.mark.parametrize(
    ("end", "memory", "host"),
    [
        ("os.kill(os.getpid(), 9)", 0, True),
        ("sys.exit('cannot allocate memory')", 1, True),
        ("sys.exit('cannot allocate memory')", 0, False),
        ("[x for x in iter(int, 1)]", 0, False),
    ],
)
def test_a_host_without_memory_is_no_fault_of_the_file(tmp_path, monkeypatch, end, memory, host):
    """A photograph that is refused stays refused; a host has memory another time."""
    from photos.decoding import scans

    # Killed a second beyond what is allowed, as the kernel counts coarsely.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (2, 2))"
    (tmp_path / "ending.py").write_text(f"import os, sys; sys.stdin.read(); {limit}\n{end}")
    monkeypatch.setitem(scans.QUIET, "PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(scans, "_has_less_than", lambda bytes: bool(memory))
    within = replace(LIMITS, cpu_seconds=1)
    with pytest.raises(MemoryError if host else scans.RefusedScan):
        scans.run_child(tmp_path / "ending.py", tmp_path, within, 120, "ending")


def chunked(name, data, png):
    """A PNG with a chunk behind its header."""
    body = name + data
    chunk = struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    return png[:33] + chunk + png[33:]


def chromaticities(*numbers):
    return struct.pack(">8I", *(round(each * 100_000) for each in numbers))


ADOBE = (0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)


def test_a_png_without_a_profile_keeps_its_own_primaries(tmp_path):
    pixels = np.array([[[128, 128, 128], [150, 100, 90], [40, 180, 60], [255, 255, 255]]], np.uint8)
    data = chunked(b"cHRM", chromaticities(*ADOBE), file_of(pixels))
    facts, made, _ = read(tmp_path, data)
    assert facts["transform"]["colour"] == [
        said("colour.taken-as-srgb"),
        said("colour.primaries"),
    ]
    assert np.array_equal(made[0, [0, 3]], pixels[0, [0, 3]])  # greys are greys in both
    # Adobe RGB (1998), annex: its red and blue are sRGB's, its green lies further out.
    linear = ((pixels[0, 1] / 255 + 0.055) / 1.055) ** 2.4
    red = 1.39836 * linear[0] - 0.39836 * linear[1]
    assert made[0, 1, 0] == pytest.approx(255 * (1.055 * red ** (1 / 2.4) - 0.055), abs=1.5)
    assert made[0, 1, 1] == pytest.approx(pixels[0, 1, 1], abs=1)


@pytest.mark.parametrize(
    "data",
    [b"\0" * 32, b"\1", chromaticities(0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06),
     chromaticities(0.3, 0.3, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4), b"\xff" * 32],
)  # fmt: skip
def test_primaries_that_say_nothing_change_nothing(tmp_path, data):
    pixels = picture(20, 12)
    assert np.array_equal(read(tmp_path, chunked(b"cHRM", data, file_of(pixels)))[1], pixels)


def test_a_profile_or_srgb_overrules_primaries(tmp_path):
    pixels = picture(20, 12)
    data = chunked(b"cHRM", chromaticities(*ADOBE), file_of(pixels))
    assert np.array_equal(read(tmp_path, chunked(b"sRGB", b"\0", data))[1], pixels)


def test_a_png_that_moves_is_unsupported_by_name(tmp_path):
    frames = [Image.fromarray(picture(20, 12, seed=k)) for k in (1, 2)]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    said = refusal(tmp_path, out.getvalue())
    assert said == "This PNG is an animation, not a photograph."


def test_a_heic_of_several_pictures_says_which_one_it_is(tmp_path):
    pillow_heif = pytest.importorskip("pillow_heif")
    made = pillow_heif.HeifFile()
    for k in (1, 2):
        made.add_from_pillow(Image.fromarray(picture(64, 48, seed=k)))
    out = io.BytesIO()
    made.save(out)
    facts, _, _ = read(tmp_path, out.getvalue())
    assert list(map(in_words, facts["transform"]["notes"])) == [
        "This HEIC holds 2 pictures; its main one is read. Save the others as files of their own."
    ]


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), 1e308, -1.0])
@pytest.mark.parametrize("tag", [256, 254, 330])
def test_a_number_that_is_none_stops_nobody(tmp_path, tag, value):
    """One such file must not end a batch before its first photograph, nor a request."""
    entries = [struct.pack("<HHII", tag, 12, 1, 60), struct.pack("<HHIHH", 257, 3, 1, 5, 0)]
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + b"".join(entries) + bytes(4)
    path = tmp_path / "strange.tif"
    path.write_bytes(head.ljust(60, b"\0") + struct.pack("<d", value))
    assert count_photographs(path) == 1


def test_an_offset_beyond_every_file_stops_nobody(tmp_path):
    path = tmp_path / "strange.tif"
    path.write_bytes(b"II+\0" + struct.pack("<HHQ", 8, 0, 2**64 - 1))
    assert count_photographs(path) == 1
