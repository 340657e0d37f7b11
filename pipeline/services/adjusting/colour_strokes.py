"""Strokes of colour: what people send is checked, and the next version is made with them."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.urls import reverse

from config.errors import Refused
from jobs.models import Queue, State
from photos.models import Photo
from pipeline import services
from pipeline.models import Rendition, Restoration
from pipeline.services import corrections
from pipeline.services.render_plan import COLOURED

MOST_STROKES, MOST_POINTS = 200, 400
# Photographs that the boxes round all their pieces cover: what drawing them costs. As many and as
# long strokes as may be of the page's widest brush cover at most 1,800, on any shape.
MOST_COVERED = 2_000
BODY_LIMIT = 2_000_000  # bytes: all strokes with all their points
FIELDS = {"points", "width", "colour"}
Stroke = dict[str, Any]


class BadStrokes(ValueError):
    """What is no stroke; `field` says where, as "strokes.2.colour"."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def checked(given: Any, photo: Photo) -> list[Stroke]:
    """The strokes as they are kept. Raises BadStrokes on what the photo cannot take."""
    if not isinstance(given, list):
        raise BadStrokes("strokes", "The strokes are a list.")
    if len(given) > MOST_STROKES:
        raise BadStrokes("strokes", f"At most {MOST_STROKES} strokes fit a photograph.")
    strokes = [_stroke(each, f"strokes.{index}", photo) for index, each in enumerate(given)]
    size = photo.width or 1, photo.height or 1
    if sum(_covered(stroke, size) for stroke in strokes) > MOST_COVERED:
        raise BadStrokes("strokes", "All strokes together are too broad: send slimmer ones.")
    return strokes


def _covered(stroke: Stroke, size: tuple[int, int]) -> float:
    """How often the boxes round the pieces of a stroke would cover the photograph."""
    points = np.array(stroke["points"])
    spans = np.abs(np.diff(points, axis=0, append=points[-1:])) + stroke["width"]
    return float(np.minimum(spans / size, 1).prod(axis=1).sum())


def _stroke(given: Any, field: str, photo: Photo) -> Stroke:
    if not isinstance(given, Mapping):
        raise BadStrokes(field, "A stroke has points, a width and a colour.")
    if strange := sorted(map(str, given.keys() - FIELDS)):
        raise BadStrokes(
            f"{field}.{strange[0]}", "A stroke has points, a width and a colour alone."
        )
    points = _points(given.get("points"), f"{field}.points", photo)
    longest = max(photo.width or 1, photo.height or 1)
    width: Any = given.get("width")
    if not _number(width) or not 0 < width <= longest:
        raise BadStrokes(f"{field}.width", f"The width is a number above 0, at most {longest} px.")
    return {
        "points": points,
        "width": round(float(width), 2),
        "colour": _colour(given.get("colour", ""), f"{field}.colour"),
    }


def _points(given: Any, field: str, photo: Photo) -> list[list[float]]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_POINTS:
        raise BadStrokes(field, f"The points are a list of 1 to {MOST_POINTS} places.")
    for point in given:
        if not isinstance(point, list) or len(point) != 2 or not all(map(_number, point)):
            raise BadStrokes(field, "A point is [x, y] in the photograph's pixels.")
        if not (0 <= point[0] <= (photo.width or 0) and 0 <= point[1] <= (photo.height or 0)):
            raise BadStrokes(
                field, f"A point lies outside the photograph, {photo.width} x {photo.height}."
            )
    return [[round(float(x), 2), round(float(y), 2)] for x, y in given]


def _colour(given: Any, field: str) -> list[int] | None:
    if given is None:
        return None
    whole = isinstance(given, list) and len(given) == 3
    if not whole or not all(type(part) is int and 0 <= part <= 255 for part in given):
        raise BadStrokes(
            field, "A colour is [red, green, blue] of 0 to 255, or null to keep what is there."
        )
    return list(given)


def _number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < 1e9


def recolour_later(earlier: Restoration, strokes: list[Stroke]) -> Restoration:
    """Another version of a finished restoration with these strokes (`checked`) in place of its
    own; only the coloured pictures are computed again."""
    if not earlier.is_done:
        raise Refused("Wait until this restoration is done, then correct its colours.")
    if not coloured(earlier):
        raise Refused("This photograph was not coloured: there are no colours to correct.")
    if strokes == (earlier.colours or []):
        raise Refused("These are the colours that this version has already.")
    return services.restore_differently_later(
        earlier,
        correction=corrections.of(earlier),
        colours=strokes,
        queue=services.quick_or(Queue.INTERACTIVE, earlier.photo),
    )


def told(row: Restoration) -> dict[str, Any]:
    """For the template: `colouring`, or nothing where nothing was coloured."""
    kinds = [made.kind for made in coloured(row)]
    if not kinds:
        return {"colouring": None}
    own = ("restoration_file", [row.token, kinds[0], "preview"])  # what the page shows anyway
    name, place = ("restoration_unpainted", [row.token, kinds[0]]) if row.colours else own
    base = reverse(name, args=place)
    painted = json.dumps(row.colours or [])
    return {"colouring": {"kinds": " ".join(kinds), "base": base, "strokes": painted}}


def coloured(row: Restoration) -> list[Rendition]:
    return [made for made in row.results if made.kind in COLOURED]


def unpainted(row: Restoration, kind: str) -> Rendition | None:
    """The picture of a kind with the network's own colours, on which strokes are painted."""
    made = next((each for each in coloured(row) if each.kind == kind), None)
    before = made.report.get("before") if made else None
    if before is None:
        return made
    return Rendition.objects.filter(photo=row.photo, pk=before).select_related("preview").first()


def hints(photos: list[Any]) -> dict[Any, list[Stroke]]:
    """By photo: the strokes of its latest finished version, if that has any."""
    rows = Restoration.objects.filter(photo__in=photos, job__state=State.SUCCEEDED)
    latest = dict(rows.order_by("created_at").values_list("photo_id", "colours"))
    return {photo: strokes for photo, strokes in latest.items() if strokes}
