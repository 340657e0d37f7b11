"""`python -m training.cli.export_onnx WEIGHTS FILE.onnx --size 512x512`: for other programs.

With a size, a graph of that size alone, which OpenCV and onnxruntime-web run; without one, the
graph with free height and width that the site itself runs.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from training.networks.onnx.export import ExportError, to_onnx
from training.networks.onnx.fixed import to_fixed_onnx
from training.networks.padding import AnySize
from training.networks.weights import load


def size_of(text: str) -> tuple[int, int]:
    """(width, height) of a text such as 512x384. Raises argparse's error otherwise."""
    found = re.fullmatch(r"([0-9]{1,4})x([0-9]{1,4})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 512x512")
    return int(found[1]), int(found[2])


def write(weights: Path, target: Path, size: tuple[int, int] | None) -> float:
    """Writes the graph; its largest difference to torch. Raises ValueError, OSError."""
    module, card = load(weights)
    if not isinstance(module, AnySize):
        raise ValueError(f"{weights.name} holds no network that can be exported")
    if size is None:
        return to_onnx(module, target, card["stage"])
    return to_fixed_onnx(module, target, card["stage"], width=size[0], height=size[1])


def main(arguments: list[str] | None = None) -> int:
    """Exit code of the process."""
    parser = argparse.ArgumentParser(prog="python -m training.cli.export_onnx", description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--size", type=size_of, help="width x height, px")
    options = parser.parse_args(arguments)
    try:
        difference = write(options.weights, options.file, options.size)
    except (ExportError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    size = options.file.stat().st_size / 1e6
    sys.stdout.write(f"{options.file}: {size:.1f} MB, within {difference:.1g} of torch\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
