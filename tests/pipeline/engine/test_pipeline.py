"""The chain: four results in order, reuse of finished ones, painted masks, both runtimes."""

import numpy as np
import pytest

from pipeline.engine.networks import open_network
from pipeline.engine.pipeline import KINDS, Options, restore
from pipeline.engine.runtimes import open_runtime
from tests.pipeline.engine.tiny import networks, picture, weight_file


@pytest.fixture(scope="module")
def trio(tmp_path_factory):
    return networks(tmp_path_factory.mktemp("weights"))


def test_all_results_have_the_pictures_size(trio):
    image = picture(77, 131)
    results = list(restore(image, trio))
    assert [result.kind for result in results] == list(KINDS)
    assert all(result.pixels.shape[:2] == (77, 131) for result in results)
    assert all(result.report["seconds"] >= 0 for result in results)


def test_a_finished_result_is_read_and_not_made_again(trio):
    image = picture(60, 60)
    first = {result.kind: result.pixels for result in restore(image, trio)}
    done = {"mask": lambda: first["mask"], "inpainted": lambda: first["inpainted"]}
    rest = list(restore(image, trio, done=done))
    assert [result.kind for result in rest] == ["inpainted_colorized", "colorized"]
    np.testing.assert_array_equal(rest[0].pixels, first["inpainted_colorized"])


def test_a_painted_mask_stands_in_for_the_network(trio):
    image, painted = picture(60, 60), np.zeros((60, 60), np.uint8)
    painted[20:23, 5:50] = 1
    results = {result.kind: result for result in restore(image, trio, painted=painted)}
    assert results["mask"].report["painted"] is True
    changed = (results["inpainted"].pixels != image).any(axis=2)
    assert changed.any()
    assert not changed[:17].any()
    assert not changed[26:].any()


def test_a_painted_mask_of_another_size_is_refused(trio):
    with pytest.raises(ValueError, match="another size"):
        list(restore(picture(60, 60), trio, painted=np.zeros((5, 5), np.uint8)))


def test_progress_never_goes_back(trio):
    told = []
    options = Options(careful=True)
    list(restore(picture(90, 90), trio, options, progress=lambda share, _: told.append(share)))
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1


def test_torch_and_onnx_agree(trio, tmp_path):
    image = picture(77, 131)
    slow = networks(tmp_path, engine="torch")
    pairs = zip(restore(image, trio), restore(image, slow), strict=True)
    assert all(np.abs(a.pixels.astype(int) - b.pixels.astype(int)).max() <= 1 for a, b in pairs)


def test_an_unknown_array_is_refused(trio):
    with pytest.raises(ValueError, match="H x W"):
        list(restore(np.zeros((4, 4, 4), np.uint8), trio))


def test_auto_falls_back_to_torch_when_the_export_is_broken(tmp_path):
    weights = weight_file(tmp_path, "segmentation")
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"nothing")
    assert open_runtime(weights, onnx=broken).name == "torch"


def test_an_export_is_made_once(tmp_path):
    weights, exports = weight_file(tmp_path, "segmentation"), tmp_path / "exports"
    network = open_network(weights, engine="onnx", exports=exports)
    (made,) = exports.iterdir()
    assert made.name == f"{network.sha256}.onnx"
    before = made.stat().st_mtime_ns
    open_runtime(weights, engine="onnx", exports=exports)
    assert made.stat().st_mtime_ns == before


def test_only_the_kinds_asked_for_are_made(trio):
    only = {"colorization": trio["colorization"]}
    (result,) = restore(picture(40, 40), only, kinds=["colorized"])
    assert result.kind == "colorized"
