"""`python -m tests.harm [--data FOLDER]`: the harm table of the shipped finder and the guards.

FOLDER may hold `portraits`, `prints_sound` and `old_photos`; without it the drawn set alone is
looked at.
"""

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from pipeline.engine.networks import open_network
from tests.harm.creases import damaged
from tests.harm.measures import (
    TOUCHED,
    WEIGHTS,
    harmed_face,
    look,
    of_creases,
    packaged,
    pictures_in,
)
from training.probes.harm.pictures import harm_pictures

MOST_FILLED = 0.5  # percent of an object
FOLDERS = ("portraits", "prints_sound", "old_photos")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--data", type=Path, help="folder with portraits, prints_sound, old_photos")
    words.add_argument("--weights", type=Path, default=WEIGHTS)
    words.add_argument("--every", type=int, default=1, help="only each N-th picture of the data")
    words.add_argument("--threads", type=int, default=1)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as exports:
        network = open_network(
            given.weights, engine="onnx", threads=given.threads, exports=Path(exports)
        )
        objects(network)
        sound(network)
        creases(network)
        for folder in FOLDERS if given.data else ():
            if (given.data / folder).is_dir():
                faces(network, given.data / folder, given.every)


def objects(network) -> None:
    print("object | filled before, % | filled, % | asked\n---|---|---|---")
    over = 0
    for each in harm_pictures(np.random.default_rng(0)):
        looked = look(each.picture, network)
        before, after = (
            100 * plane[each.object_mask].mean() for plane in (looked.before, looked.after)
        )
        over += after > MOST_FILLED
        flag = " *" if after > MOST_FILLED else ""
        print(f"{each.name} | {before:.2f} | {after:.2f}{flag} | {len(looked.found.proposals)}")
    print(f"above {MOST_FILLED} %: {over}\n")


def sound(network) -> None:
    """Whole photographs that nothing is wrong with; see `packaged` for what training knows."""
    print("sound, packaged | filled before, % | filled, % | asked\n---|---|---|---")
    for name, picture in packaged():
        looked = look(picture, network)
        before, after = (100 * plane.mean() for plane in (looked.before, looked.after))
        print(f"{name} | {before:.2f} | {after:.2f} | {len(looked.found.proposals)}")
    print()


def creases(network) -> None:
    counts = defaultdict(lambda: np.zeros(5, int))
    for name, picture, truth in damaged(np.random.default_rng(5)):
        counts[name] += of_creases(truth, look(picture, network))
    print("over a face | found | of it filled outside features | of it filled or asked")
    print("---|---|---|---")
    for name, (plain, filled, found, kept, drawn) in counts.items():
        print(
            f"{name} | {found / max(drawn, 1):.3f} | {filled / max(plain, 1):.3f} "
            f"| {kept / max(found, 1):.3f}"
        )
    print()


def faces(network, folder: Path, every: int) -> None:
    seen, touched, lost, seconds = 0, [], [], np.zeros(2)
    for name, picture in list(pictures_in(folder))[::every]:
        looked = look(picture, network)
        seconds += looked.finder, looked.guards
        for face in looked.found.faces:
            seen += 1
            share, gone = harmed_face(face, looked.after)
            if share > TOUCHED:
                touched.append(f"{name} ({100 * share:.1f} %)")
            if gone:
                lost.append(name)
    print(f"{folder.name}: {seen} faces, more than 1 % filled: {len(touched)}, lost: {len(lost)}")
    print("\n".join(f"  {each}" for each in touched + lost))
    print(f"guards' time over the finder's one look: {seconds[1] / max(seconds[0], 1e-9):.2f}\n")


if __name__ == "__main__":
    main()
