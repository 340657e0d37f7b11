"""What workers run of this room: its jobs, which lie with what they do, and its routines."""

from jobs.job_functions import routine
from pipeline import services
from pipeline.models import Delivery, SentKey
from pipeline.services import strokes, webhooks
from pipeline.services.rendering import runtime_selection
from pipeline.services.rendering.albums import restore_album
from pipeline.services.rendering.engine_timing import time_engines
from pipeline.services.rendering.jobs import render, restore, suggest
from pipeline.services.strokes import stroke
from pipeline.services.uploads import tus_uploads
from pipeline.services.webhooks import deliver

__all__ = ["deliver", "render", "restore", "restore_album", "stroke", "suggest", "time_engines"]


@routine
def expire_restorations() -> None:
    services.expire()


@routine
def sweep_uploads() -> None:
    tus_uploads.sweep()
    strokes.sweep()
    SentKey.objects.old().delete()
    Delivery.objects.old().delete()


@routine
def tell_missing() -> None:
    webhooks.tell_missing_later()


@routine
def suggest_missing() -> None:
    services.suggest_missing_later()


@routine
def measure_engines() -> None:
    runtime_selection.begin_measuring()
