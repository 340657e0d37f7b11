"""The engine's tones on a picture that the script's test draws as well: `tests/pipeline/tones.json`.

After a change of the tones: `python -m tests.pipeline.engine.tones.test_golden` writes it anew.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from pipeline.engine.tones.applying import toned
from pipeline.engine.tones.measuring import measured

GOLDEN = Path(__file__).parents[2] / "tones.json"
CASES = ((1.0, False, False), (0.4, False, False), (1.0, True, False), (0.8, False, True))
EACH = 53


def picture():
    """96 x 144 x 3: a slow wave and a fine one, faded."""
    y, x = np.mgrid[:96, :144]
    slow = 40 * np.sin(x / 23) * np.cos(y / 17)
    fine = (x * 7 + y * 13) % 29
    planes = [95 + slow + fine + shift * np.cos(x / 40) for shift in (18, 0, -14)]
    return np.clip(np.floor(np.stack(planes, 2)), 40, 180).astype(np.uint8)


def drawn(image, tones, strength, by_luma):
    return toned(image, tones, strength, by_luma=by_luma).reshape(-1, 3)[::EACH].tolist()


def golden():
    image = picture()
    tones = measured(image)
    cases = [
        {
            "strength": strength,
            "by_luma": by_luma,
            "grey": grey,
            "pixels": drawn(image, replace(tones, grey=grey), strength, by_luma),
        }
        for strength, by_luma, grey in CASES
    ]
    return {
        "each": EACH,
        "curves": {"luma": tones.luma, "channels": tones.channels},
        "cases": cases,
    }


def test_the_engine_draws_what_the_script_is_held_to():
    kept = json.loads(GOLDEN.read_text())
    now = json.loads(json.dumps(golden()))
    assert now["curves"] == kept["curves"]
    for here, there in zip(now["cases"], kept["cases"], strict=True):
        off = np.abs(np.array(here["pixels"]) - np.array(there["pixels"]))
        assert off.max() <= 1


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden()) + "\n")
