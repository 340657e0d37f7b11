"""What a mask costs in actions: a simulated assessor with the painter's own tracer and specks.

Needs Node. Photographs come from BENCH_PHOTOS (a folder); without it scikit-image's own are used.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TypedDict

import cv2
import numpy as np
from numpy.typing import NDArray

from photos.decoding.ridges import cost_map
from photos.masks.metrics import tolerant_f1
from tests.benchmarks.effort.damage import Damage, damaged, photographs
from tests.benchmarks.effort.network import PRECISION, RECALL, Guess, guess

SLIP = 2.0  # px, standard deviation of a click
FOLDER = Path(__file__).parent


def main() -> None:
    if not shutil.which("node"):
        print("The effort simulation needs Node: its assessor uses the painter's own modules.")
        return
    print(f"host load {os.getloadavg()[0]:.1f}; clicks miss by {SLIP:g} px (standard deviation)")
    print(f"{'photograph':28} {'clicks':>7} {'F1 2px':>7} {'least':>7} {'Dice':>7} {'specks':>7}")
    totals: list[tuple[float, ...]] = []
    wholes: list[str] = []
    for seed, (name, photo) in enumerate(photographs()):
        case = damaged(photo, np.random.default_rng(seed))
        suggested = guess(case, np.random.default_rng([seed, 1]))
        done, spent, painted = work(case, suggested, seed)
        row = judge(case, done)
        wholes.append(f"{name[:28]:28} {whole(case, spent, painted)}")
        totals.append(row)
        print(f"{name[:28]:28} " + " ".join(f"{value:7.3f}" for value in row), flush=True)
    means = np.mean(totals, axis=0)
    targets = ("<= 4.00", ">= 0.95", "", ">= 0.88", ">= 0.95")
    print(f"{'mean':28} " + " ".join(f"{value:7.3f}" for value in means))
    print(f"{'target':28} " + " ".join(f"{target:>7}" for target in targets))
    print(
        f"\nThe whole photo: 14 cracks, 260 specks, and a suggestion. The map is simulated, recall "
        f"{RECALL:g} and precision {PRECISION:g} by component; no shipped network is that good yet."
    )
    kinds = ("actions", "F1 2px", "Dice", "keys", "review", "cracks", "specks", "erasing")
    print(f"{'photograph':28} " + " ".join(f"{kind:>7}" for kind in kinds))
    print("\n".join(wholes))
    print(f"{'target':28}  <= 120 >= 0.95")


class Crack(TypedDict):
    clicks: int
    runs: list[int]


class Done(TypedDict):
    """What the assessor painted: runs of row, first and last column of each crack and speck."""

    cracks: list[Crack]
    specks: list[list[int]]


def work(
    case: Damage, suggested: Guess, seed: int
) -> tuple[Done, dict[str, int], NDArray[np.uint8]]:
    """Every crack and speck by hand; then the whole photo with its suggestion: actions, mask."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "grey.raw").write_bytes(case.grey.tobytes())
        (folder / "cost.raw").write_bytes(cost_map(case.grey).tobytes())
        (folder / "cracks.raw").write_bytes(case.crack_of.tobytes())
        (folder / "specks.raw").write_bytes(case.speck_of.tobytes())
        (folder / "map.raw").write_bytes(suggested.probability.tobytes())
        height, width = case.grey.shape
        job = {"width": width, "height": height, "slip": SLIP, "seed": seed}
        job |= {"cracks": case.lines, "specks": case.centres, "invented": suggested.invented}
        job |= {"missedCracks": suggested.missed_cracks, "missedSpecks": suggested.missed_specks}
        (folder / "job.json").write_text(json.dumps(job))
        for script in ("assessor.mjs", "whole.mjs"):
            subprocess.run(["node", str(FOLDER / script), name], check=True)
        done: Done = json.loads((folder / "done.json").read_text())
        spent: dict[str, int] = json.loads((folder / "whole.json").read_text())
        painted = np.fromfile(folder / "painted.raw", np.uint8).reshape(height, width)
        return done, spent, painted


def whole(case: Damage, spent: dict[str, int], painted: NDArray[np.uint8]) -> str:
    """Actions, F1 with 2 px tolerance and Dice of all damage, actions by kind."""
    tolerant, strict = compare(painted > 0, (case.crack_of > 0) | (case.speck_of > 0))
    parts = " ".join(f"{count:7d}" for count in spent.values())
    return f"{sum(spent.values()):7d} {tolerant:7.3f} {strict:7.3f} {parts}"


def judge(case: Damage, done: Done) -> tuple[float, ...]:
    """Clicks a crack, median and least tolerant F1, median Dice, share of specks at Dice 0.8."""
    scores = []
    for number, crack in enumerate(done["cracks"]):
        painted = pixels(crack["runs"], case.grey.shape)
        scores.append((crack["clicks"], *compare(painted, case.crack_of == number + 1)))
    hits = []
    for number, runs in enumerate(done["specks"]):
        painted = pixels(runs, case.grey.shape)
        hits.append(compare(painted, case.speck_of == number + 1)[1] >= 0.8)
    clicks, tolerant, strict = np.array(scores).T
    return (
        float(clicks.mean()), float(np.median(tolerant)), float(tolerant.min()),
        float(np.median(strict)), float(np.mean(hits)),
    )  # fmt: skip


def pixels(runs: list[int], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    out = np.zeros(shape, bool)
    for y, x0, x1 in np.reshape(np.array(runs, int), (-1, 3)):
        out[y, x0:x1] = True
    return out


def compare(painted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """F1 with 2 px tolerance and Dice, on the box that holds both."""
    rows, columns = np.nonzero(painted | truth)
    if not len(rows):
        return 0.0, 0.0
    box = np.s_[
        max(0, rows.min() - 4) : rows.max() + 5, max(0, columns.min() - 4) : columns.max() + 5
    ]
    cv2.setNumThreads(1)
    both = np.count_nonzero(painted & truth)
    strict = 2 * both / (np.count_nonzero(painted) + np.count_nonzero(truth))
    return tolerant_f1(painted[box], truth[box]), float(strict)
