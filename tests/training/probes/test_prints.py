import json

import numpy as np
import pytest

from tests.training.probes.builders import everything, nothing
from training.probes.harm.objects import by_kind, run_harm
from training.probes.harm.pictures import harm_pictures
from training.probes.prints import drawn, read_prints, run_print, shares

LINE = {
    "kind": "line",
    "class": "fracture",
    "strength": "strong",
    "points": [[5, 50], [95, 50]],
    "width": 6,
}
PATCH = {
    "kind": "patch",
    "class": "scuff",
    "strength": "faint",
    "points": [[10, 10], [30, 10], [30, 30], [10, 30]],
}


@pytest.fixture
def listed(tmp_path):
    def write(*defects):
        row = {"file": "a.png", "sha256": "0" * 64, "split": "val", "width": 100, "height": 100}
        path = tmp_path / "prints.json"
        path.write_text(json.dumps({"prints": [row | {"defects": list(defects)}]}))
        return path

    return write


def test_a_defect_is_removed_partly_or_missed_by_its_filled_pixels(listed):
    (one,) = read_prints(listed(LINE, PATCH))
    blank = np.zeros((100, 100), np.uint8)
    for covered, verdict in ((80, "removed"), (50, "partly"), (20, "missed")):
        margin = np.full((100, 100), -9.0)
        margin[:, :covered] = 9
        outcomes = run_print(lambda luma, m=margin: m, one, blank)
        assert outcomes[0].verdict() == verdict
    assert shares(run_print(everything, one, blank))["removed"] == 1
    assert shares(run_print(nothing, one, blank)) == {
        "removed": 0,
        "partly": 0,
        "missed": 1,
        "defects": 2,
    }


def test_a_scaled_print_has_its_defects_scaled(listed):
    (one,) = read_prints(listed(LINE, PATCH))
    for defect in one.defects:
        small, large = drawn(defect, (100, 100)), drawn(defect, (200, 200), 2.0)
        assert large.sum() == pytest.approx(4 * small.sum(), rel=0.15)
        assert (large[::2, ::2] & small).sum() > 0.85 * small.sum()
    assert not one.large


@pytest.mark.parametrize(
    ("change", "words"),
    [({"width": 0}, "width"), ({"strength": "huge"}, "strength"), ({"points": [[1, 2]]}, "points")],
)
def test_a_wrong_list_says_so(listed, change, words):
    with pytest.raises(ValueError, match=words):
        read_prints(listed(LINE | change))


def test_what_is_no_list_says_so(tmp_path):
    path = tmp_path / "prints.json"
    path.write_text("{")
    with pytest.raises(ValueError, match=r"prints\.json"):
        read_prints(path)


def test_objects_of_the_harm_set_are_filled_by_who_marks_all():
    some = harm_pictures(np.random.default_rng(0))[10:25]
    assert set(by_kind(run_harm(everything, some)).values()) == {1.0}
    assert set(by_kind(run_harm(nothing, some)).values()) == {0.0}
    lost = sum(one.lost_features() for one in run_harm(everything, some))
    assert lost == 5 * sum(len(one.faces) for one in some)
