"""Figures of networks and of their unlearnt rivals, side by side on the same pictures.

Numpy only: a network comes in as a plain function, so every figure is tested without torch.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from config.words.pairs import Said, said
from photos.masks.classes import DEFECTS
from photos.masks.components import components
from training.augmentation.defects import KINDS
from training.augmentation.samples import damaged_by, hole_mask
from training.imaging.holes import hole_size
from training.networks import metrics

Bytes = NDArray[np.uint8]
Detector = Callable[[Bytes], NDArray[np.floating]]
Fill = Callable[[Bytes, Bytes], Bytes]
Marker = Callable[[Bytes], NDArray[np.bool_]]
Painter = Callable[[Bytes], NDArray[np.floating]]
FaceMask = Callable[[Bytes], NDArray[np.bool_]]
Figures = dict[str, float]


@dataclass(frozen=True)
class Pair:
    """A photo's luma H x W, its true mask H x W bool, and which pixels count."""

    name: str
    luma: Bytes
    truth: NDArray[np.bool_]
    counted: NDArray[np.bool_]


@dataclass
class Report:
    """Figures by method, with how many pictures stand behind them and notes (codes)."""

    stage: str
    pictures: int = 0
    methods: dict[str, Figures] = field(default_factory=dict)
    notes: list[Said] = field(default_factory=list)


def measure_segmentation(
    pairs: Sequence[Pair], methods: Mapping[str, Detector], thresholds: Mapping[str, float]
) -> Report:
    """Every method at its own best pooled threshold, and at the stated one where it has any."""
    report = Report("segmentation", len(pairs))
    with tempfile.TemporaryDirectory() as folder:
        for name, method in methods.items():
            spool = _Spool(Path(folder), pairs)
            figures = spool.run(method)
            best, cut = spool.histogram.best_f1()
            figures |= {"best_dice": best, "best_threshold": cut}
            figures |= {f"best_{key}": value for key, value in spool.at(cut).items()}
            if name in thresholds:
                figures |= {"threshold": thresholds[name]} | spool.at(thresholds[name])
            report.methods[name] = figures
    report.notes.append(said("measured.best"))
    return report


class _Spool:
    """One method's score maps on disk, so that memory does not grow with the folder."""

    def __init__(self, folder: Path, pairs: Sequence[Pair]) -> None:
        self.folder, self.pairs = folder, pairs
        self.histogram = metrics.ScoreHistogram()

    def run(self, method: Detector) -> Figures:
        areas, means, seconds = [], [], 0.0
        for index, pair in enumerate(self.pairs):
            started = time.perf_counter()
            scores = np.asarray(method(pair.luma), np.float32)
            seconds += time.perf_counter() - started
            np.save(self.folder / f"{index}.npy", scores)
            kept, truth = scores[pair.counted], pair.truth[pair.counted]
            self.histogram.add(kept, truth)
            areas.append(metrics.roc_auc(kept, truth))
            means.append(metrics.average_precision(kept, truth))
        return {
            "auc": self.histogram.roc_auc(),
            "auc_per_photo": _mean(areas),
            "ap": self.histogram.average_precision(),
            "ap_per_photo": _mean(means),
            "photos_with_auc": float(np.count_nonzero(~np.isnan(areas))),
            "ms": 1000 * seconds / max(1, len(self.pairs)),
        }

    def at(self, threshold: float) -> Figures:
        """Pooled and per-photo figures of what reaches the threshold."""
        rows, found, wanted, near = [], [], [], np.zeros(4, np.int64)
        for index, pair in enumerate(self.pairs):
            marked = np.load(self.folder / f"{index}.npy") >= threshold
            p, t = marked[pair.counted], pair.truth[pair.counted]
            found.append(p)
            wanted.append(t)
            counts = metrics.tolerant_counts(marked, pair.truth, counted=pair.counted)
            near += counts
            rows.append(
                {
                    "dice_per_photo": metrics.dice(p, t),
                    "tolerant_f1_per_photo": metrics.tolerant_f1_of(counts),
                    "cl_dice": metrics.cl_dice(marked, pair.truth, counted=pair.counted),
                }
            )
        p, t = np.concatenate(found), np.concatenate(wanted)
        names = ("dice", "iou", "precision", "recall")
        pooled = {name: float(getattr(metrics, name)(p, t)) for name in names}
        pooled["tolerant_f1"] = metrics.tolerant_f1_of(near)
        return pooled | {name: _mean([row[name] for row in rows]) for name in rows[0]}


def measure_sound(lumas: Iterable[Bytes], methods: Mapping[str, Marker]) -> Report:
    """What is marked on photos (luma H x W) that nothing is wrong with: false alarms alone.

    `largest_mark` is an 8-connected component's area in px; a person sees those of 200 px.
    """
    report = Report("segmentation on sound photos")
    shares: dict[str, list[tuple[int, int]]] = {name: [] for name in methods}
    largest: dict[str, list[int]] = {name: [] for name in methods}
    for luma_plane in lumas:
        report.pictures += 1
        for name, method in methods.items():
            marked = method(luma_plane)
            shares[name].append((int(marked.sum()), marked.size))
            _, labels = components(marked.astype(np.uint8))
            largest[name].append(int(np.bincount(labels.ravel())[1:].max(initial=0)))
    for name, counts in shares.items():
        marks, pixels = np.array(counts).T
        report.methods[name] = {
            "marked_percent": float(100 * marks.sum() / pixels.sum()),
            "worst_photo_percent": float((100 * marks / pixels).max()),
            "largest_mark": float(max(largest[name])),
            "photos_marked_200_px": float(np.count_nonzero(np.array(largest[name]) > 200)),
        }
    return report


def measure_kinds(
    photos: Iterable[Bytes], methods: Mapping[str, Marker], *, seed: int = 0
) -> Report:
    """Recall of each kind of drawn damage, half of it faint, on sound RGB photos.

    Of a kind's pixels (pooled over all photos), whatever class a method calls them.
    """
    report = Report("segmentation by kind of damage")
    hits = {name: dict.fromkeys(KINDS, 0) for name in methods}
    wanted = dict.fromkeys(KINDS, 0)
    for index, photo in enumerate(photos):
        report.pictures += 1
        for number, kind in enumerate(KINDS):
            rng = np.random.default_rng((seed, index, number))
            damaged, classes = damaged_by(photo, kind, rng=rng)
            truth = (classes & DEFECTS) > 0
            wanted[kind] += int(truth.sum())
            for name, method in methods.items():
                hits[name][kind] += int((method(damaged) & truth).sum())
    for name, found in hits.items():
        report.methods[name] = {
            f"recall_{kind}": found[kind] / wanted[kind] if wanted[kind] else float("nan")
            for kind in KINDS
        }
    return report


def measure_inpainting(
    photos: Iterable[Bytes],
    methods: Mapping[str, Fill],
    *,
    seed: int = 0,
    faces: FaceMask | None = None,
    looks: Callable[[Bytes, Bytes], float] | None = None,
) -> Report:
    """Fill seeded synthetic holes of clean RGB photos; PSNR inside holes is the honest figure.

    With `faces`, which marks them in a photo, the same is told of the holes inside faces. `looks`
    is LPIPS, where its files are at hand.

    Photos are H x W x 3 uint8; PSNR is in dB, hole sizes in px, shares of a picture 0..1.
    """
    report = Report("inpainting")
    rows: dict[str, list[Figures]] = {name: [] for name in methods}
    shares, largest = [], []
    for index, photo in enumerate(photos):
        hole = hole_mask(np.random.default_rng((seed, index)), photo.shape[:2])
        shares.append(float(hole.mean()))
        largest.append(hole_size(hole))
        damaged = np.where(hole[..., None] > 0, np.uint8(0), photo)
        on_faces = (hole > 0) & faces(photo) if faces else None
        for name, method in methods.items():
            started = time.perf_counter()
            filled = method(damaged, hole)
            seconds = time.perf_counter() - started
            result = np.where(hole[..., None] > 0, filled, photo)
            rows[name].append(
                {
                    "psnr_holes": metrics.psnr(result, photo, hole),
                    "psnr": metrics.psnr(result, photo),
                    "ssim": metrics.ssim(result, photo),
                    "ms": 1000 * seconds,
                }
                | inside(result, photo, on_faces, "psnr_holes_faces")
                | ({"lpips": looks(result, photo)} if looks else {})
            )
    report.pictures = len(shares)
    report.methods = {name: means(found) for name, found in rows.items()}
    holes = said("measured.holes", share=float(np.mean(shares)), largest=float(max(largest)))
    report.notes.append(holes)
    return report


def inside(
    result: NDArray[np.generic], photo: Bytes, where: NDArray[np.bool_] | None, name: str
) -> Figures:
    """PSNR over the pixels of `where`; nothing where nobody asked, NaN where there are none."""
    if where is None:
        return {}
    return {name: metrics.psnr(result, photo, where) if where.any() else float("nan")}


def means(rows: Sequence[Figures]) -> Figures:
    return {name: _mean([row[name] for row in rows]) for name in rows[0]} if rows else {}


def _mean(values: Sequence[float]) -> float:
    """The mean of what is defined; undefined when nothing is."""
    defined = [value for value in values if not np.isnan(value)]
    return float(np.mean(defined)) if defined else float("nan")
