"""Memory that an export of 100 scans of 24 megapixels takes, in each form, with the photographs.

The scans are made: a soft gradient with grain as JPEG, masks of cracks, specks and holes (about 3,000
parts each). Each form goes out through the page's own view in a process of its own; told is by how
much its resident memory grew at most. EXPORT_SCANS and EXPORT_FORMS (`coco,png`) change what is done.
"""

import io
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

SCANS = int(os.environ.get("EXPORT_SCANS", "100"))
FORMS = os.environ.get("EXPORT_FORMS", "")
WIDTH, HEIGHT = 6000, 4000
DISTINCT = 10  # masks and originals; each is read anew for every photo that has it
CRACKS, SPECKS, HOLES = 60, 2_900, 12
TARGET_MB = 300

Mask = NDArray[np.uint8]


def painted(rng: np.random.Generator) -> Mask:
    """HEIGHT x WIDTH class bits with all four classes."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    planes = {bit: np.zeros_like(mask) for bit in (1, 2, 4, 128)}
    for _ in range(CRACKS):
        steps = rng.normal(0, 1, (400, 2)).cumsum(axis=0) * 6 + rng.uniform(-9, 9, 2) * 4
        path = (rng.uniform(0, 1, 2) * (WIDTH, HEIGHT) + steps).astype(np.int32)
        cv2.polylines(planes[1], [path], False, 1, int(rng.integers(2, 9)))
    for x, y, radius in rng.uniform(0, 1, (SPECKS, 3)) * (WIDTH, HEIGHT, 7):
        cv2.circle(planes[2], (int(x), int(y)), int(radius), 1, -1)
    for number in range(HOLES):
        middle, angles = rng.uniform(0, 1, 2) * (WIDTH, HEIGHT), np.linspace(0, 6.28, 80)
        far = rng.uniform(60, 220, 80)[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)
        cv2.fillPoly(planes[4 if number % 4 else 128], [(middle + far).astype(np.int32)], 1)
    planes[128][(planes[1] | planes[2] | planes[4]) > 0] = 0
    for bit, plane in planes.items():
        mask |= plane * np.uint8(bit)
    return mask


def scan(rng: np.random.Generator) -> bytes:
    """A JPEG of the full size."""
    ramp = np.linspace(60, 200, WIDTH, dtype=np.float32)[None] + np.zeros((HEIGHT, 1), np.float32)
    grain = rng.normal(0, 4, (HEIGHT // 8, WIDTH // 8)).astype(np.float32)
    grey = np.clip(ramp + np.kron(grain, np.ones((8, 8), np.float32)), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(grey).save(out, "JPEG", quality=85)
    return out.getvalue()


def build() -> None:
    """Photos with accepted masks, and a suggestion each, in the database of this process."""
    from annotate.models import DefectMask, Suggestion
    from annotate.services.import_export.imports import add_mask, stored
    from photos import storage
    from photos.masks.arrays import encode_png
    from photos.models import Photo

    rng = np.random.default_rng(3)
    files, masks, maps = [], [], []
    for _ in range(min(DISTINCT, SCANS)):
        mask = painted(rng)
        files.append(storage.put(scan(rng), "image/jpeg"))
        masks.append(stored(mask))
        maps.append(storage.put(encode_png(mask & 7), "image/png"))
    size = {"source_width": WIDTH, "source_height": HEIGHT, "orientation": 1}
    for number in range(SCANS):
        file = files[number % len(files)]
        photo = Photo.objects.create(
            title=f"scan {number}", original_name=f"box {number // 20}/scan {number}.jpg",
            original=file, display=file, width=WIDTH, height=HEIGHT, transform=size,
            state=Photo.State.READY, training_allowed=True,
        )  # fmt: skip
        facts: dict[str, Any] = {"origin": DefectMask.Origin.IMPORTED, "state": "accepted"}
        add_mask(photo, masks[number % len(masks)], **facts)
        suggested = maps[number % len(maps)]
        Suggestion.objects.create(photo=photo, weights="x", probability=suggested, threshold=0.5)


def begin(folder: str) -> None:
    os.environ.update(
        HEIRLOOM_VAR=folder, DJANGO_SETTINGS_MODULE="config.settings", DATABASE_URL="",
        LOG_LEVEL="ERROR", DEMO="0",
    )  # fmt: skip
    import django

    django.setup()


def measured(folder: str, kind: str) -> tuple[float, float, float]:
    """(MB of growth, MB of the ZIP, seconds) of one form; in a process of its own."""
    begin(folder)
    from annotate.services.import_export import exports
    from annotate.views.import_export import hand_out

    exports.newest_accepted()  # what a process loads once
    before, start, size = resident()[0], time.perf_counter(), 0
    answer = hand_out(kind, {}, pictures=True)
    for piece in answer.streaming_content:  # type: ignore[attr-defined]
        size += len(piece)
    answer.close()
    return resident()[1] - before, size / 2**20, time.perf_counter() - start


def resident() -> tuple[float, float]:
    """(MB now, MB at most so far); where the system does not tell, the most for both."""
    status = Path("/proc/self/status")
    if not status.exists():
        unit = 2**20 if sys.platform == "darwin" else 2**10
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
        return most, most
    said = dict(line.split(":", 1) for line in status.read_text().splitlines())
    now, most = (int(said[key].split()[0]) / 2**10 for key in ("VmRSS", "VmHWM"))
    return now, most


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        begin(folder)
        from django.core.management import call_command

        from annotate.services.import_export.options import FORMATS

        call_command("migrate", verbosity=0)
        build()
        print(f"{SCANS} scans of {WIDTH * HEIGHT / 1e6:.0f} megapixels, with the photographs")
        print(f"{'form':22}{'growth, MB':>11}{'ZIP, MB':>9}{'seconds':>9}")
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            for kind in FORMS.split(",") if FORMS else FORMATS:
                growth, size, seconds = pool.apply(measured, (folder, kind))
                print(f"{kind:22}{growth:11.0f}{size:9.0f}{seconds:9.0f}", flush=True)
        print(f"target: under {TARGET_MB} MB in each form")
