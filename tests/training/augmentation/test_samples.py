import cv2
import numpy as np
import pytest

from photos.masks.classes import DEFECTS, HOLE, IGNORE, KNOWN
from training.augmentation.samples import (
    colorization_sample,
    crop,
    damage_photo,
    damaged_more,
    hole_mask,
    inpainting_sample,
    resized_classes,
    segmentation_sample,
)


@pytest.fixture(scope="module")
def photo():
    ys, xs = np.mgrid[0:240, 0:320]
    scene = np.stack([xs % 256, (ys + xs) % 256, 255 - ys], axis=-1)
    return np.asarray(scene // 2 + 40, np.uint8)


def rng(seed=0):
    return np.random.default_rng(seed)


SAMPLES = {
    "segmentation": segmentation_sample,
    "inpainting": inpainting_sample,
    "colorization": colorization_sample,
}


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
@pytest.mark.parametrize("seed", range(6))
def test_the_seed_decides_everything(sample, seed, photo):
    first = sample(photo, size=96, rng=rng(seed))
    again = sample(photo, size=96, rng=rng(seed))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize("size", [32, 97, 400])
def test_shapes_and_types(size, photo):
    luma, classes = segmentation_sample(photo, size=size, rng=rng())
    rgb, hole = inpainting_sample(photo, size=size, rng=rng())
    grey, target = colorization_sample(photo, size=size, rng=rng())
    assert {a.dtype for a in (luma, classes, rgb, hole, grey, target)} == {np.dtype(np.uint8)}
    assert luma.shape == classes.shape == hole.shape == grey.shape == (size, size)
    assert rgb.shape == target.shape == (size, size, 3)


def test_the_photo_is_left_alone(photo):
    before = photo.copy()
    for sample in SAMPLES.values():
        sample(photo, size=96, rng=rng(3))
    assert np.array_equal(photo, before)


def test_only_known_classes_and_never_ignored_damage(photo):
    for seed in range(20):
        _, classes = segmentation_sample(photo, size=96, rng=rng(seed))
        assert not (classes & ~np.uint8(KNOWN)).any()
        assert not ((classes & IGNORE > 0) & (classes & DEFECTS > 0)).any()


def test_about_a_quarter_is_clean(photo):
    drawn = [segmentation_sample(photo, size=64, rng=rng(seed))[1] for seed in range(200)]
    clean = np.mean([not classes.any() for classes in drawn])
    assert 0.2 < clean < 0.45


def test_more_holes_come_on_damaged_samples_only(photo):
    def drawn(**more):
        samples = (segmentation_sample(photo, size=64, rng=rng(k), **more) for k in range(150))
        classes = [sample[1] for sample in samples]
        torn = np.mean([(c & HOLE).any() for c in classes])
        return torn, np.mean([not c.any() for c in classes])

    (torn, clean), (more_torn, still_clean) = drawn(), drawn(holes=1.0)
    assert more_torn > torn + 0.2
    assert still_clean > 0.15 and clean - still_clean < 0.15


def test_labelled_damage_can_be_seen(photo):
    """Labelled pixels differ from the same print without damage more than the others do."""
    flat = np.full((160, 160, 3), 128, np.uint8)
    contrast = []
    for seed in range(30):
        picture, classes = damage_photo(flat, rng=rng(seed))
        hit, rest = classes & DEFECTS > 0, classes == 0
        if hit.sum() > 50 and rest.sum() > 5000:
            middle = np.median(picture[rest])
            spread = np.abs(picture[rest] - middle).mean()
            contrast.append(np.abs(picture[hit] - middle).mean() / spread)
    assert np.median(contrast) > 2


@pytest.mark.parametrize("seed", range(12))
def test_holes_cover_one_to_sixteen_percent(seed):
    mask = hole_mask(rng(seed), (128, 128))
    assert set(np.unique(mask)) == {0, 1}
    assert 0.01 <= mask.mean() <= 0.16


def test_half_of_the_inpainting_pictures_have_no_free_colour(photo):
    grey = 0
    for seed in range(60):
        rgb, _ = inpainting_sample(photo, size=48, rng=rng(seed))
        grey += np.ptp(rgb.astype(int), axis=2).max() < 60
    assert 18 <= grey <= 42


def test_the_colour_target_stays_clean(photo):
    """Grading touches the input only: the target is an unaged piece of the photo."""
    flat = np.full((100, 100, 3), (200, 120, 40), np.uint8)
    _, target = colorization_sample(flat, size=64, rng=rng(2))
    assert np.ptp(target.reshape(-1, 3), axis=0).max() <= 1


def test_a_sitter_stands_before_scenes_half_of_the_time():
    """And the same sitter before a painted cloth in the rest: no scene is asked for there."""
    sitter = np.full((200, 160, 3), 200, np.uint8)
    cv2.ellipse(sitter, (80, 90), (35, 45), 0, 0, 360, (200, 140, 110), -1)
    cv2.rectangle(sitter, (25, 125), (135, 199), (40, 40, 60), -1)
    green = np.full((200, 200, 3), (0, 200, 0), np.uint8)
    asked = []
    for seed in range(40):
        colorization_sample(
            sitter, size=64, rng=rng(seed), scene=lambda _: asked.append(1) or green
        )
    assert 4 <= len(asked) <= 18  # a quarter: half are put before another ground at all


def test_a_whole_photo_keeps_its_size(photo):
    picture, classes = damage_photo(photo, rng=rng(4), strength=1.0)
    assert picture.shape == classes.shape == photo.shape[:2]
    assert (classes & DEFECTS).any()


def test_damage_has_no_favourite_direction(photo):
    """Upright and level edges of the masks balance over many samples."""
    across = along = 0
    for seed in range(500):
        _, classes = segmentation_sample(photo, size=96, rng=rng(seed))
        lines = (classes & 1).astype(int)
        across += np.abs(np.diff(lines, axis=1)).sum()
        along += np.abs(np.diff(lines, axis=0)).sum()
    assert 0.8 < across / along < 1.25


def test_damage_drawn_on_a_labelled_picture_joins_its_labels():
    luma = np.full((192, 192), 128, np.uint8)
    classes = np.zeros_like(luma)
    classes[:20] = HOLE
    seen = [damaged_more(luma, classes, rng=np.random.default_rng(k)) for k in range(20)]
    assert all((labels[:20] & HOLE).all() for _, labels in seen)
    assert np.mean([(labels[20:] & DEFECTS).any() for _, labels in seen]) > 0.7


def test_thin_lines_survive_when_classes_shrink():
    classes = np.zeros((200, 200), np.uint8)
    classes[100:102] = 1
    assert (resized_classes(classes, 100)[49:52] & 1).any(axis=0).all()
    assert (resized_classes(classes, 400) & 1).mean() == pytest.approx(0.01, rel=0.3)


def finest(picture):
    """Mean absolute difference of neighbours: enlarging by four divides it by about four."""
    return np.abs(np.diff(picture.astype(float), axis=1)).mean()


@pytest.mark.parametrize("shape", [(100, 400), (400, 100), (90, 90)])
def test_a_small_photo_is_reflected_and_not_enlarged(shape):
    noise = rng(1).integers(0, 256, (*shape, 3), np.uint8)
    for seed in range(8):
        piece = crop(noise, 360, rng(seed), scales=(0.55, 1.0))
        assert piece.shape == (360, 360, 3)
        assert finest(piece) > 0.9 * finest(noise)
    levels = set(np.unique(noise[..., 0]))
    assert set(np.unique(piece[..., 0])) <= levels  # copied, not interpolated


def test_a_photo_as_large_as_the_crop_is_cut_as_before():
    noise = rng(2).integers(0, 256, (96, 128, 3), np.uint8)
    for seed in range(8):  # at the smallest scale there is: the whole height
        piece = crop(noise, 96, rng(seed), scales=(0.5, 0.5))
        columns = {piece[..., 0].tobytes(), piece[:, ::-1, 0].tobytes()}
        assert any(noise[:, x : x + 96, 0].tobytes() in columns for x in range(33))
