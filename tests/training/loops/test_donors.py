from tests.training.loops.test_resume import run_in
from training.loops import segmentation
from training.loops.data import split_pools
from training.loops.segmentation import Crops


def crops_of(run):
    return Crops(split_pools(run)[0], run.spec().recipe, 3)


def test_a_small_donor_is_kept_whole(tmp_path):
    [donor] = crops_of(run_in(tmp_path / "run", "segmentation")).donors
    assert donor.change.shape == (96, 120)


def test_of_a_large_one_only_the_surroundings_of_a_defect_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(segmentation, "DONOR_REACH", 16)
    run = run_in(tmp_path / "run", "segmentation")
    first, again = (crops_of(run).donors[0] for _ in range(2))
    assert max(first.change.shape) < 32 and (first.classes & 7).any()
    assert (first.change == again.change).all()


def test_donors_are_few_however_many_photos_are_painted(tmp_path, monkeypatch):
    monkeypatch.setattr(segmentation, "DONORS", 1)
    run = run_in(tmp_path / "run", "segmentation")
    items = run.items()
    monkeypatch.setattr(type(run), "items", lambda self: items + [items[3]] * 9)
    assert len(crops_of(run).donors) == 1
