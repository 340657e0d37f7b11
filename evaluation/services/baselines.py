"""Methods without learning that may stand in a study as honest yardsticks."""

import hashlib

from training.models import ModelVersion, Stage

BUILTINS = {
    Stage.INPAINTING: [ModelVersion.Builtin.TELEA, ModelVersion.Builtin.NAVIER_STOKES],
    Stage.COLORIZATION: [ModelVersion.Builtin.GREY, ModelVersion.Builtin.MEAN_CHROMA],
}


def rivals(stage: str) -> list[ModelVersion]:
    """The rows of a stage's yardsticks, made at the first asking."""
    return [
        ModelVersion.objects.get_or_create(
            stage=stage,
            builtin=builtin,
            defaults={
                "name": builtin.label,
                "origin": ModelVersion.Origin.BUILTIN,
                "weights_sha256": hashlib.sha256(f"builtin:{builtin.value}".encode()).hexdigest(),
            },
        )[0]
        for builtin in BUILTINS.get(Stage(stage), [])
    ]
