"""`python -m tests.harm.first_look FOLDER`: the README's picture, made anew by what ships.

The portrait that scikit-image brings is damaged and faded four times by our own synthesis and restored
by `manage.py restore`; FOLDER gets a sheet of each, and whoever looks at all four says which one the
README shows and what the others tell.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from skimage import data

from training.augmentation.samples import damage_photo

TIMES, GAP, WORDS = 4, 8, 30
PANEL = 320, 400  # px
PANELS = {
    "before": "",
    "damage found": "mask",
    "inpainted": "inpainted",
    "inpainted + colourised": "inpainted_colorized",
    "colourised only": "colorized",
}


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    folder = words.parse_args().folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(TIMES):
        damaged, _ = damage_photo(portrait(), rng=np.random.default_rng(seed))
        Image.fromarray(damaged).save(folder / f"damage{seed}.png")
    command = [sys.executable, "manage.py", "restore", str(folder), "--out", str(folder / "out")]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])
    for seed in range(TIMES):
        sheet(folder, f"damage{seed}").save(folder / f"first-look-{seed}.jpg", quality=88)


def portrait():
    return np.ascontiguousarray(data.astronaut()[:512, 50:460])


def sheet(folder, name):
    """The panels side by side with their names below."""
    panels = [panel(folder, name, kind).resize(PANEL) for kind in PANELS.values()]
    width, height = PANEL
    page = Image.new("RGB", (len(panels) * (width + GAP) - GAP, height + WORDS), (250, 249, 245))
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(16)
    for at, (title, picture) in enumerate(zip(PANELS, panels, strict=True)):
        page.paste(picture, (at * (width + GAP), 0))
        pen.text((at * (width + GAP) + 4, height + 5), title, (51, 51, 51), font)
    return page


def panel(folder, name, kind):
    before = Image.open(folder / f"{name}.png").convert("RGB")
    if kind != "mask":
        return Image.open(folder / "out" / f"{name}.{kind}.png").convert("RGB") if kind else before
    found = (
        Image.open(folder / "out" / f"{name}.mask.png").convert("L").point(lambda v: 255 * (v > 0))
    )
    return Image.composite(Image.new("RGB", before.size, (230, 60, 60)), before, found)


if __name__ == "__main__":
    main()
