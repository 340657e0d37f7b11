"""`python -m tests.crowd.killed_training [--seed N] [--kills N]`: kill -9 of a loop that trains.

At chosen moments (in the middle of a checkpoint, before it takes its place, between the best
weights and the checkpoint that knows of them, between the last checkpoint and the looks), and then
at random ones; each time the run goes on, and ends with the weights of one that nobody killed.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

MOMENTS = ("half", "aside", "best", "blend")
STAGES = {
    "segmentation": (*MOMENTS, "looks"),  # what alone finds thresholds for several looks
    "inpainting": MOMENTS,
    "colorization": MOMENTS,
}
LATEST = 12.0  # seconds after which a random kill comes at the latest
DIE = "os.kill(os.getpid(), signal.SIGKILL)"
"""What happens at a moment, in the process of the loop itself."""
HOOKS = {
    "half": f"""
from training.trainers import checkpoint
whole = checkpoint.save_file
def half(tensors, path, metadata):
    whole(tensors, path, metadata)
    os.truncate(path, os.path.getsize(path) // 2)
    {DIE}
checkpoint.save_file = half
""",
    "aside": f"""
from pathlib import Path
replace = Path.replace
def before(self, target):
    if Path(target).name == "resume.safetensors":
        {DIE}
    return replace(self, target)
Path.replace = before
""",
    "best": f"""
from training.trainers.trainer import Trainer
keep = Trainer.keep_if_best
def kept(self, *given):
    keep(self, *given)
    {DIE}
Trainer.keep_if_best = kept
""",
    "blend": f"""
from training.trainers import weight_averaging
def die(trainer, blends):
    {DIE}
weight_averaging._tried = die
""",
    "looks": f"""
from training.networks import weights
from training.trainers.trainer import Trainer
blends = Trainer.try_blends
def then(self, validate):
    blends(self, validate)
    def die(*given, **more):
        {DIE}
    weights.save = die
Trainer.try_blends = then
""",
}


def loop(folder: Path, moment: str = "") -> subprocess.Popen[bytes]:
    """The loop as a worker starts it; dies at the moment, if one is given."""
    code = f"""
import os, runpy, signal, sys
{HOOKS.get(moment, "")}
sys.argv = ["training.trainers", {str(folder)!r}]
runpy.run_module("training.trainers", run_name="__main__", alter_sys=True)
"""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    out = (folder / "said.log").open("ab")
    return subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=out, stderr=out)


def lay_out(folder: Path, stage: str) -> None:
    """Two epochs; the second is seldom better, so that halves are tried."""
    from tests.training.trainers.test_resume import run_in

    run_in(folder, stage, images=32, epoch_images=8)


def whole(folder: Path) -> dict[str, bytes]:
    """The bytes of every tensor that the run left: its best weights and its last state."""
    from safetensors.torch import load_file

    return {
        f"{name}/{key}": value.numpy().tobytes()
        for name in ("best", "resume")
        for key, value in load_file(folder / f"{name}.safetensors").items()
    }


def finish(folder: Path) -> int:
    return loop(folder).wait()


def at_moments(folder: Path, moments: Iterable[str]) -> list[str]:
    """All moments in one run, one after the other; those that did not come."""
    missed = []
    for moment in moments:
        if loop(folder, moment).wait() != -signal.SIGKILL:
            missed.append(moment)
    return missed


def at_random(folder: Path, kills: int, dice: random.Random) -> int:
    """How many of so many kills met a living loop."""
    met = 0
    for _ in range(kills):
        running = loop(folder)
        until = time.monotonic() + dice.uniform(0.5, LATEST)
        while running.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        if running.poll() is None:
            running.kill()
            met += 1
        running.wait()
    return met


def play(room: Path, stage: str, kills: int, dice: random.Random) -> bool:
    """Whether one killed at the moments and one killed at random end like one left alone."""
    for name in ("alone", "moments", "random"):
        lay_out(room / name, stage)
    code = finish(room / "alone")
    wanted = whole(room / "alone")
    missed = at_moments(room / "moments", STAGES[stage])
    met = at_random(room / "random", kills, dice)
    codes = [code, finish(room / "moments"), finish(room / "random")]
    found = {name: whole(room / name) == wanted for name in ("moments", "random")}
    print(f"  {stage}: moments that did not come: {missed or 'none'}; {met} random kills; "
          f"ended with {codes}; equal to the bit: {found}", flush=True)  # fmt: skip
    return all(found.values()) and codes == [0, 0, 0] and not missed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--stage", choices=STAGES, action="append")
    given = parser.parse_args(arguments)
    print(f"training killed with seed {given.seed}", flush=True)
    dice, good = random.Random(given.seed), True
    for stage in given.stage or STAGES:
        with tempfile.TemporaryDirectory(prefix="heirloom-killed-") as name:
            good &= play(Path(name), stage, given.kills, dice)
    print("every run went on to the bit" if good else f"FAILED with --seed {given.seed}")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
