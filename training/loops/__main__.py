"""`python -m training.loops RUNDIR`: train what the folder says, from where it stopped.

torchrun --nproc-per-node N runs the same line on N processes. Exit codes: 0 finished, 75 stopped
and resumable, 1 failed (the reason is stderr's last line).
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from contextlib import nullcontext
from pathlib import Path

import torch

from training.loops.run_folder import RESUMABLE, RunFolder
from training.loops.stopping import Stopped, Stopper, die_with_parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.loops", description=__doc__)
    parser.add_argument("rundir", type=Path)
    run = RunFolder(parser.parse_args(arguments).rundir)
    stopper = Stopper().listen()
    try:
        spec = run.spec()
        if not spec.detached:
            die_with_parent()
        torch.set_num_threads(spec.threads)
        leads = os.environ.get("RANK", "0") == "0"  # torchrun's other ranks share the lock
        with run.locked() if leads else nullcontext():
            loop = importlib.import_module(f"training.loops.{spec.recipe.stage}")
            loop.train(run, spec, stopper)
    except Stopped:
        return RESUMABLE
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}".replace("\n", " ") + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
