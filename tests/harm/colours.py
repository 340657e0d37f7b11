"""`python -m tests.harm.colours --data FOLDER`: every goal of colour and tones, what is reached, in one table.

FOLDER holds `SOURCES.tsv` (file, split) with `photos` (colour scenes) and `portraits`. Some six minutes
of one core at the split's size; `--weights FILE` measures another network.
"""

import argparse
import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.engine.guards.sessions import FACE_MODEL
from tests.benchmarks import colour_strokes
from tests.harm import tones
from training.measuring import evaluate


@dataclass(frozen=True)
class Goal:
    """A measure, what it has, and what it shall have at most or at least."""

    name: str
    value: float
    goal: float
    at_most: bool = True

    @property
    def met(self):
        return self.value <= self.goal if self.at_most else self.value >= self.goal

    def __str__(self):
        sign = "at most" if self.at_most else "at least"
        verdict = "met" if self.met else "missed"
        return f"{self.name} | {self.value:.4g} | {sign} {self.goal:g} | {verdict}"


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--data", type=Path, required=True)
    words.add_argument("--weights", type=Path, default=colour_strokes.WEIGHTS)
    words.add_argument("--split", default="val", help="of the scenes, the strokes and the tones")
    given = words.parse_args()
    print("measure | reached | goal | \n---|---|---|---")
    for goal in goals(given.data, given.weights, given.split):
        print(goal, flush=True)


def goals(data, weights, split) -> Iterator[Goal]:
    yield from of_scenes(measured(data, weights, "--split", split, "--only", "photos/"))
    varied = measured(data, weights, "--only", "portraits/interfaces_", "--held-out", "24")
    official = measured(data, weights, "--split", "val", "--only", "portraits/congress_")
    yield from of_portraits(varied["network"], official["network"])
    yield from of_strokes(data, weights, split)
    yield from of_tones(data, split)


def measured(data, weights, *choice):
    """The figures by method of photographs that `choice` names."""
    words = ["colorization", "--data", str(data), "--weights", str(weights), *choice]
    said = io.StringIO()
    with redirect_stdout(said):
        evaluate.main([*words, "--faces", str(FACE_MODEL), "--json"])
    return json.loads(said.getvalue())["methods"]


def of_scenes(methods) -> Iterator[Goal]:
    network, mean = methods["network"], methods["mean chroma"]
    yield Goal("scenes: MSE on Cb and Cr, of grey's", network["to_grey"], 0.75)
    yield Goal("scenes: the same, of one mean chroma's", network["mse_cbcr"] / mean["mse_cbcr"], 1)
    yield Goal("scenes: share worse than grey", network["worse_than_grey"], 1 / 8)
    yield Goal("scenes: colourfulness, of the truth's", network["colourfulness"], 0.65, False)


def of_portraits(varied, official) -> Iterator[Goal]:
    yield Goal("varied portraits: MSE, of grey's", varied["to_grey"], 0.55)
    yield Goal("official portraits: MSE", official["mse_cbcr"], 65)
    yield Goal("official faces: distance in Cb, Cr", official["chroma_error_faces"], 8)
    yield Goal("varied faces: the same", varied["chroma_error_faces"], 14)


def of_strokes(data, weights, split) -> Iterator[Goal]:
    for kind, ratios in colour_strokes.ratios(data, split, weights=weights).items():
        if ratios:
            cases = f"three strokes, {len(ratios)} {kind} cases, MSE after to before"
            yield Goal(f"{cases}: median", float(np.median(ratios)), colour_strokes.TARGET)
            yield Goal(f"{cases}: worst", max(ratios), colour_strokes.TARGET)


def of_tones(data, split) -> Iterator[Goal]:
    sound = tones.pictures(data, split, tones.SOUND)
    gains = [row.gain for row in tones.faded(sound, 3)]
    kept = tones.looked_at(sound)
    same = float(np.mean([row.psnr == float("inf") for row in kept]))
    yield Goal(
        "tones: median gain on drawn fades, dB", float(np.median(gains)), tones.TARGET_GAIN, False
    )
    yield Goal("tones: share of sound pictures left to the bit", same, tones.TARGET_SAME, False)
    yield Goal(
        "tones: least on sound pictures, dB",
        min(row.psnr for row in kept),
        tones.TARGET_LEAST,
        False,
    )
    yield Goal(
        "tones: most clipped of a sound picture",
        max(row.clipped for row in kept),
        tones.TARGET_CLIPPED,
    )


if __name__ == "__main__":
    main()
