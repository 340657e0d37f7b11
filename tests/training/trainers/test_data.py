"""How items become arrays: draws by weight, joint crops, a bounded shelf."""

from pathlib import Path

import numpy as np
import torch

from training.augmentation.crops import crop
from training.run_folder import Item
from training.trainers import data


def test_choices_depend_on_seed_and_image_alone():
    first, again = (data.rng_for(3, 17).integers(0, 1 << 60) for _ in range(2))
    assert first == again != data.rng_for(3, 18).integers(0, 1 << 60)


def test_items_are_drawn_by_weight():
    pool = data.Pool(None, [Item(image="rare"), Item(image="often", weight=9.0)])
    drawn = [pool.draw(data.rng_for(0, k)).image for k in range(300)]
    assert 240 < drawn.count("often") < 295


def test_crops_cut_photo_and_mask_alike_whatever_the_size():
    photo = np.arange(30 * 50, dtype=np.uint16).reshape(30, 50).view(np.uint8).reshape(30, 50, 2)
    for size in (16, 30, 64):
        one, other = crop(photo, size, data.rng_for(0, size), photo[..., 0])
        assert one.shape == (size, size, 2) and (one[..., 0] == other).all()


def test_the_shelf_forgets_the_longest_unused():
    reads = []

    def read(path):
        reads.append(path.name)
        return np.zeros(100, np.uint8)

    shelf = data.Shelf(250)
    for name in ("a", "b", "a", "c", "a", "b"):
        shelf.take(Path(name), read)
    assert reads == ["a", "b", "c", "b"] and shelf.held == 200


def test_the_shelf_keeps_one_picture_however_large():
    shelf = data.Shelf(10)
    assert len(shelf.take(Path("a"), lambda _: np.zeros(100, np.uint8))) == 100


def test_tensors_and_pictures_convert_both_ways():
    rgb = np.random.default_rng(0).integers(0, 256, (4, 6, 3), np.uint8)
    batch = data.to_tensor([rgb, rgb], torch.device("cpu"))
    assert batch.shape == (2, 3, 4, 6) and (data.to_picture(batch[1]) == rgb).all()
