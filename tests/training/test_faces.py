"""Boxes of faces: scaled back, cut off at the borders; figures on faces alone."""

import cv2
import numpy as np
import pytest

from training.imaging.faces import Face, FaceFinder, face_mask
from training.measuring.benchmarks import measure_inpainting
from training.measuring.colour_figures import measure_colour


class Detector:
    """Stands in for YuNet: 15 numbers a face, the box first, the score last."""

    def __init__(self, *rows):
        self.rows = np.array([[*box, *[0] * 10, score] for box, score in rows], np.float32)

    def setInputSize(self, size):
        self.size = size

    def detect(self, picture):
        assert picture.shape == (self.size[1], self.size[0], 3)
        return 1, self.rows if len(self.rows) else None


@pytest.fixture
def finder(tmp_path, monkeypatch):
    (tmp_path / "yunet.onnx").touch()

    def make(*rows):
        detector = Detector(*rows)
        monkeypatch.setattr(cv2.FaceDetectorYN, "create", lambda *args: detector)
        return FaceFinder(tmp_path / "yunet.onnx")

    return make


def test_boxes_come_back_in_the_pictures_own_pixels(finder):
    find = finder(((10, 20, 30, 40), 0.8), ((-5, -5, 25, 25), 0.9))
    small = find(np.zeros((100, 200), np.uint8))
    assert small == [Face(0, 0, 20, 20, 0.9), Face(10, 20, 30, 40, 0.8)]
    large = find(np.zeros((1024, 2048, 3), np.uint8))
    assert large[1] == Face(20, 40, 60, 80, 0.8)


def test_no_face_is_no_box(finder):
    assert finder()(np.zeros((50, 50, 3), np.uint8)) == []


def test_a_missing_or_wrong_file_is_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="There is no face detector"):
        FaceFinder(tmp_path / "gone.onnx")
    (tmp_path / "notes.onnx").write_text("no network")
    with pytest.raises(ValueError, match="is no YuNet network"):
        FaceFinder(tmp_path / "notes.onnx")


def test_the_mask_joins_all_boxes():
    mask = face_mask([Face(0, 0, 2, 2, 0.9), Face(1, 1, 3, 1, 0.8)], 4, 5)
    assert mask.sum() == 4 + 2
    assert mask[1, 3]
    assert not mask[2].any()


def test_figures_on_faces_count_their_pixels_alone():
    photo = np.random.default_rng(0).integers(0, 256, (96, 96, 3), dtype=np.uint8)
    fills = {"grey": lambda damaged, hole: np.full_like(damaged, 128)}
    everywhere = measure_inpainting([photo], fills, faces=lambda p: np.ones(p.shape[:2], bool))
    figures = everywhere.methods["grey"]
    assert figures["psnr_holes_faces"] == pytest.approx(figures["psnr_holes"])
    nowhere = measure_inpainting([photo], fills, faces=lambda p: np.zeros(p.shape[:2], bool))
    assert np.isnan(nowhere.methods["grey"]["psnr_holes_faces"])
    assert "psnr_holes_faces" not in measure_inpainting([photo], fills).methods["grey"]
    colour = measure_colour([photo], None, (0.0, 0.0), faces=lambda p: np.ones(p.shape[:2], bool))
    figures = colour.methods["grey"]
    assert figures["psnr_rgb_faces"] == pytest.approx(figures["psnr_rgb"])
