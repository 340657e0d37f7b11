"""`python -m tests.pipeline.batch.mixed [--files N] [--seed N]`: a folder as old disks hold them,
restored under kill -9 until it is done; then nothing is lost and a second call does nothing.

Networks are tiny: this is about files. About twenty minutes for 2,000 on two cores.
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
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[3]
PAUSES = (4.0, 20.0)  # seconds between two kills
STOPPED_BY_KILL = -9
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
    for path in out.rglob("*.png"):
        with Image.open(path) as picture:
            picture.load()
    assert not list(out.rglob("*.partial"))
    return states


def restoring(folder, out, weights, workers):
    code = [sys.executable, "-m", "tests.pipeline.batch.mixed", "--restore", str(folder), str(out)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment["DATABASE_URL"] = f"sqlite:///{weights}/none.sqlite3"
    return subprocess.Popen(
        [*code, str(weights), str(workers)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def restore(folder, out, weights, workers):
    import django

    django.setup()
    from django.core.management import call_command

    from pipeline.batch import networks

    networks.SHIPPED = Path(weights)
    words = [folder, "--out", out, "--workers", workers, "--engine", "onnx", "--only", "inpainted"]
    call_command("restore", *words)


def main(count, seed):
    from tests.pipeline.engine.tiny import ARGUMENTS, weight_file

    dice, kills, start = random.Random(seed), 0, time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder, out, weights = (Path(name) / each for each in ("in", "out", "weights"))
        weights.mkdir()
        for stage in ARGUMENTS:
            weight_file(weights, stage)
        made = build(folder, count, seed)
        while True:
            process = restoring(folder, out, weights, 2)
            try:
                code = process.wait(dice.uniform(*PAUSES) * (1 + kills / 10))
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
        assert code == 2, code
        states = check(folder, out, made, ("done", "skipped", "refused", "passed over"))
        before = {path: path.stat().st_mtime_ns for path in out.rglob("*.inpainted.png")}
        assert restoring(folder, out, weights, 2).wait() == 2
        again = check(folder, out, made, ("skipped", "refused", "passed over"))
        assert {path: path.stat().st_mtime_ns for path in before} == before
    seconds = time.monotonic() - start
    print(f"{count} files, {kills} kills, {seconds:.0f} s: {dict(states)}; then {dict(again)}")


if __name__ == "__main__":
    if "--restore" in sys.argv:
        restore(*sys.argv[2:])
    else:
        parser = argparse.ArgumentParser()
        parser.add_argument("--files", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=1)
        asked = parser.parse_args()
        main(asked.files, asked.seed)
