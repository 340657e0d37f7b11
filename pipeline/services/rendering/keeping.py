"""What a job made is kept: its files before any row refers to them, then one row a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from photos import storage
from photos.decoding import scans
from photos.models import Blob
from pipeline.imageio import encode
from pipeline.imageio.marks import Marks, of_transform
from pipeline.imageio.xmp import provenance
from pipeline.models import Rendition
from pipeline.services import render_plan

if TYPE_CHECKING:
    from pipeline.engine.pipeline import Result


def keep_rendition(
    plan: render_plan.Plan, kind: str, files: dict[str, Blob], report: dict[str, Any]
) -> Rendition:
    """The row of a finished picture; the same photo and recipe give the same row."""
    plan.photo.hold_unerased()
    rendition, _ = Rendition.objects.get_or_create(
        photo=plan.photo,
        kind=kind,
        recipe=plan.recipe(kind),
        defaults={
            **plan.parts(kind),
            **files,
            "human_mask": None if kind == Rendition.Kind.COLORIZED else plan.human_mask,
            "width": plan.photo.width,
            "height": plan.photo.height,
            "report": report,
        },
    )
    return rendition


def marks_of(made: Rendition, words: Mapping[str, str] | None = None) -> Marks:
    """Resolution and provenance of a kept picture, with the original's own words where given."""
    weights = [
        (stage, facts["sha256"])
        for stage, facts in made.report.get("weights", {}).items()
        if facts.get("sha256")
    ]
    return of_transform(made.photo.transform, provenance(made.kind, weights, words or {}))


def planned_marks(plan: render_plan.Plan, kind: str) -> Marks:
    """The same of a picture that is being made."""
    weights = [(name, each.weights_sha256) for name, each in plan.parts(kind).items()]
    return of_transform(plan.photo.transform, provenance(kind, weights))


def files_of(result: Result, marks: Marks) -> dict[str, Blob]:
    """What is kept of a result; written before any row refers to it."""
    if result.kind == Rendition.Kind.MASK:
        plane = encode.mask_plane(result.pixels)
        return {
            **_of_guards(result),
            "image": storage.put(encode.png(plane, marks), "image/png"),
            "jpeg": storage.put(encode.jpeg(plane, marks=marks), "image/jpeg"),
            "preview": storage.put(encode.mask_overlay(result.pixels), "image/png"),
        }
    return pictures_of(result.pixels, marks)


def pictures_of(pixels: NDArray[Any], marks: Marks) -> dict[str, Blob]:
    """A picture without loss, as JPEG and small, from H x W (x 3) levels of 8 or 16 bits."""
    return {
        "image": storage.put(encode.png(pixels, marks), "image/png"),
        "jpeg": storage.put(encode.jpeg(pixels, marks=marks), "image/jpeg"),
        "preview": storage.put(encode.preview(pixels), "image/jpeg"),
    }


def _of_guards(result: Result) -> dict[str, Blob]:
    """What a mask's questions stand in, and what other strengths would fill."""
    from pipeline.engine.guards.foreseen import for_the_page

    found = result.guarding
    if found is None:
        return {}
    files = {"asked": storage.put(encode.png(found.asked), "image/png")}
    if found.levels is not None:
        page = for_the_page(found.levels, found.asked, result.pixels)
        files["foreseen"] = storage.put(scans.write_png(page), "image/png")
    return files
