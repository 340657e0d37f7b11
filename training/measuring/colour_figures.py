"""Figures of colour predicted from luma, beside grey and one mean chroma on the same photos."""

import time
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from config.words.pairs import said
from training.imaging.colour import luma, merge_chroma, rgb_to_ycbcr
from training.measuring.benchmarks import (
    Bytes,
    FaceMask,
    Figures,
    Painter,
    Report,
    inside,
    means,
)
from training.networks import metrics

LEAST = 1e-3  # of a picture's pixels: a class with fewer has no figure there
SKIN = ((77, 127), (133, 173))  # Cb and Cr of skin (Chai and Ngan, 1999), above luma 50
CLASSES = ("skin", "sky", "foliage", "other")


def measure_colour(
    photos: Iterable[Bytes],
    network: Painter | None,
    mean_chroma: tuple[float, float],
    *,
    faces: FaceMask | None = None,
) -> Report:
    """Colour predicted from luma against the true colours of clean RGB photos.

    `network` maps luma H x W to Cb - 128, Cr - 128 (H x W x 2). The rivals are grey and the
    one mean chroma of the training set. `faces` as in measure_inpainting.
    """
    methods: dict[str, Painter] = {"network": network} if network else {}
    methods |= {"grey": _constant((128.0, 128.0)), "mean chroma": _constant(mean_chroma)}
    rows: dict[str, list[Figures]] = {name: [] for name in methods}
    report = Report("colorization")
    for photo in photos:
        report.pictures += 1
        on_faces = faces(photo) if faces else None
        for name, method in methods.items():
            started = time.perf_counter()
            answer = method(np.asarray(luma(photo), np.uint8))
            seconds = time.perf_counter() - started
            figures = _figures(photo, answer, on_faces)
            rows[name].append(figures | {"ms": 1000 * seconds})
    report.methods = {
        name: means(found) | beside_grey(found, rows["grey"]) for name, found in rows.items()
    }
    report.notes.append(said("measured.casts"))
    report.notes.append(said("measured.colours"))
    return report


def beside_grey(found: list[Figures], grey: list[Figures]) -> Figures:
    """What a method gains on leaving the photos grey: by picture, in all, and by class.

    Nothing where there are no pictures.
    """
    if not found:
        return {}
    ratios = {
        kind: means(found)[f"mse_{kind}"] / means(grey)[f"mse_{kind}"]
        for kind in ("cbcr", *CLASSES)
        if means(grey)[f"mse_{kind}"] > 0
    }
    by_class = [value for kind, value in ratios.items() if kind != "cbcr" and np.isfinite(value)]
    worse = [a["mse_cbcr"] > b["mse_cbcr"] for a, b in zip(found, grey, strict=True)]
    return {
        "to_grey": ratios.get("cbcr", float("nan")),
        "worst_class_to_grey": max(by_class, default=float("nan")),
        "worse_than_grey": float(np.mean(worse)),
    }


def colourfulness(rgb: NDArray[np.generic]) -> float:
    """Hasler and Süsstrunk's M3 (2003) of a picture H x W x 3 of levels 0..255: 0 where grey.

    Some 15 for slightly, 60 for quite, 110 for extremely colourful pictures.
    """
    red, green, blue = np.moveaxis(np.asarray(rgb, np.float64), -1, 0)
    rg, yb = red - green, (red + green) / 2 - blue
    return float(np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean()))


def classes_of(true: NDArray[np.floating]) -> dict[str, NDArray[np.bool_]]:
    """Where skin, sky, foliage and other is, H x W bool each, by true YCbCr H x W x 3 (0..255).

    Rough, for averages: sky is light blue in the upper two thirds, foliage is green.
    """
    y, cb, cr = np.moveaxis(true, -1, 0)
    (cb_low, cb_high), (cr_low, cr_high) = SKIN
    skin = (cb >= cb_low) & (cb <= cb_high) & (cr >= cr_low) & (cr <= cr_high) & (y > 50)
    high = np.arange(y.shape[0])[:, None] < 2 * y.shape[0] / 3
    sky = (cb > 135) & (cr < 127) & (y > 100) & high
    foliage = (cb < 122) & (cr < 127) & (cb + cr < 246)
    return {"skin": skin, "sky": sky, "foliage": foliage, "other": ~(skin | sky | foliage)}


def _constant(chroma: tuple[float, float]) -> Painter:
    return lambda y: np.broadcast_to(np.array(chroma) - 128, (*y.shape, 2))


def _figures(
    photo: Bytes, chroma: NDArray[np.floating], on_faces: NDArray[np.bool_] | None
) -> Figures:
    true = rgb_to_ycbcr(photo.astype(np.float32))
    y, wanted = true[..., 0], true[..., 1:] - 128
    painted = merge_chroma(y, chroma[..., 0] + 128, chroma[..., 1] + 128)
    kinds = classes_of(true)
    cloth = (y < 70) & (np.arange(y.shape[0])[:, None] > 0.6 * y.shape[0])
    error = np.asarray(chroma, np.float64) - wanted
    square = np.mean(error**2, axis=-1)
    return {
        "mse_cbcr": float(np.mean(square)),
        **{f"mse_{kind}": _mean_where(square, where) for kind, where in kinds.items()},
        "colourfulness": colourfulness(painted) / max(colourfulness(photo), 1.0),
        "mse_rgb": metrics.mse(painted, photo),
        "psnr_rgb": metrics.psnr(painted, photo),
        **inside(painted, photo, on_faces, "psnr_rgb_faces"),
        **_error_in(error, on_faces),
        "skin_cast_cb": _mean_where(error[..., 0], kinds["skin"]),
        "skin_cast_cr": _mean_where(error[..., 1], kinds["skin"]),
        "cloth_cast_cb": _mean_where(error[..., 0], cloth),
        "cloth_cast_cr": _mean_where(error[..., 1], cloth),
    }


def _error_in(error: NDArray[np.floating], on_faces: NDArray[np.bool_] | None) -> Figures:
    """Mean distance in the CbCr plane over faces; nothing where nobody asked for them."""
    if on_faces is None:
        return {}
    return {"chroma_error_faces": _mean_where(np.hypot(error[..., 0], error[..., 1]), on_faces)}


def _mean_where(values: NDArray[np.floating], where: NDArray[np.bool_]) -> float:
    """The mean over at least a thousandth of the picture, else undefined."""
    return float(values[where].mean()) if where.mean() > LEAST else float("nan")
