"""`python -m training.trainers RUNDIR`: train what the folder says, from where it stopped.

torchrun --nproc-per-node N runs the same line on N processes; so does `--processes N`. Exit codes:
0 finished, 75 resumable (stopped, or another process trains in the folder), 1 failed (the reason is
stderr's last line). torchrun answers 1 whatever happened: several processes leave their code in the
folder's file `exit`. With --until N the run stops after N images with code 0, and may go on later.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import NoReturn

import torch

from photos.files import write_whole
from training.run_folder import EXIT, RESUMABLE, Busy, RunFolder
from training.trainers.early_exit import Stopped, Stopper, die_with_parent
from training.trainers.feeding.unpacked import unpacked


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.trainers", description=__doc__)
    parser.add_argument("rundir", type=Path)
    parser.add_argument("--processes", type=int, default=1, help="share every batch among so many")
    parser.add_argument("--until", type=int, metavar="N", help="stop after so many images")
    options = parser.parse_args(arguments)
    if options.until is not None and options.until < 1:
        parser.error("--until must be at least 1")
    run = RunFolder(options.rundir)
    if options.processes > 1:
        become_torchrun(run, options.processes, options.until)
    code = train_in(run, options.until)
    if "RANK" in os.environ and os.environ["RANK"] == "0":
        write_whole(run.path / EXIT, str(code).encode())
    return code


def become_torchrun(run: RunFolder, processes: int, until: int | None) -> NoReturn:
    """This process turns into torchrun, and so still ends with its parent."""
    (run.path / EXIT).unlink(missing_ok=True)
    if not run.spec().detached:
        die_with_parent()
    line = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    line += ["--nproc-per-node", str(processes), "-m", "training.trainers", str(run.path)]
    line += [] if until is None else ["--until", str(until)]
    os.execv(sys.executable, line)  # noqa: S606 - a list of our own words, no shell


def train_in(run: RunFolder, until: int | None = None) -> int:
    """Train until finished, stopped or failed; the exit code."""
    stopper = Stopper(until).listen()
    try:
        spec = run.spec()
        if not spec.detached:
            die_with_parent()
        world = int(os.environ.get("WORLD_SIZE", "1"))
        torch.set_num_threads(max(1, spec.threads // world))
        leads = os.environ.get("RANK", "0") == "0"  # torchrun's other ranks share the lock
        with run.locked() if leads else nullcontext(), ExitStack() as scratch:
            rank = int(os.environ.get("RANK", "0"))
            scratch.enter_context(unpacked(run, spec, rank, world, lambda: stopper.asked))
            loop = importlib.import_module(f"training.trainers.{spec.recipe.stage}")
            loop.train(run, spec, stopper)
    except Stopped:
        return RESUMABLE if stopper.asked else 0
    except Busy:
        return RESUMABLE
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}".replace("\n", " ") + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
