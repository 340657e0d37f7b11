from tests.training.trainers.test_resume import run_in
from training.trainers import segmentation
from training.trainers.data import split_pools
from training.trainers.segmentation import Crops


def crops_of(run, **more):
    return Crops(split_pools(run)[0], run.spec().recipe, 3, **more)


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


def test_painted_photos_join_when_the_recipe_says_so(tmp_path):
    run = run_in(tmp_path / "run", "segmentation", human_mask_fraction=1.0, human_mask_start=0.5)
    crops = crops_of(run)
    assert [crops.human_mask_fraction(image) for image in (0, 5, 6, 11)] == [0.0, 0.0, 1.0, 1.0]
    later = crops_of(run, from_nothing=False)
    assert [later.human_mask_fraction(image) for image in (0, 11)] == [1.0, 1.0]
    never = crops_of(run_in(tmp_path / "never", "segmentation", human_mask_fraction=0.0))
    same = [
        all((a == b).all() for a, b in zip(crops.sample(n, 96), never.sample(n, 96), strict=True))
        for n in range(12)
    ]
    assert same == [True] * 6 + [False] * 6
