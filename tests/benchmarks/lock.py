"""Writes requirements.lock: each run-time package at one version, with its files' hashes.

`make lock` keeps the versions that are locked already and fits them to requirements.txt;
`make lock UPGRADE=--upgrade` takes the newest that it allows. torch and what only its CUDA wheels
bring are left out: their files differ by index, so requirements.txt alone pins torch.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = "requirements.lock"
# What differs between torch's wheels for processors and for cards.
BY_INDEX = re.compile(r"torch|triton|cuda-[\w-]+|nvidia-[\w-]+")
HEAD = """\
# Made by `make lock` from requirements.txt: do not edit. Python 3.11 and newer; Linux on x86 and
# arm, macOS. torch stands in requirements.txt alone: its wheel differs by index, processor or card.
"""


def compiled(options: list[str]) -> str:
    """What uv answers, with all markers and the hashes of all files; raises on any conflict."""
    command = [
        *("uv", "pip", "compile", "requirements.txt", "--universal", "--generate-hashes"),
        *("--python-version", "3.11", "--no-header", "--quiet", "--output-file", LOCK),
        *options,
    ]
    # Only the registry's own names and files: no index of the machine's may get in.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    subprocess.run([*command, "--no-config"], cwd=ROOT, check=True, env=clean)
    return (ROOT / LOCK).read_text()


def portable(text: str) -> str:
    """The lock without the blocks (a name's line and the indented ones below it) of `BY_INDEX`."""
    blocks = re.split(r"^(?=\w)", text, flags=re.MULTILINE)
    kept = [block for block in blocks if not BY_INDEX.fullmatch(block.split("==")[0])]
    return HEAD + "".join(block for block in kept if "==" in block)


if __name__ == "__main__":
    (ROOT / LOCK).write_text(portable(compiled(sys.argv[1:])))
