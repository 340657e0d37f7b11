"""The coloured pictures with their owner's strokes; the network's own are kept beside them."""

from __future__ import annotations

import time

from config.words.said import said
from jobs.job_context import Work
from pipeline.models import Rendition
from pipeline.services import render_plan
from pipeline.services.progress.steps import DONE
from pipeline.services.rendering import keeping, reading


def recolour(
    work: Work, plan: render_plan.Plan, made: dict[str, Rendition]
) -> dict[str, Rendition]:
    """By kind, the pictures that strokes change."""
    from pipeline.engine.colour_strokes import recoloured
    from training.imaging.painted_colours import ColourStroke

    kinds = [str(kind) for kind in render_plan.COLOURED if kind in made] if plan.colours else []
    known = plan.finished() if kinds else {}
    strokes = [ColourStroke.from_json(each) for each in plan.colours]
    over = {kind: known[kind] for kind in kinds if kind in known}
    for kind in (kind for kind in kinds if kind not in known):
        work.progress(DONE, said("restore.spreading"))
        start = time.perf_counter()
        before = made[kind]
        if kind == Rendition.Kind.COLORIZED:
            source = reading.working(plan.photo)
        else:
            source = reading.pixels_of(made[str(Rendition.Kind.INPAINTED)])
        painted = recoloured(source, reading.pixels_of(before), strokes)
        seconds = before.report.get("seconds", 0.0) + time.perf_counter() - start
        facts = {"seconds": round(seconds, 3), "colours": len(strokes), "before": str(before.pk)}
        files = keeping.pictures_of(painted, keeping.planned_marks(plan, kind))
        with work.fenced():
            over[kind] = keeping.keep_rendition(plan, kind, files, before.report | facts)
    return over
