"""Every shipped adapter with a graph of exactly its signature: what goes in, what comes out."""

import cv2
import numpy as np
import pytest

from tests.training.foreign import made
from training.foreign import adapters, process
from training.foreign.limits import RunLimits
from training.foreign.network import ForeignNetwork, tiles_of
from training.imaging import colour

LIMITS = RunLimits(seconds=30)


@pytest.fixture
def opened(tmp_path):
    """``opened(preset)`` is its made graph, examined as an import does it and ready to run."""
    networks = []

    def open_one(name, **more):
        adapter = adapters.preset(name)
        path = made.PRESETS[name](tmp_path / f"{name}.onnx", **more)
        whole = tmp_path / f"{name}-whole.onnx"
        facts = process.examine(path, adapter, whole, LIMITS)
        networks.append(ForeignNetwork(whole, adapter, facts["output"], LIMITS))
        return networks[-1]

    yield open_one
    for network in networks:
        network.process.close()


def ramp(height, width):
    across = np.linspace(0.2, 0.8, width, dtype=np.float32)
    return np.broadcast_to(across, (height, width)).copy()


def test_every_preset_has_a_made_graph_and_names_its_source():
    assert set(adapters.names()) == set(made.PRESETS)
    for name in adapters.names():
        adapter = adapters.preset(name)
        assert adapter.name == name
        assert adapter.table["source"].startswith("https://") and adapter.table["licence"]


@pytest.mark.parametrize("name", ["lama", "lama-stacked"])
@pytest.mark.parametrize("size", [(96, 130), (600, 700)])
def test_a_filler_fills_a_ramp_whatever_lay_under_the_hole(opened, name, size):
    network = opened(name, **({"peak": 1.0} if name == "lama" else {}))
    wanted = np.dstack([ramp(*size)] * 3)
    valid = np.ones(size, np.float32)
    middle = size[1] // 2
    valid[40:52, middle - 6 : middle + 6] = 0
    given = np.where(valid[..., None] > 0, wanted, np.float32(0.9))
    found = network(given, valid)
    assert found.shape == (*size, 3)
    assert np.abs(found - wanted)[valid == 0].max() < 0.12
    assert np.abs(found - wanted)[valid > 0].max() < 1e-3


def test_ddcolor_gets_grey_and_answers_the_chroma_of_its_a_and_b(opened):
    luma = ramp(300, 700)  # larger than its 512: shrunk, not cut
    chroma = opened("ddcolor")(luma)
    assert chroma.shape == (300, 700, 2)
    lightness = cv2.cvtColor(np.dstack([luma] * 3), cv2.COLOR_RGB2Lab)[..., 0]
    lab = np.dstack([lightness, np.full_like(luma, 20), np.full_like(luma, 30)])
    wanted = colour.rgb_to_ycbcr(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB) * np.float32(255))[..., 1:]
    assert np.abs(chroma - (wanted - 128))[:, 100:-100].max() < 1.0


def test_deoldify_answers_the_chroma_of_its_picture_alone(opened):
    luma = ramp(200, 240)
    chroma = opened("deoldify")(luma)
    tinted = np.dstack([luma, 0.8 * luma, 0.6 * luma]) * 255
    assert np.abs(chroma - (colour.rgb_to_ycbcr(tinted)[..., 1:] - 128)).max() < 0.1


def test_the_scratch_detector_marks_a_bright_line_as_a_fracture_alone(opened):
    luma = np.full((90, 110), 0.4, np.float32)
    luma[:, 50:52] = 1.0
    logits = opened("bopbtl-scratch")(luma)
    assert logits.shape == (90, 110, 3)
    assert (logits[:, 50:52, 0] > 0).all() and (logits[:, :40, 0] < 0).all()
    assert (logits[..., 1:] < -30).all()


def test_siggraph17_gets_l_in_units_of_lab(opened):
    luma = np.full((64, 72), 0.5, np.float32)
    chroma = opened("siggraph17")(luma)
    lightness = float(cv2.cvtColor(np.dstack([luma] * 3), cv2.COLOR_RGB2Lab)[0, 0, 0])
    assert lightness == pytest.approx(53.4, abs=0.1)
    lab = np.float32([[[lightness, 0.2 * lightness, -0.2 * lightness]]])
    wanted = colour.rgb_to_ycbcr(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB) * np.float32(255))[0, 0, 1:]
    assert np.abs(chroma - (wanted - 128)).max() < 0.5


def test_tiles_of_a_fixed_network_cover_and_overlap():
    tiles = tiles_of((512, 1700), (512, 512))
    assert [tile.left for tile in tiles] == [0, 297, 594, 891, 1188]
    assert {tile.right - tile.left for tile in tiles} == {512}
    seen = np.zeros((700, 1700), int)
    for tile in tiles_of(seen.shape, (512, 512)):
        seen[tile.window] += 1
    assert seen.min() == 1


def test_the_child_is_left_without_work_and_comes_back(opened):
    network = opened("siggraph17")
    luma = np.full((16, 16), 0.5, np.float32)
    first = network(luma)
    network.process.close()
    assert np.array_equal(network(luma), first)
    assert network.process.peak > 10_000_000
