"""What a run's folder says while its loop writes there: metrics, progress, samples, last words."""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.words.said import Said, Words, said
from jobs.models import Job, State
from training.models import RunMetric, TrainingRun

CHUNK = 1 << 20
PROMISE = re.compile(r", about (a|[\d.]+) (minutes?|hours?) left$")
PROMISES = ("run.minute-left", "run.minutes-left", "run.hours-left")


@dataclass(frozen=True)
class News:
    """Whole lines of metrics.jsonl since an offset, and where the next ones begin."""

    metrics: list[RunMetric]
    offset: int


def read_news(run: TrainingRun) -> News:
    """Half a line at the end is left for the next look; a line that is no metric is skipped."""
    path = run.folder / "metrics.jsonl"
    if not path.exists():
        return News([], run.metrics_offset)
    with path.open("rb") as file:
        file.seek(run.metrics_offset)
        data = file.read(CHUNK)
    whole = data[: data.rfind(b"\n") + 1]
    rows = (_metric(run, line) for line in whole.splitlines())
    latest = {(row.step, row.split, row.name): row for row in rows if row is not None}
    return News(list(latest.values()), run.metrics_offset + len(whole))


def _metric(run: TrainingRun, line: bytes) -> RunMetric | None:
    try:
        row = json.loads(line)
        value = None if row["value"] is None else float(row["value"])
        return RunMetric(
            run=run,
            step=int(row["step"]),
            epoch=int(row.get("epoch", 0)),
            seconds=float(row.get("seconds", 0.0)),
            split=str(row["split"])[:10],
            name=str(row["name"])[:40],
            value=value if value is not None and math.isfinite(value) else None,
        )
    except (ValueError, KeyError, TypeError):
        return None


def keep(run: TrainingRun, news: News) -> None:
    """Writes the rows and the offset; a resumed run repeats steps, and the later line counts."""
    RunMetric.objects.bulk_create(
        news.metrics,
        update_conflicts=True,
        unique_fields=["run", "step", "split", "name"],
        update_fields=["epoch", "seconds", "value"],
        batch_size=200,
    )
    run.metrics_offset = news.offset
    run.save(update_fields=["metrics_offset"])


class Pace:
    """How far a run is, and when it ends if it goes on as it does."""

    def __init__(self, total: int, step: int = 0) -> None:
        self.total = total
        self.first: tuple[int, float] | None = None
        self.step = step  # where a resumed run was

    def see(self, step: int, now: float) -> None:
        self.step = max(self.step, step)
        if self.first is None:
            self.first = (step, now)

    @property
    def share(self) -> float:
        return min(0.99, self.step / self.total) if self.total else 0.0

    def left(self, now: float) -> float | None:
        """Seconds; None until two looks say how fast it goes."""
        if self.first is None or self.step <= self.first[0] or now <= self.first[1]:
            return None
        speed = (self.step - self.first[0]) / (now - self.first[1])
        return (self.total - self.step) / speed

    @property
    def reached(self) -> Said:
        return said("run.reached", step=self.step, total=self.total)

    def message(self, now: float) -> Said:
        step, total = self.step, self.total
        if self.step >= self.total:
            return said("run.judging", step=step, total=total)
        left = self.left(now)
        if left is None:
            return self.reached
        if left < 90:
            return said("run.minute-left", step=step, total=total)
        if left < 5400:
            return said("run.minutes-left", step=step, total=total, count=round(left / 60))
        return said("run.hours-left", step=step, total=total, hours=left / 3600)


def standing(job: Job | None) -> Words:
    """What a job last said of itself; once it ends, or is told to, without the minutes left."""
    if job is None:
        return ""
    stopping = job.cancel_requested and not job.is_final
    if job.state == State.RUNNING and not stopping:
        return job.message
    message = job.message
    if not isinstance(message, Said):  # of an older release
        message = PROMISE.sub("", message)
        return said("run.stopping-after", message=message) if stopping else message
    if "step" not in message.params:
        return said("run.stopping") if stopping else message
    return _without_promise(message, stopping)


def _without_promise(message: Said, stopping: bool) -> Said:
    step, total = message.params["step"], message.params["total"]
    if stopping:
        return said("run.reached-stopping", step=step, total=total)
    if message.code in PROMISES:
        return said("run.reached", step=step, total=total)
    return message


def total_images(recipe: dict[str, Any]) -> int:
    return int(recipe.get("images", 0))


def samples(folder: Path, *, most: int = 6) -> list[str]:
    """Names of the newest sample pictures, newest step first, in the order of the step."""
    found = sample_names(folder)
    if not found:
        return []
    return _newest(found)[:most]


def sample_names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "samples").glob("*.png"))


def _newest(names: Iterable[str]) -> list[str]:
    by_step: dict[str, list[str]] = {}
    for name in names:
        by_step.setdefault(name.partition("_")[0], []).append(name)
    return sorted(by_step[max(by_step)])


def last_words(folder: Path, *, lines: int = 1) -> str:
    """The end of the loop's standard error: its last line is the reason of a failure."""
    path = folder / "stderr.log"
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 20_000))
        text = file.read().decode(errors="replace")
    return "\n".join([line for line in text.splitlines() if line.strip()][-lines:])
