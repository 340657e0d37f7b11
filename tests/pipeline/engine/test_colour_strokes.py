"""Strokes of colour: where they reach, that Y stays, and that page and engine agree."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.engine import colour_strokes as strokes
from pipeline.engine.colorization import colourise, whole_luma
from pipeline.engine.colour_strokes import recoloured
from training.imaging import colour
from training.imaging.painted_colours import ColourStroke, painted

GOLDEN = Path(__file__).parent / "colour_strokes.json"
GRIDS = Path(__file__).parent / "colour_grids.json"  # (width, height)
RED, BLUE = (160, 60, 50), (60, 70, 160)


def halves(dtype=np.uint8, shape=(90, 120)):
    """Dark left, bright right, with grain."""
    rng = np.random.default_rng(4)
    grey = np.full(shape, 80.0)
    grey[:, shape[1] // 2 :] = 170
    grey += rng.normal(0, 2, shape)
    scale = 257 if dtype == np.uint16 else 1
    return np.rint(grey * scale).astype(dtype)


def tinted(grey):
    full = np.full(grey.shape, 128.0)
    return colour.merge_chroma(grey, full - 6, full + 8)


def dot(x, y, colour, width=4.0):
    return ColourStroke(((x, y), (x + 2.0, y)), width, colour)


def chroma(image):
    peak = np.iinfo(image.dtype).max
    return colour.rgb_to_ycbcr(image.astype(np.float64) * (255 / peak))[..., 1:] - 128


def test_a_stroke_fills_its_side_and_stops_at_the_edge():
    grey = halves()
    out = recoloured(grey, tinted(grey), [dot(20, 45, RED)])
    wanted = dot(0, 0, RED).chroma
    assert np.abs(chroma(out)[20:70, 10:50].mean(axis=(0, 1)) - wanted).max() < 1
    np.testing.assert_array_equal(out[:, 66:], tinted(grey)[:, 66:])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_luma_is_untouched_to_the_bit(dtype):
    grey = halves(dtype)
    painted = [dot(20, 45, RED, 9.0), dot(90, 30, (0, 255, 0)), dot(90, 70, BLUE)]
    out = recoloured(grey, tinted(grey), painted)
    assert (out != tinted(grey)).any()
    np.testing.assert_array_equal(colour.luma(out), grey)


def test_the_luma_of_a_toned_print_moves_by_less_than_a_step():
    toned = tinted(halves())
    out = recoloured(toned, toned, [dot(20, 45, BLUE, 9.0)])
    assert np.abs(whole_luma(out) - whole_luma(toned)).max() * 255 < 0.51


def test_without_strokes_and_far_from_them_nothing_changes():
    grey = np.full((200, 300), 120, np.uint8)
    base = tinted(grey)
    np.testing.assert_array_equal(recoloured(grey, base, []), base)
    changed = (recoloured(grey, base, [dot(30, 30, RED)]) != base).any(axis=2)
    assert changed[30, 30]
    assert not changed[:, 220:].any()


def test_the_later_of_two_strokes_counts_and_keep_keeps():
    grey = halves()
    base = tinted(grey)
    twice = recoloured(grey, base, [dot(20, 45, RED), dot(20, 45, BLUE)])
    np.testing.assert_array_equal(twice, recoloured(grey, base, [dot(20, 45, BLUE)]))
    line = ColourStroke(((5.0, 70.0), (55.0, 70.0)), 12.0, None)
    kept = recoloured(grey, base, [dot(20, 20, RED), line])
    assert np.abs(chroma(kept)[70, 10:50] - chroma(base)[70, 10:50]).max() <= 1
    assert np.abs(chroma(kept)[20, 10:40] - dot(0, 0, RED).chroma).max() < 2


def test_strips_leave_no_seams(monkeypatch):
    grey = halves(shape=(150, 100))
    whole = recoloured(grey, tinted(grey), [dot(20, 70, RED)])
    monkeypatch.setattr(strokes, "STRIP", 7)
    np.testing.assert_array_equal(recoloured(grey, tinted(grey), [dot(20, 70, RED)]), whole)


@pytest.mark.parametrize("size", [(1, 1), (600, 30_000), (4000, 3000), (3, 9000)])
def test_the_grid_is_bounded_by_its_area(size):
    h, w = strokes.grid_size(*size)
    assert 1 <= h * w <= strokes.AREA * 1.35  # a side of a few px is rounded
    assert h <= size[0] and w <= size[1]


def test_the_page_looks_at_it_on_the_same_grid():
    """`tests/pipeline/colour.test.js` holds the page to the same file."""
    for each in json.loads(GRIDS.read_text()):
        (width, height), grid = each["photo"], each["grid"]
        assert strokes.grid_size(height, width) == tuple(reversed(grid))


def test_strokes_at_and_beyond_the_border_are_drawn_as_far_as_they_reach():
    far = ColourStroke(((-50.0, -50.0), (500.0, 500.0)), 3.0, RED)
    at = painted((40, 40), [far, dot(1000, 5, BLUE)], (1.0, 1.0))
    assert (at.diagonal() == 0).all()
    assert at.max() == 0
    thin = painted((40, 40), [dot(20, 20, RED, 0.01)], (0.1, 0.1))
    assert (thin == 0).sum() >= 1


def test_a_coloured_result_is_mended(done_network):
    grey = halves()
    base = colourise(grey, done_network)
    out = recoloured(grey, base, [dot(90, 45, BLUE)])
    assert np.abs(chroma(out)[45, 80:100] - dot(0, 0, BLUE).chroma).max() < 2


@pytest.fixture
def done_network():
    from pipeline.engine.networks import open_rival

    return open_rival("colorization", "mean_chroma", {"mean_chroma": [123.0, 133.0]})


def golden_case():
    rng = np.random.default_rng(7)
    grey = halves(shape=(36, 48)).astype(np.float32) / 255
    grey[20:, :10] += 0.3 * rng.random((16, 10), np.float32)
    chroma = np.zeros((36, 48, 2), np.float32)
    chroma[:12, 30:] = 0.06, -0.04
    return np.round(np.dstack([np.clip(grey, 0, 1), chroma]), 4)


def test_the_page_solves_the_same_system():
    """`tests/pipeline/colour.test.js` holds the page to the same file."""
    kept = json.loads(GOLDEN.read_text())
    size = kept["height"], kept["width"]
    guide = np.dstack([np.array(plane, np.float32).reshape(size) for plane in kept["guide"]])
    np.testing.assert_allclose(guide, golden_case(), atol=1e-6)
    painted = [
        ColourStroke(
            tuple(map(tuple, each["points"])),
            each["width"],
            each["colour"] and tuple(each["colour"]),
        )
        for each in kept["strokes"]
    ]
    found = strokes.spread(guide, painted, (kept["down"], kept["across"]))
    np.testing.assert_allclose(found.hold.ravel(), kept["hold"], atol=2e-4)
    held = found.hold.ravel() > 0
    np.testing.assert_allclose(
        found.chroma.reshape(-1, 2)[held], np.array(kept["chroma"])[held], atol=2e-3
    )


def test_only_the_box_that_strokes_touch_is_computed(monkeypatch):
    grey = np.full((400, 600), 120, np.uint8)
    asked = []
    enlarged = strokes.enlarged
    monkeypatch.setattr(
        strokes, "enlarged", lambda *given: asked.append(given[2]) or enlarged(*given)
    )
    part = recoloured(grey, tinted(grey), [dot(30, 30, RED)])
    assert max(rows.stop for rows, _ in asked) < 300
    assert max(columns.stop for _, columns in asked) < 400
    monkeypatch.setattr(strokes, "_touched", lambda _, h, w: (slice(0, h), slice(0, w)))
    np.testing.assert_array_equal(recoloured(grey, tinted(grey), [dot(30, 30, RED)]), part)
