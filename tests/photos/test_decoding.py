"""Bad files are built here and refused with their reason; good ones keep what they hold."""

import io
import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pyvips
import tifffile
from PIL import Image, ImageCms

from config.words.wall import in_words
from photos.decoding import scans
from photos.decoding.opening import Limits
from photos.decoding.scans import RefusedScan
from tests.annotate.builders import file_of, picture, png_header

LIMITS = Limits()


def read(path: Path, data: bytes, limits=LIMITS, wall=60):
    """Decodes through the real subprocess; answers facts and the working image."""
    source = path / "strange"
    source.write_bytes(data)
    with scans.decoded(source, within=limits, wall_seconds=wall) as result:
        files = {file.name: file.read_bytes() for file in result.folder.iterdir() if file.is_file()}
    return json.loads(files["facts.json"]), scans.read_png(files["working.png"]), files


def refusal(path, data, **options) -> str:
    with pytest.raises(RefusedScan) as error:
        read(path, data, **options)
    return str(error.value)


def jpeg_with_orientation(pixels, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return file_of(pixels, "JPEG", exif=exif, quality=95)


def test_an_empty_file(tmp_path):
    assert refusal(tmp_path, b"") == "This file is empty."


@pytest.mark.parametrize(
    "data", [b"hello, I am a photo\n" * 50, b"<svg xmlns='x'/>", b"P7 2 2 255 "]
)
def test_text_and_drawings_under_a_photos_name(tmp_path, data):
    assert "not a JPEG, PNG, TIFF, WebP, HEIC" in refusal(tmp_path, data)


def test_an_animated_gif(tmp_path):
    frames = [Image.fromarray(picture(20, 20, seed=i)) for i in range(3)]
    data = file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert refusal(tmp_path, data) == "This GIF is an animation of 3 pictures, not a photograph."


def test_an_animated_webp(tmp_path):
    frames = [Image.fromarray(picture(20, 20, seed=i)) for i in range(3)]
    data = file_of(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    assert refusal(tmp_path, data) == ("This WebP is an animation of 3 pictures, not a photograph.")


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_truncated_file(tmp_path, format):
    data = file_of(picture(600, 400), format)
    assert refusal(tmp_path, data[: len(data) // 2]) == (
        f"This {format} ends too early: the file is truncated."
    )


def test_what_is_there_of_a_truncated_file_by_explicit_choice(tmp_path):
    data = file_of(picture(600, 400), "JPEG")
    facts, pixels, _ = read(tmp_path, data[: len(data) // 2], replace(LIMITS, salvage=True))
    assert facts["transform"]["salvaged"] is True
    assert np.abs(pixels[:100].astype(int) - picture(600, 400)[:100]).mean() < 8


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "BMP"])
def test_asked_for_what_is_there_a_broken_file_says_so_and_a_whole_one_does_not(tmp_path, format):
    data = file_of(picture(600, 400), format)
    asked = replace(LIMITS, salvage=True)
    whole, pixels, _ = read(tmp_path, data, asked)
    assert (whole["transform"]["salvaged"], whole["transform"]["notes"]) == (False, [])
    assert np.array_equal(pixels, read(tmp_path, data)[1])
    facts, _, _ = read(tmp_path, data[: len(data) * 2 // 3], asked)
    assert facts["transform"]["salvaged"] is True
    assert in_words(facts["transform"]["notes"][0]).startswith("The file is incomplete or damaged;")


def test_a_header_bomb_is_refused_before_any_pixel(tmp_path):
    assert refusal(tmp_path, png_header(30_000, 30_000), wall=10) == (
        "This PNG has 900 megapixels; the limit is 250."
    )


def test_a_strip_that_is_too_long(tmp_path):
    assert refusal(tmp_path, png_header(70_000, 10)) == (
        "This PNG is 70,000 x 10 pixels; the limit is 60,000 a side."
    )


def test_too_many_channels(tmp_path):
    out = io.BytesIO()
    tifffile.imwrite(
        out, np.zeros((20, 20, 6), np.uint8), photometric="minisblack", planarconfig="contig"
    )
    assert refusal(tmp_path, out.getvalue()) == "This TIFF has 6 channels; the limit is 4."


def test_floating_point_samples(tmp_path):
    out = io.BytesIO()
    tifffile.imwrite(out, np.zeros((20, 20), np.float32))
    assert "stores its samples as float" in refusal(tmp_path, out.getvalue())


def test_too_many_pages(tmp_path):
    out = io.BytesIO()
    tifffile.imwrite(out, np.zeros((220, 8, 8), np.uint8), photometric="minisblack")
    assert refusal(tmp_path, out.getvalue()) == "This TIFF has 220 photographs; the limit is 200."


def test_a_damaged_tiff_names_no_traceback(tmp_path):
    out = io.BytesIO()
    tifffile.imwrite(out, picture(64, 64), compression="zlib")
    broken = bytearray(out.getvalue())
    broken[-600:-300] = bytes(300)
    assert refusal(tmp_path, bytes(broken)).startswith("This TIFF ")


def test_too_much_memory_is_a_sentence(tmp_path):
    small = replace(LIMITS, memory=700 << 20)
    assert "memory" in refusal(tmp_path, file_of(picture(4000, 3000), "JPEG"), limits=small)


def test_too_much_time_is_a_sentence(tmp_path):
    assert refusal(tmp_path, file_of(picture(), "JPEG"), wall=0.01) == (
        "Reading this file took longer than 0.01 seconds, which is the limit."
    )


def test_eight_bits_come_through_unchanged(tmp_path):
    facts, pixels, files = read(tmp_path, file_of(picture()))
    assert np.array_equal(pixels, picture())
    assert (facts["width"], facts["height"], facts["bits"], facts["is_grey"]) == (
        400,
        300,
        8,
        False,
    )
    assert set(files) == {
        "working.png", "display.jpg", "preview.jpg", "thumbnail.jpg", "cost.png", "facts.json",
    }  # fmt: skip


@pytest.mark.parametrize("colour", [False, True])
def test_sixteen_bits_stay_sixteen(tmp_path, colour):
    rng = np.random.default_rng(4)
    deep = rng.integers(0, 65536, (60, 90, 3) if colour else (60, 90), np.uint16)
    out = io.BytesIO()
    tifffile.imwrite(out, deep, photometric="rgb" if colour else "minisblack")
    facts, pixels, files = read(tmp_path, out.getvalue())
    assert (facts["bits"], facts["is_grey"]) == (16, not colour)
    assert np.array_equal(pixels, deep)
    shown = np.asarray(Image.open(io.BytesIO(files["display.jpg"])))
    assert abs(shown.mean() - deep.mean() / 257) < 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_applied(tmp_path, orientation):
    data = jpeg_with_orientation(picture(64, 40), orientation)
    facts, pixels, _ = read(tmp_path, data)
    from PIL import ImageOps

    upright = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
    assert pixels.shape == upright.shape
    assert np.abs(pixels.astype(int) - upright).max() <= 3
    assert facts["transform"]["orientation"] == orientation


def test_a_cmyk_tiff_becomes_srgb(tmp_path):
    white = Image.new("CMYK", (40, 30), (0, 0, 0, 0))
    facts, pixels, _ = read(tmp_path, file_of(white, "TIFF"))
    assert pixels.shape == (30, 40, 3)
    assert pixels.min() > 245
    assert facts["transform"]["interpretation"] == "cmyk"


def test_an_embedded_profile_is_applied_and_remembered(tmp_path):
    swapped = pyvips.Image.new_from_array(picture(40, 30)).icc_transform(
        "p3", input_profile="srgb", depth=8
    )
    data = swapped.write_to_buffer(".png", profile="p3")
    facts, pixels, _ = read(tmp_path, data)
    assert np.abs(pixels.astype(int) - picture(40, 30)).max() <= 3
    assert len(facts["transform"]["profile"]) == 64


def test_alpha_is_laid_on_white(tmp_path):
    rgba = np.zeros((20, 30, 4), np.uint8)
    rgba[:, :10, 3] = 255
    _, pixels, _ = read(tmp_path, file_of(rgba))
    assert pixels.shape == (20, 30, 3)
    assert (pixels[:, :10] == 0).all()
    assert (pixels[:, 10:] == 255).all()


def test_one_bit_and_palette_images_are_expanded(tmp_path):
    _, bits, _ = read(tmp_path, file_of(Image.fromarray(picture(40, 30, grey=True) > 128), "TIFF"))
    assert set(np.unique(bits)) <= {0, 255}
    palette = Image.fromarray(picture(40, 30)).quantize(8)
    _, pixels, _ = read(tmp_path, file_of(palette))
    assert np.array_equal(pixels, np.asarray(palette.convert("RGB")))


def test_a_grey_photo_in_three_channels_is_grey(tmp_path):
    grey = np.repeat(picture(grey=True)[:, :, None], 3, 2)
    assert read(tmp_path, file_of(grey, "JPEG"))[0]["is_grey"] is True


def test_large_photos_get_small_previews_without_metadata(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "Grandmother's address"
    _, _, files = read(tmp_path, file_of(picture(2000, 1000), "JPEG", exif=exif))
    preview = Image.open(io.BytesIO(files["preview.jpg"]))
    thumbnail = Image.open(io.BytesIO(files["thumbnail.jpg"]))
    assert (preview.size, thumbnail.size) == ((1600, 800), (320, 160))
    assert not any(b"Grandmother" in data for data in files.values())


def test_heic_is_read_and_can_be_switched_off(tmp_path):
    import pillow_heif

    pillow_heif.register_heif_opener()
    data = file_of(picture(64, 48), "HEIF", quality=95)
    facts, pixels, _ = read(tmp_path, data)
    assert facts["transform"]["format"] == "HEIC"
    assert np.abs(pixels.astype(int) - picture(64, 48)).mean() < 6
    assert "switched off" in refusal(tmp_path, data, limits=replace(LIMITS, heic=False))


def test_a_grey_profile_does_not_make_a_grey_scan_coloured(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = file_of(picture(40, 30, grey=True), "PNG", icc_profile=profile)
    facts, pixels, _ = read(tmp_path, data)
    assert (pixels.ndim, facts["is_grey"]) == (2, True)


def test_a_lying_chunk_length_is_refused(tmp_path):
    data = bytearray(file_of(picture(64, 64)))
    data[33:37] = struct.pack(">I", 0x7FFFFFF0)
    assert refusal(tmp_path, bytes(data)).startswith("This PNG ")
