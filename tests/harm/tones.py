"""`python -m tests.harm.tones --data FOLDER`: tones on drawn fades, and on sound pictures.

FOLDER holds `SOURCES.tsv` (file, split) with `photos` and `portraits`, sound pictures, and
`prints_sound`, prints of a century, which nobody calls sound in their tones. Every sound picture
is also faded by drawing: black 30 to 60, white 140 to 200, a power of .7 to 1.4, each channel
shifted by -15 to 15. "auto" decides the strength everywhere, as nobody looks on.
"""

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from pipeline.engine.colourful import why_skipped
from pipeline.engine.tones.applying import toned
from pipeline.engine.tones.measuring import measured

SOUND, PRINTS = ("photos", "portraits"), ("prints_sound",)
BLACK, WHITE, POWER, CAST = (30, 60), (140, 200), (0.7, 1.4), 15
LONGEST = 1024  # px: larger pictures are looked at on a copy
TARGET_GAIN, TARGET_SAME, TARGET_LEAST, TARGET_CLIPPED = 4.0, 0.9, 40.0, 0.001


@dataclass(frozen=True)
class Fade:
    """A drawn fade: levels of 255, a power, and levels for each channel."""

    black: float
    white: float
    power: float
    cast: tuple[float, float, float]

    @classmethod
    def drawn(cls, rng):
        cast = tuple(rng.uniform(-CAST, CAST, 3))
        return cls(rng.uniform(*BLACK), rng.uniform(*WHITE), rng.uniform(*POWER), cast)

    def of(self, picture):
        """uint8 H x W x 3, faded."""
        faded = self.black + (self.white - self.black) * (picture / 255.0) ** self.power
        return np.clip(np.rint(faded + self.cast), 0, 255).astype(np.uint8)

    def cells(self):
        yield "black", f"{self.black // 10 * 10:.0f} to {self.black // 10 * 10 + 10:.0f}"
        yield "white", f"{self.white // 20 * 20:.0f} to {self.white // 20 * 20 + 20:.0f}"
        yield (
            "power",
            "below .9" if self.power < 0.9 else "above 1.1" if self.power > 1.1 else "near 1",
        )
        spread = max(self.cast) - min(self.cast)
        yield "cast", "under 10" if spread < 10 else "10 to 20" if spread < 20 else "20 and more"


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--data", type=Path, required=True)
    words.add_argument("--split", default="val")
    words.add_argument("--fades", type=int, default=3, help="drawn fades of each picture")
    given = words.parse_args()
    sound = pictures(given.data, given.split, SOUND)
    on_fades(sound, given.fades)
    on_sound(sound)
    on_prints(pictures(given.data, given.split, PRINTS))


def pictures(folder, split, kinds):
    """(name, uint8 H x W x 3) of a split."""
    with (folder / "SOURCES.tsv").open(encoding="utf-8") as table:
        rows = csv.DictReader(table, delimiter="\t")
        names = [
            row["file"]
            for row in rows
            if row["split"] == split and row["file"].split("/")[0] in kinds
        ]
    return [(name, read(folder / name)) for name in names]


def read(path):
    picture = cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    scale = min(1.0, LONGEST / max(picture.shape[:2]))
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def auto(picture):
    """(the picture with the tones it calls for, their strength)."""
    tones = measured(picture)
    return toned(picture, tones, tones.auto()), tones.auto()


def psnr(one, other):
    error = np.mean((one.astype(np.float64) - other) ** 2)
    return float("inf") if error == 0 else 10 * np.log10(255**2 / error)


def clipped(after, before):
    """The share of values at either end that were not there before."""
    return float(np.mean(((after == 0) & (before > 0)) | ((after == 255) & (before < 255))))


@dataclass(frozen=True)
class Faded:
    """A faded picture and what "auto" made of it."""

    gain: float
    name: str
    fade: Fade
    before: float
    strength: float
    clipped: float
    colour: str

    @classmethod
    def tried(cls, name, picture, fade):
        """`gain` and `before` (the fade alone) in dB against the sound picture."""
        faded = fade.of(picture)
        after, strength = auto(faded)
        before = psnr(faded, picture)
        gain = psnr(after, picture) - before
        colour = "colour" if why_skipped(picture) else "grey"
        return cls(gain, name, fade, before, strength, clipped(after, faded), colour)

    def cells(self):
        folder = self.name.split("/")[0]
        return [*self.fade.cells(), ("folder", folder), ("picture", self.colour)]


def faded(sound, times):
    """`times` drawn fades of each sound picture, the same at every call."""
    rng = np.random.default_rng(20)
    return [Faded.tried(*each, Fade.drawn(rng)) for each in sound for _ in range(times)]


def on_fades(sound, times):
    rows = faded(sound, times)
    gains = np.array([row.gain for row in rows])
    print(f"drawn fades: {len(rows)} of {len(sound)} pictures")
    print(f"median gain {np.median(gains):.2f} dB (target {TARGET_GAIN}), ", end="")
    print(
        f"tenth {np.percentile(gains, 10):.2f} dB, worse than faded {np.mean(gains < 0):.1%}, ",
        end="",
    )
    print(f"left alone {np.mean([row.strength == 0 for row in rows]):.1%}, ", end="")
    print(f"most clipped {max(row.clipped for row in rows):.3%}\n")
    by_cell(rows)
    print("\nworst | gain, dB | fade | before, dB\n---|---|---|---")
    for row in sorted(rows, key=lambda row: row.gain)[:8]:
        fade, cast = row.fade, ", ".join(f"{each:.0f}" for each in row.fade.cast)
        drawn = f"{fade.black:.0f} to {fade.white:.0f}, power {fade.power:.2f}, cast {cast}"
        print(f"{row.name} | {row.gain:.2f} | {drawn} | {row.before:.1f}")


def by_cell(rows):
    cells = {}
    for row in rows:
        for cell in row.cells():
            cells.setdefault(cell, []).append(row.gain)
    print("cell | fades | median gain, dB | least gain, dB\n---|---|---|---")
    for (kind, word), found in sorted(cells.items(), key=lambda each: np.median(each[1])):
        print(f"{kind} {word} | {len(found)} | {np.median(found):.2f} | {min(found):.2f}")


@dataclass(frozen=True)
class Kept:
    """A sound picture after "auto"."""

    psnr: float
    strength: float
    clipped: float
    name: str


def looked_at(sound):
    rows = []
    for name, picture in sound:
        after, strength = auto(picture)
        rows.append(Kept(psnr(after, picture), strength, clipped(after, picture), name))
    return rows


def on_sound(sound):
    rows = looked_at(sound)
    same = np.mean([row.psnr == float("inf") for row in rows])
    print(
        f"\nsound pictures: {len(rows)}, bit-identical {same:.1%} (target {TARGET_SAME:.0%}), ",
        end="",
    )
    print(f"least {min(row.psnr for row in rows):.1f} dB (target {TARGET_LEAST:.0f}), ", end="")
    print(f"most clipped {max(row.clipped for row in rows):.3%} (target {TARGET_CLIPPED:.1%})")
    for row in sorted(rows, key=lambda row: row.psnr)[:10]:
        if row.strength:
            print(
                f"{row.name}: {row.psnr:.1f} dB, strength {row.strength:.2f}, clipped {row.clipped:.3%}"
            )


def on_prints(prints):
    print("\nold prints | strength | keeping sepia | black | white | tint\n---|---|---|---|---|---")
    for name, picture in prints:
        found = measured(picture)
        print(
            f"{name} | {found.auto():.2f} | {found.auto(keep_sepia=True):.2f} | {found.black:.0f} "
            f"| {found.white:.0f} | {found.tint:.1f}"
        )


if __name__ == "__main__":
    main()
