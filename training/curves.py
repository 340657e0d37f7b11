"""A run's numbers as charts and as the table behind them."""

from training import charts, wording
from training.models import RunMetric, TrainingRun

FIRST = ("loss", "score")  # what every run has, before what its stage adds
MOST = 8
HIDDEN = {"rate"}


def run_charts(run: TrainingRun) -> list[charts.Chart]:
    """Loss and score first, then the stage's own measures; train and validation in one frame."""
    series: dict[str, dict[str, list[tuple[float, float]]]] = {}
    rows = run.metrics.filter(value__isnull=False).order_by("step")
    for row in rows.only("step", "split", "name", "value"):
        point = (float(row.step), float(row.value or 0.0))
        series.setdefault(row.name, {}).setdefault(row.split, []).append(point)
    names = sorted(series, key=lambda name: (_place(name), name))
    shown = [name for name in names if name not in HIDDEN][:MOST]
    drawn = [charts.chart(wording.title(name), _ordered(series[name])) for name in shown]
    return [chart for chart in drawn if chart is not None]


def _place(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


def _ordered(
    by_split: dict[str, list[tuple[float, float]]],
) -> dict[str, list[tuple[float, float]]]:
    return {split: by_split[split] for split in sorted(by_split)}


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
