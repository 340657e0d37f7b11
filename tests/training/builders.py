"""Rows with files for the training room's tests: small photos, masks, weights."""

import json

import numpy as np
from django.utils import timezone
from safetensors.numpy import save

from annotate.models import DefectMask
from photos import storage
from photos.decoding import scans
from photos.masks import arrays, classes
from photos.masks.tiles import encode_tiles, split_tiles
from photos.models import Photo
from training.models import Evaluation, ModelVersion
from training.recipes import changed, preset


def picture(seed=0, height=120, width=140, colour=True):
    rng = np.random.default_rng(seed)
    ramp = np.linspace(40, 200, width)[None, :, None] * np.ones((height, 1, 3))
    ramp = ramp * ([1.2, 1.0, 0.6] if colour else [1.0, 1.0, 1.0])
    noise = rng.normal(0, 6, (height, width, 1))
    return np.clip(ramp + noise, 0, 255).astype(np.uint8)


def photo(seed=0, **values):
    pixels = picture(seed)
    working = storage.put(scans.write_png(pixels), "image/png")
    facts = {
        "title": f"Photo {seed}",
        "state": Photo.State.READY,
        "working": working,
        "thumbnail": working,
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "training_allowed": True,
        "licence": "CC0",
    }
    return Photo.objects.create(**(facts | values))


def scratched(seed=0, *, state=DefectMask.State.ACCEPTED, **values):
    """A photo with a mask of one scratch."""
    row = photo(seed, **({"wants_mask": True} | values))
    pixels = np.zeros((row.height, row.width), np.uint8)
    pixels[10 + seed : 100, 40:44] = classes.FRACTURE
    tiles = storage.put(encode_tiles(split_tiles(pixels)), "application/octet-stream")
    facts = {"state": state, "digest": arrays.digest(pixels), "tiles": tiles, "revision": 1}
    return DefectMask.objects.create(photo=row, **facts)


def version(name="net", *, stage="inpainting", passed=True, **values):
    """A version without files, as far as pages and promotions need one."""
    gate = {"passed": passed, "reason": "" if passed else "a picture differs."}
    facts = {"stage": stage, "name": name, "weights_sha256": f"sha of {name}", "gate": gate}
    return ModelVersion.objects.create(**(facts | values))


def weight_file(folder, *, card=None, seed=0):
    """A safetensors file with a card that names a network; no network loads it."""
    path = folder / f"weights{seed}.safetensors"
    card = card or {"stage": "inpainting", "network": "lite", "arguments": {}, "name": "Made up"}
    path.write_bytes(save({"a": np.full(3, seed, np.float32)}, {"card": json.dumps(card)}))
    return path


def tiny(stage="segmentation", **values):
    """The tiny recipe on toy sizes: seconds, and still two validations."""
    small = {
        "images": 16,
        "epoch_images": 8,
        "size": 64,
        "large_crop_size": 64,
        "validation_size": 64,
    }
    return changed(preset(stage, "tiny"), **(small | values))


def measured(row, snapshot, *, value=0.5, pictures=20, trained_on=0, digest="a", part="all"):
    """An evaluation as its job leaves it, by the figure that decides."""
    name = {"segmentation": "dice", "inpainting": "psnr_holes", "colorization": "mse_cbcr"}
    return Evaluation.objects.create(
        version=row,
        snapshot=snapshot,
        part=part,
        figures={"version": {name[row.stage]: value}},
        pictures=pictures,
        trained_on=trained_on,
        digest=digest,
        measured_at=timezone.now(),
    )
