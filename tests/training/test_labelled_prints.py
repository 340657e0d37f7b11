"""The list of defects of real prints and their masks are of the same photos, and lie inside."""

import json

import numpy as np
import pytest

from photos.masks.classes import DEFECTS
from training.labels import shipped_labels

SPLITS = {"val": "validation", "test": "test"}
LISTED = json.loads((shipped_labels.FOLDER / "prints.json").read_text())["prints"]


def test_no_print_is_listed_twice():
    assert len({one["sha256"] for one in LISTED}) == len(LISTED)


@pytest.mark.parametrize("listed", LISTED, ids=lambda one: one["file"])
def test_every_defect_lies_inside_its_print(listed):
    for defect in [*listed["defects"], *listed.get("fields", [])]:
        x, y = np.array(defect["points"]).T
        assert 0 <= x.min() <= x.max() < listed["width"]
        assert 0 <= y.min() <= y.max() < listed["height"]
        assert defect["class"] in {"fracture", "scuff", "hole"}
        assert defect["strength"] in {"strong", "medium", "faint"}
        assert len(x) >= (3 if defect["kind"] == "patch" else 2)
        assert (defect["kind"] == "line") == (defect.get("width", 0) > 0)


@pytest.mark.parametrize("listed", LISTED, ids=lambda one: one["file"])
def test_every_listed_print_has_a_mask_of_its_split(listed):
    (label,) = [one for one in shipped_labels.read_manifest() if one.sha256 == listed["sha256"]]
    assert label.split == SPLITS[listed["split"]]
    assert (label.width, label.height) == (listed["width"], listed["height"])
    mask = shipped_labels.read_mask(label)
    painted = [_at(mask, defect) for defect in listed["defects"] if defect["kind"] == "line"]
    assert np.mean(painted) > 0.95


def _at(mask, defect):
    """The share of a line's corners where the mask is painted."""
    x, y = np.rint(np.array(defect["points"])).astype(int).T
    return np.mean(mask[y, x] & DEFECTS > 0)
