"""`python -m tests.pipeline.batch.mixed [--files N] [--seed N] [--kills N]`: a folder as old disks
hold them, restored under kill -9 until it is done; then nothing is lost and a second call does
nothing.

This is about files: networks are tiny, and the decoder reads each in the worker itself instead of
a process of its own, which takes a second to start. Kills come after results, not after seconds:
however busy the machine is, each call gets some way.
"""

import argparse
import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[3]
LOOK = 0.2  # seconds between two looks at what is there
FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "PPM", "WEBP", "JPEG2000", "GIF")
NAMES = ("scan{}.jpg", "scan{}.JPG", "scan{}.png", "scan{}", "-x{}.tif", "=x{}.jfif", "a\nb{}.jpe")
NAMES += ("é{}.png", "e\u0301{}.png", "y" * 230 + "{}.png", os.fsdecode(b"\xf4\xee\xf2\xee{}.jpg"))


def image(rng, format):
    pixels = rng.integers(0, 256, (18, 24, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format)
    return out.getvalue()


def strange(rng, k):
    """(ending, bytes): what is no photograph, or a broken one."""
    jpeg = image(rng, "JPEG")
    frames = [Image.fromarray(rng.integers(0, 256, (9, 9, 3), np.uint8)) for _ in range(2)]
    moving = io.BytesIO()
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    return [
        ("jpg", b""),
        ("jpg", b"these are notes"),
        ("txt", b"these are notes"),
        ("jpg", jpeg[: len(jpeg) // 2]),
        ("pdf", b"%PDF-1.7"),
        ("raf", b"FUJIFILMCCD-RAW 0201"),
        ("gif", moving.getvalue()),
        ("db", b"\0\0\0\1"),
        ("png", image(rng, "PNG")[:60]),
    ][k % 9]


def build(folder, count, seed=1):
    """A tree of `count` files, pipes and dead links; answers their paths."""
    rng = np.random.default_rng(seed)
    made = set()
    while len(made) < count:
        k = len(made)
        place = folder / ("a", "b", "b/1912", "B2", "c\u0301")[k % 5]
        place.mkdir(parents=True, exist_ok=True)
        name = NAMES[int(rng.integers(len(NAMES)))].format(int(rng.integers(count // 8 + 2)))
        path = place / name
        if k % 4 == 3:
            ending, data = strange(rng, k // 4)
            path = place / f"other{k}.{ending}"
        elif k % 50 == 1:
            path = place / f"dead{k}.jpg"
            path.symlink_to("nowhere")
            made.add(path)
            continue
        elif k % 50 == 2:
            path = place / f"pipe{k}.jpg"
            os.mkfifo(path)
            made.add(path)
            continue
        else:
            data = image(rng, FORMATS[k % len(FORMATS)])
        if path not in made:
            path.write_bytes(data)
            made.add(path)
    return made


def rows(out):
    with (out / "summary.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def check(folder, out, made, allowed):
    """Every file in exactly one row, every result whole, nothing half written."""
    from photos.file_names import shown

    found = rows(out)
    assert sorted(row["photo"] for row in found) == sorted(shown(path) for path in made)
    states = Counter(row["state"] for row in found)
    assert set(states) <= set(allowed), states
    facts = [json.loads(path.read_text()) for path in out.rglob("*.json")]
    assert len(facts) == states["done"] + states["skipped"]
    assert len({each["source"] for each in facts}) == len(facts)
    check_whole(out)
    assert not list(out.rglob("*.partial"))
    return states


def check_whole(out):
    """What is there can be opened, even behind a kill."""
    for path in out.rglob("*.json"):
        json.loads(path.read_text())
    for path in out.rglob("*.png"):
        with Image.open(path) as picture:
            picture.load()


def restoring(folder, out, weights, workers):
    code = [sys.executable, "-m", "tests.pipeline.batch.mixed", "--restore", str(folder), str(out)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment["DATABASE_URL"] = f"sqlite:///{weights}/none.sqlite3"
    return subprocess.Popen(
        [*code, str(weights), str(workers)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def decoding_here(run, command, *args, **options):
    """`subprocess.run`, but the decoder's child is no process: it takes a second to start."""
    if command[1:3] != ["-m", "photos.decoding.child"]:
        return run(command, *args, **options)
    from photos.decoding.child import read
    from photos.decoding.confined import REFUSED
    from photos.decoding.formats import Refusal
    from photos.decoding.opening import Limits

    answered = partial(subprocess.CompletedProcess, command)
    try:
        read(Path(command[3]), Path(command[4]), Limits(**json.loads(options["input"])))
    except Refusal as reason:
        return answered(REFUSED, str(reason), "")
    return answered(0, "", "")


def restore(folder, out, weights, workers):
    import django

    django.setup()
    from django.core.management import call_command

    from pipeline.batch import networks

    networks.SHIPPED = Path(weights)
    words = [folder, "--out", out, "--workers", workers, "--engine", "onnx", "--only", "inpainted"]
    call_command("restore", *words)


def there(out):
    return sum(1 for _ in out.rglob("*.json"))


def killed(process, out, results, dice):
    """Kills it some time after so many more results; answers whether it was not faster."""
    goal = there(out) + results
    while process.poll() is None and there(out) < goal:
        time.sleep(LOOK)
    time.sleep(dice.uniform(0, LOOK))
    process.kill()
    return process.wait() != 2


def main(count, seed, most):
    from tests.pipeline.engine.tiny import ARGUMENTS, weight_file

    dice, kills, start = random.Random(seed), 0, time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder, out, weights = (Path(name) / each for each in ("in", "out", "weights"))
        weights.mkdir()
        for stage in ARGUMENTS:
            weight_file(weights, stage)
        made = build(folder, count, seed)
        for _ in range(most):
            process = restoring(folder, out, weights, 2)
            kills += killed(process, out, dice.randint(1, max(1, count // (2 * most))), dice)
            check_whole(out)
        left = there(out)
        assert restoring(folder, out, weights, 2).wait() == 2
        states = check(folder, out, made, ("done", "skipped", "refused", "passed over"))
        before = {path: path.stat().st_mtime_ns for path in out.rglob("*.inpainted.png")}
        assert restoring(folder, out, weights, 2).wait() == 2
        again = check(folder, out, made, ("skipped", "refused", "passed over"))
        assert {path: path.stat().st_mtime_ns for path in before} == before
    seconds = time.monotonic() - start
    print(f"{count} files, {kills} kills ({left} there behind the last), {seconds:.0f} s:")
    print(f"{dict(states)}; then {dict(again)}")


if "--restore" in sys.argv:  # and in the workers, which read this module anew
    subprocess.run = partial(decoding_here, subprocess.run)

if __name__ == "__main__":
    if "--restore" in sys.argv:
        restore(*sys.argv[2:])
    else:
        parser = argparse.ArgumentParser()
        parser.add_argument("--files", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--kills", type=int, default=6)
        asked = parser.parse_args()
        main(asked.files, asked.seed, asked.kills)
