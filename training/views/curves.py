"""A run's numbers as charts and as the table behind them."""

from training import display_text
from training.models import RunMetric, TrainingRun
from training.views import charts

FIRST = ("loss", "score")  # what every run has, before what its stage adds
MAX_CURVES = 8
HIDDEN = {"rate"}

Lines = dict[str, list[charts.Point]]


def run_charts(run: TrainingRun) -> list[charts.Chart]:
    """Loss and score first, then the stage's own measures, each beside its rivals."""
    frames: dict[str, Lines] = {}
    rows = run.metrics.filter(value__isnull=False).exclude(name__in=HIDDEN).order_by("step")
    for step, split, name, value in rows.values_list("step", "split", "name", "value"):
        frame, line = display_text.rival(name)
        label = display_text.PARTS[line] if line else split
        point = (float(step), float(value or 0.0))
        frames.setdefault(frame, {}).setdefault(label, []).append(point)
    shown = sorted(_distinct(frames), key=lambda frame: (_place(frame), frame))[:MAX_CURVES]
    drawn = [charts.chart(display_text.title(frame), _ordered(frames[frame])) for frame in shown]
    return [chart for chart in drawn if chart is not None]


def _distinct(frames: dict[str, Lines]) -> list[str]:
    """Without a part's frame that repeats the whole, as when there is one kind of photo."""
    return [
        frame
        for frame, lines in frames.items()
        if "/" not in frame or frames.get(frame.rpartition("/")[2]) != lines
    ]


def _place(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


def _ordered(lines: Lines) -> Lines:
    """The network before its rivals, train before validation."""
    first = display_text.PARTS["network"]
    return {label: lines[label] for label in sorted(lines, key=lambda one: (one != first, one))}


def validation_table(run: TrainingRun) -> tuple[list[str], list[list[object]]]:
    """Column names, and one row for every validation: step, epoch, then each measure."""
    names: list[str] = []
    steps: dict[int, dict[str, float | None]] = {}
    epochs: dict[int, int] = {}
    for metric in RunMetric.objects.filter(run=run, split="validation").order_by("step", "name"):
        names += [] if metric.name in names else [metric.name]
        steps.setdefault(metric.step, {})[metric.name] = metric.value
        epochs[metric.step] = metric.epoch
    rows: list[list[object]] = [
        [step, epochs[step], *(values.get(name) for name in names)]
        for step, values in steps.items()
    ]
    return names, rows
