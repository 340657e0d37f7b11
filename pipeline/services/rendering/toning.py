"""Further pictures with tones, drawn by the job that made the pictures themselves."""

from __future__ import annotations

from config.words.said import said
from jobs.job_context import Work
from photos import storage
from pipeline.imageio import encode
from pipeline.models import Rendition, Restoration
from pipeline.services.adjusting import tones as tones_of
from pipeline.services.progress.steps import DONE
from pipeline.services.rendering import keeping, reading


def tone(work: Work, row: Restoration, made: dict[str, Rendition]) -> None:
    """Where they are asked for and would change something."""
    from pipeline.engine.tones.applying import toned
    from pipeline.engine.tones.measuring import measured

    if row.chosen.tones is None:
        return
    tones = tones_of.measured({kind: each.report for kind, each in made.items()})
    filled = made.get(str(Rendition.Kind.INPAINTED))
    if tones is None and filled is not None:  # an earlier release made it
        tones = measured(reading.pixels_of(filled))
        filled.report["tones"] = tones.as_json()
        filled.save(update_fields=["report"])
    for order in tones_of.orders(made, tones, row.chosen):
        if tones is None or tones_of.found(order):
            continue
        work.progress(DONE, said("restore.tones"))
        drawn = toned(
            reading.pixels_of(order.rendition), tones, order.strength, by_luma=order.by_luma
        )
        marks = keeping.marks_of(order.rendition)
        image = storage.put(encode.png(drawn, marks), "image/png")
        jpeg = storage.put(encode.jpeg(drawn, marks=marks), "image/jpeg")
        with work.fenced():
            tones_of.keep(order, image, jpeg)
