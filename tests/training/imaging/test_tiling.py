import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.imaging.holes import components_of, hole_size
from training.imaging.tiling import Tile, blend_tiles, even_tiles, hole_tiles

sizes = st.integers(1, 700)


def test_the_documented_example():
    tiles = even_tiles(1155, 1732, tile=1280)
    assert len(tiles) == 2
    assert {(t.right - t.left, t.bottom - t.top) for t in tiles} == {(944, 1155)}


@settings(max_examples=40, deadline=None)
@given(sizes, sizes, st.integers(40, 200))
def test_tiles_cover_the_picture_and_stay_inside(height, width, tile):
    seen = np.zeros((height, width), bool)
    for t in even_tiles(height, width, tile=tile, overlap=24):
        assert 0 <= t.top < t.bottom <= height and 0 <= t.left < t.right <= width
        assert (t.bottom - t.top) * (t.right - t.left) <= (tile + 15) ** 2
        seen[t.window] = True
    assert seen.all()


@settings(max_examples=25, deadline=None)
@given(sizes, sizes)
def test_a_constant_stays_constant(height, width):
    tiles = even_tiles(height, width, tile=96, overlap=32)
    image = np.zeros((height, width))
    blended = blend_tiles(lambda part: np.full((*part.shape, 2), 0.75), image, tiles)
    np.testing.assert_allclose(blended, 0.75, rtol=1e-5)


def test_a_pointwise_function_equals_the_whole_picture():
    image = np.random.default_rng(3).uniform(0, 1, (201, 333, 3)).astype(np.float32)
    tiles = even_tiles(201, 333, tile=128, overlap=40)
    assert len(tiles) > 2
    np.testing.assert_allclose(blend_tiles(np.square, image, tiles), image**2, rtol=1e-5)


def test_a_seam_is_no_larger_than_the_border_effect():
    image = np.zeros((64, 400), np.float32)

    def wrong_at_borders(part):
        return np.pad(np.zeros((62, part.shape[1] - 2)), 1, constant_values=1.0)

    blended = blend_tiles(wrong_at_borders, image, even_tiles(64, 400, tile=128, overlap=64))
    inside = blended[2:-2, 2:-2]
    assert inside.max() < 0.02


def test_overlap_must_be_smaller_than_the_tile():
    with pytest.raises(ValueError, match="overlap"):
        even_tiles(100, 100, tile=64, overlap=64)


def scattered(seed=0, shape=(700, 900)):
    rng = np.random.default_rng(seed)
    mask = np.zeros(shape, np.uint8)
    for y, x in rng.integers(0, (shape[0] - 40, shape[1] - 40), (30, 2)):
        mask[y : y + rng.integers(1, 40), x : x + rng.integers(1, 40)] = 1
    mask[300:304, :] = 1
    return mask


@pytest.mark.parametrize("seed", range(4))
def test_every_hole_pixel_is_pasted_exactly_once(seed):
    mask = scattered(seed)
    pasted = np.zeros(mask.shape, int)
    for piece in hole_tiles(components_of(mask), margin=48, tile=256):
        assert piece.tile.fits(256)
        np.add.at(pasted[piece.tile.window], (piece.rows, piece.columns), 1)
    np.testing.assert_array_equal(pasted, mask)


def test_pasted_pixels_have_picture_around_them():
    mask = scattered(1)
    for piece in hole_tiles(components_of(mask), margin=48, tile=256):
        ys, xs = piece.rows, piece.columns
        tile = piece.tile
        assert tile.top == 0 or ys.min() >= 24
        assert tile.left == 0 or xs.min() >= 24
        assert tile.bottom == 700 or ys.max() < tile.bottom - tile.top - 24
        assert tile.right == 900 or xs.max() < tile.right - tile.left - 24


def test_a_component_that_fits_is_never_divided():
    mask = np.zeros((600, 600), np.uint8)
    mask[250:280, 240:270] = 1
    pieces = hole_tiles(components_of(mask), margin=int(hole_size(mask)), tile=256)
    assert len(pieces) == 1
    assert len(pieces[0].rows) == mask.sum()


def test_near_specks_share_a_tile():
    mask = np.zeros((600, 600), np.uint8)
    mask[100:180:10, 100:180:10] = 1
    assert len(hole_tiles(components_of(mask), margin=32, tile=256)) == 1


def test_no_hole_needs_no_tile():
    assert hole_tiles(components_of(np.zeros((300, 300))), margin=32) == []


def test_joined_tiles_hold_both():
    assert Tile(0, 0, 2, 2).joined(Tile(5, 1, 6, 9)) == Tile(0, 0, 6, 9)
