"""First pass: looks through an import photo by photo, and changes nothing."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from annotate.formats import png
from annotate.formats.reading import Shapes
from annotate.models import DefectMask
from annotate.quality.quality_metrics import class_areas
from annotate.services.import_export.bundles import Bundle
from annotate.services.import_export.imports import stored, turned
from annotate.services.import_export.matching import Match, Names, Unknown
from annotate.services.import_export.options import Options
from annotate.services.import_export.parts import FILE_LIMIT, Part, found_in
from annotate.services.import_export.plan import HERE, LEFT_OUT, NOTHING, REFUSED_ROW, Plan, Row
from config.errors import Refused
from config.words.said import Said, Words, reason_of, said
from photos import storage
from photos.masks.arrays import Mask, digest
from photos.models import Photo

Told = Callable[[float, Words], None]
NOT_ANNOTATED = said("import.not-annotated")


def planned(
    bundle: Bundle,
    options: Options,
    *,
    keep: bool = False,
    told: Told = lambda share, message: None,
) -> Plan:
    """Reads every photo's masks, one photo at a time; with `keep` their tiles are stored.

    Refused only where the files as a whole are nothing that can be looked through.
    """
    with ExitStack() as until:
        found = found_in(bundle, options, until)
        names = Names(Photo.objects.ready().with_leave(), any_folder=options.any_folder)
        rows = [Row(each.file).refuse(each.reason) for each in found.unread]
        groups = _by_photo(found.parts, names, options)
        taken: Counter[tuple[Any, str]] = Counter()
        for number, (row, parts) in enumerate(groups):
            told(number / len(groups), said("import.looking", file=row.file[:200]))
            if parts and row.photo is not None:
                _look(row, row.photo, parts, bundle, options, keep)
                _compare(row, row.photo, taken, options)
            rows.append(row)
        return Plan(options.kind, rows, found.aside)


def _by_photo(
    parts: Sequence[Part], names: Names, options: Options
) -> list[tuple[Row, list[Part]]]:
    """Rows with what is to be read for them; pictures of one photo's classes make one row."""
    groups: list[tuple[Row, list[Part]]] = []
    first: dict[Any, int] = {}
    for part in parts:
        row = _matched(part, names, options)
        wanted = row.photo is not None and not part.nothing
        before = first.get(row.photo.pk) if wanted and row.photo else None
        if before is not None and options.kind == "png":
            earlier, files = groups[before]
            files.append(part)
            earlier.file = ", ".join(each.file for each in files)
            continue
        if before is not None and not part.alternative:
            other = groups[before][0]
            row.refuse(said("import.same-photo", file=other.file, photo=str(other.photo)))
            wanted = False
        if wanted and row.photo is not None:
            first.setdefault(row.photo.pk, len(groups))
        groups.append((row, [part] if wanted else []))
    return groups


def _matched(part: Part, names: Names, options: Options) -> Row:
    row = Row(part.file, part=part)
    try:
        match: Match = names.match(part.names, part.number, part.place)
    except Unknown as reason:
        row.refuse(reason.said)
        if options.skip_unknown:
            row.outcome = LEFT_OUT
    else:
        row.photo, row.by = match.photo, match.by
    if part.nothing:
        row.outcome, row.reason = NOTHING, part.nothing
    return row


def _look(
    row: Row, photo: Photo, parts: list[Part], bundle: Bundle, options: Options, keep: bool
) -> None:
    try:
        if options.kind == "probability":
            _look_at_probability(row, photo, parts[0], bundle, options, keep)
            return
        mask = _read(row, photo, parts, options)
    except Refused as reason:
        row.refuse(reason.said)
        return
    except ValueError as reason:  # of a format's own words
        row.refuse(reason_of(reason))
        return
    if mask is not None:
        row.digest, row.pixels = digest(mask), class_areas(mask)
        if keep:
            row.mask = stored(mask)


def _read(row: Row, photo: Photo, parts: list[Part], options: Options) -> Mask | None:
    """The mask of one photo out of its parts; None where the row says why there is none."""
    all_shapes: list[Shapes] = []
    mask: Mask | None = None
    for shapes, pixels in _each(row, photo, parts, options):
        all_shapes.append(shapes)
        mask = pixels if mask is None else mask | pixels
    row.shapes = dict(sum((shapes.taken for shapes in all_shapes), Counter()))
    row.left_out = dict(sum((shapes.left_out for shapes in all_shapes), Counter()))
    row.notes += [note for shapes in all_shapes for note in shapes.notes]
    if row.left_out and not options.skip_unknown:
        row.refuse(said("import.may-be-skipped", left_out=list(row.left_out)))
    elif row.left_out and not row.shapes:
        row.refuse(said("import.not-understood", left_out=list(row.left_out)))
    elif all(shapes.nothing for shapes in all_shapes) and not options.empty_is_undamaged:
        row.outcome, row.reason = NOTHING, NOT_ANNOTATED
    else:
        return mask
    return None


def _each(
    row: Row, photo: Photo, parts: list[Part], options: Options
) -> Iterator[tuple[Shapes, Mask]]:
    """What each part shows, upright; the photograph itself beside its masks is passed over."""
    passed: list[png.Photographed] = []
    for part in parts:
        held: list[Shapes] = []

        def look(width: int, height: int, part: Part = part, held: list[Shapes] = held) -> Mask:
            held.append(part.look(width, height))
            return held[-1].mask

        try:
            pixels = turned(photo, look, as_stored=options.as_stored)
        except png.Photographed as reason:
            passed.append(reason)
            row.notes.append(said("import.file", file=part.file, why=reason_of(reason)))
            if len(passed) == len(parts):
                raise
            continue
        yield held[-1], pixels


def _look_at_probability(
    row: Row, photo: Photo, part: Part, bundle: Bundle, options: Options, keep: bool
) -> None:
    levels = png.read_probability(bundle.read(part.file, FILE_LIMIT), photo.width, photo.height)
    row.digest = digest(levels)
    row.pixels = {"probable": int((levels >= options.threshold).sum())}
    if keep:
        row.probability = storage.put(png.write_levels(levels), "image/png")


def finished_masks(photo: Photo) -> list[DefectMask]:
    """All that counts as the photo's masks: handed in, or imported as a start; newest first."""
    rows = photo.masks.exclude(state=DefectMask.State.DRAFT, assignment__isnull=False)
    return list(rows.select_related("author").order_by("-created_at", "pk"))


def _compare(row: Row, photo: Photo, taken: Counter[tuple[Any, str]], options: Options) -> None:
    """Is it here already, as often as it comes; and what would it stand in front of?"""
    if row.outcome in (REFUSED_ROW, NOTHING, LEFT_OUT) or not row.digest:
        return
    if options.kind == "probability":
        weights = weights_of(row)
        row.outcome = HERE if photo.suggestions.filter(weights=weights).exists() else row.outcome
        return
    masks = finished_masks(photo)
    here = sum(mask.digest == row.digest for mask in masks)
    row.present = max(here, taken[photo.pk, row.digest])
    taken[photo.pk, row.digest] += 1
    if here >= taken[photo.pk, row.digest]:
        row.outcome = HERE
        return
    newest = next((mask for mask in masks if mask.state == DefectMask.State.ACCEPTED), None)
    if newest is not None:
        row.replaces = _accepted(newest)


def _accepted(mask: DefectMask) -> Said:
    day = f"{mask.created_at:%Y-%m-%d}"
    if mask.author is None:
        return said("import.accepted-mask", day=day)
    return said("import.accepted-mask-by", author=str(mask.author), day=day)


def weights_of(row: Row) -> str:
    return f"imported {row.digest[:16]}"


def without_files(plan: Plan) -> Plan:
    """For a report that is kept: nothing in it refers to files."""
    rows = [replace(row, part=None, mask=None, probability=None) for row in plan.rows]
    return replace(plan, rows=rows)
