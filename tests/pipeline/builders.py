"""Rows with real files: photos as uploaded, tiny networks in production."""

import io

import numpy as np
from PIL import Image

from annotate import services as annotate
from annotate.models import DefectMask
from photos import services as photos
from photos import storage
from photos.files import sha256
from pipeline.engine.runtimes import export
from tests.pipeline.engine.tiny import ARGUMENTS, picture, weight_file
from training.models import ModelVersion, Promotion


def upload(pixels=None, kind="PNG"):
    """The bytes of an image file, as a browser would send them."""
    pixels = picture(70, 50) if pixels is None else pixels
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind)
    return out.getvalue()


def ready_photo(pixels=None, **choices):
    photo = photos.add_photo(file=upload(pixels), title=choices.pop("title", "Aunt Ida"), **choices)
    return photos.read_photo(photo)


EXPORTS = {}  # by the digest of the weights: a second's work, and the same for every test


def exported(path):
    """The ONNX file beside the weights."""
    onnx, digest = path.with_suffix(".onnx"), sha256(path)
    if digest not in EXPORTS:
        export(path, onnx)
        EXPORTS[digest] = onnx.read_bytes()
    onnx.write_bytes(EXPORTS[digest])
    return onnx


def version_of(folder, stage):
    """A tiny network as a registered version whose gate has passed."""
    path = weight_file(folder, stage)
    onnx = exported(path)
    from pipeline.engine.networks import read_card

    return ModelVersion.objects.create(
        stage=stage,
        name=f"tiny {stage}",
        weights=storage.put(path, "application/octet-stream"),
        weights_sha256=sha256(path),
        onnx=storage.put(onnx, "application/octet-stream"),
        card=read_card(path),
        gate={"passed": True},
    )


def promote(version):
    return Promotion.objects.create(stage=version.stage, version=version, reason="for a test")


def production(folder):
    """Tiny networks of all three stages in production, by stage."""
    versions = {stage: version_of(folder, stage) for stage in ARGUMENTS}
    for version in versions.values():
        promote(version)
    return versions


def accepted_mask(photo):
    pixels = np.zeros((photo.height, photo.width), np.uint8)
    pixels[20:24, 5:40] = 1
    return annotate.import_mask(
        photo=photo, pixels=pixels, accepted=True, origin=DefectMask.Origin.PAINTED
    )
