"""Our brushes beside the converter of Label Studio's own SDK.

Its package pins older numpy and OpenCV than ours, so `make test` installs it without its
dependencies and only the converter's one file is loaded.
"""

import importlib.metadata
import importlib.util

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.formats import label_studio


def _converter():
    try:
        package = importlib.metadata.distribution("label-studio-sdk")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("label-studio-sdk is not installed", allow_module_level=True)
    path = package.locate_file("label_studio_sdk/converter/brush.py")
    spec = importlib.util.spec_from_file_location("label_studio_brush", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


brush = _converter()


def plane(width, height, density, seed):
    return np.random.default_rng(seed).random((height, width)) < density


planes = st.builds(
    plane, st.integers(1, 60), st.integers(1, 60), st.floats(0, 1), st.integers(0, 99)
)


@settings(max_examples=40, deadline=None)
@given(planes)
def test_the_sdk_reads_what_we_write(drawn):
    theirs = brush.decode_rle(list(label_studio.encode(drawn)))
    alpha = theirs.reshape(*drawn.shape, 4)[..., 3]
    assert np.array_equal(alpha == 255, drawn)
    assert set(np.unique(alpha)) <= {0, 255}


@settings(max_examples=40, deadline=None)
@given(planes)
def test_we_read_what_the_sdk_writes(drawn):
    levels = drawn.astype(np.uint8) * 255
    data = bytes(brush.encode_rle(np.repeat(levels.ravel(), 4)))
    height, width = drawn.shape
    assert np.array_equal(label_studio.decode(data, width, height), levels)


def test_partial_alpha_of_the_sdk_is_read_as_it_is():
    levels = np.random.default_rng(1).integers(0, 256, (20, 30), np.uint8)
    data = bytes(brush.encode_rle(np.repeat(levels.ravel(), 4)))
    assert np.array_equal(label_studio.decode(data, 30, 20), levels)
