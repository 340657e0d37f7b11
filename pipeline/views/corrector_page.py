"""What the page *Correct the mask* is told: its data attributes, by name."""

from dataclasses import asdict, dataclass

from django.urls import reverse

from pipeline.models import Restoration


@dataclass(frozen=True)
class CorrectorPage:
    """One restoration's mask as the corrector opens it; sizes in px of the working image."""

    width: int
    height: int
    preview_url: str
    photo_url: str
    mask_url: str
    save_url: str
    stroke_url: str
    """Takes a stroke and fills round it; a look, nothing is saved."""
    file_url: str
    """Takes a mask file of another tool."""

    def attributes(self) -> dict[str, object]:
        """By the names that follow ``data-``."""
        return {name.replace("_", "-"): value for name, value in asdict(self).items()}


def page_of(row: Restoration) -> CorrectorPage:
    def file(kind: str, form: str) -> str:
        return reverse("restoration_file", args=[row.token, kind, form])

    return CorrectorPage(
        width=row.photo.width,
        height=row.photo.height,
        preview_url=file("before", "preview"),
        photo_url=file("before", "jpg"),
        mask_url=file("mask", "png"),
        save_url=reverse("restoration_correct", args=[row.token]),
        stroke_url=reverse("restoration_stroke", args=[row.token]),
        file_url=reverse("restoration_mask_file", args=[row.token]),
    )
