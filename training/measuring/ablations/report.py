"""From the runs' results to Markdown tables: means, spread over seeds, difference to the start."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.measuring.ablations.measures import Results
from training.measuring.ablations.plan import START, TRIALS, Trial

# per stage: column title, method, figure, digits
COLUMNS: dict[str, tuple[tuple[str, str, str, int], ...]] = {
    "segmentation": (
        ("AUC", "network", "auc", 3),
        ("best Dice", "network", "best_dice", 3),
        ("Dice, calibrated", "network", "dice", 3),
        ("Dice at raw 0.5", "uncalibrated", "dice", 3),
        ("F1 within 2 px", "network", "best_tolerant_f1", 3),
        ("AUC, real", "network, real", "auc", 3),
        ("best Dice, real", "network, real", "best_dice", 3),
        ("F1 within 2 px, real", "network, real", "best_tolerant_f1", 3),
    ),
    "inpainting": (
        ("PSNR in holes, dB", "network", "psnr_holes", 2),
        ("SSIM", "network", "ssim", 4),
    ),
    "colorization": (
        ("MSE on CbCr", "network", "mse_cbcr", 1),
        ("PSNR, dB", "network", "psnr_rgb", 2),
        ("saturation", "network", "saturation", 2),
    ),
}


@dataclass(frozen=True)
class Outcome:
    """One finished run: figures by method, and seconds of training."""

    stage: str
    name: str
    seed: int
    seconds: float
    figures: Results


def read(folder: Path) -> list[Outcome]:
    """Every result.json below the folder's runs."""
    paths = sorted((folder / "runs").glob("*/result.json"))
    return [Outcome(**json.loads(path.read_text())) for path in paths]


def table(stage: str, outcomes: Sequence[Outcome]) -> str:
    """Trials down, figures across: mean ± standard deviation over the seeds."""
    columns = [c for c in COLUMNS[stage] if any(_values(outcomes, stage, None, c[1:3]))]
    lines = _header(["trial", "seeds", *(title for title, *_ in columns), "seconds"])
    for trial in _done(stage, outcomes):
        mine = _of(outcomes, trial)
        cells = [_spread(_values(mine, stage, None, c[1:3]), c[3]) for c in columns]
        seconds = _spread([outcome.seconds for outcome in mine], 0)
        lines.append(_row([f"{trial.name}: {trial.says}", str(len(mine)), *cells, seconds]))
    return "\n".join(lines)


def differences(stage: str, outcomes: Sequence[Outcome]) -> str:
    """Each trial minus what it is compared with, seed by seed, then mean ± spread."""
    columns = [c for c in COLUMNS[stage] if any(_values(outcomes, stage, None, c[1:3]))]
    lines = _header(["switched", *(title for title, *_ in columns)])
    for trial in _done(stage, outcomes):
        if trial.name == START:
            continue
        cells = [_spread(_paired(outcomes, trial, c[1:3]), c[3], signed=True) for c in columns]
        against = "" if trial.against == START else f" (against {trial.against})"
        lines.append(_row([trial.name + against, *cells]))
    return "\n".join(lines)


def looks(outcomes: Sequence[Outcome]) -> str:
    """Several looks minus the single pass of the same weights, over all seeds of the start."""
    start = [o for o in outcomes if o.stage == "segmentation" and o.name == START]
    names = {"auc": "AUC", "best_dice": "best Dice", "best_tolerant_f1": "F1 within 2 px"}
    lines = _header(["several looks", *names.values()])
    for kind in ("", ", real"):
        with_, without = (f"{name}{kind}" for name in ("looks", "network"))
        found = [o for o in start if with_ in o.figures]
        if found:
            gains = [
                [o.figures[with_][key] - o.figures[without][key] for o in found] for key in names
            ]
            label = "real masks" if kind else "synthetic damage"
            lines.append(_row([label, *(_spread(gain, 3, signed=True) for gain in gains)]))
    return "\n".join(lines)


def rivals(stage: str, found: Mapping[str, Mapping[str, float]]) -> str:
    """What needs no learning, on the same pictures."""
    keys = [c for c in COLUMNS[stage] if c[1] == "network" and c[2] not in ("dice", "saturation")]
    lines = _header(["nothing learnt", *(title for title, *_ in keys)])
    for name, values in found.items():
        cells = [_number(values.get(key, float("nan")), digits) for _, _, key, digits in keys]
        lines.append(_row([name, *cells]))
    return "\n".join(lines)


def page(outcomes: Sequence[Outcome], unlearnt: Mapping[str, Results], note: str) -> str:
    """All tables as one Markdown page."""
    parts = ["# Ablations", note]
    for stage in COLUMNS:
        if not any(outcome.stage == stage for outcome in outcomes):
            continue
        parts += [f"## {stage.capitalize()}", table(stage, outcomes), differences(stage, outcomes)]
        if stage == "segmentation":
            parts.append(looks(outcomes))
        if unlearnt.get(stage):
            parts.append(rivals(stage, unlearnt[stage]))
    return "\n\n".join(parts) + "\n"


def _done(stage: str, outcomes: Sequence[Outcome]) -> list[Trial]:
    return [trial for trial in TRIALS if trial.stage == stage and _of(outcomes, trial)]


def _of(outcomes: Iterable[Outcome], trial: Trial) -> list[Outcome]:
    return [o for o in outcomes if (o.stage, o.name) == (trial.stage, trial.name)]


def _values(
    outcomes: Iterable[Outcome], stage: str, name: str | None, place: tuple[str, str]
) -> list[float]:
    method, figure = place
    return [
        o.figures[method][figure]
        for o in outcomes
        if o.stage == stage
        and (name is None or o.name == name)
        and figure in o.figures.get(method, {})
    ]


def _paired(outcomes: Sequence[Outcome], trial: Trial, place: tuple[str, str]) -> list[float]:
    """Differences between runs of one seed: the seed's own luck cancels."""
    gains = []
    for mine in _of(outcomes, trial):
        seeds = [o for o in outcomes if o.seed == mine.seed]
        other = _values(seeds, trial.stage, trial.against, place)
        own = _values([mine], trial.stage, None, place)
        gains += [a - b for a, b in zip(own, other, strict=False)]
    return gains


def _spread(values: Sequence[float], digits: int, *, signed: bool = False) -> str:
    if not values:
        return "–"
    mean = _number(float(np.mean(values)), digits, signed=signed)
    if len(values) < 2:
        return mean
    return f"{mean} ± {_number(float(np.std(values, ddof=1)), digits)}"


def _number(value: float, digits: int, *, signed: bool = False) -> str:
    return "–" if np.isnan(value) else format(value, f"{'+' if signed else ''}.{digits}f")


def _header(titles: Sequence[str]) -> list[str]:
    return [_row(titles), "|" + "---|" * len(titles)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
