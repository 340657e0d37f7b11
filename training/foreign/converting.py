"""From our planes to what a published network reads, and from its answer back to ours. Pure.

Ours are those of `pipeline.engine.runtimes`: luma or RGB in 0..1 and validity (1 = valid), H x W
(x C) of float32; answers are logits of the classes, RGB in 0..1, or Cb - 128 and Cr - 128.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from photos.masks.classes import BITS
from training.foreign.adapters import Adapter, Input, Output
from training.imaging import colour

Plane = NDArray[np.float32]
NOTHING = -40.0  # the logit of a class that the network does not tell
CERTAIN = 1e-6  # probabilities are kept so far from 0 and 1 before they become logits


def inputs_of(adapter: Adapter, planes: tuple[Plane, ...]) -> dict[str, Plane]:
    """The graph's inputs by name, N x C x H x W or N x H x W x C, of (picture) or (picture, valid).

    The picture is H x W or H x W x 3 in 0..1, `valid` H x W.
    """
    picture = planes[0]
    valid = planes[1] if len(planes) > 1 else np.ones(picture.shape[:2], np.float32)
    return {
        each.name: _one(each, picture, valid.reshape(picture.shape[:2])) for each in adapter.inputs
    }


def _one(wanted: Input, picture: Plane, valid: Plane) -> Plane:
    parts, at = [], 0
    for name in wanted.holds:
        if name == "mask":
            missing = valid < 0.5
            parts.append(np.where(missing, wanted.hole, 1 - wanted.hole)[..., None])
            continue
        held = held_as(name, picture)
        if wanted.zeroed:
            held = np.where(valid[..., None] < 0.5, np.float32(0), held)
        span = slice(at, at + held.shape[2])
        at = span.stop
        scaled = wanted.low + held * (wanted.high - wanted.low)
        parts.append((scaled - np.array(wanted.mean[span])) / np.array(wanted.deviation[span]))
    joined = np.concatenate(parts, axis=2).astype(np.float32)
    turned = joined.transpose(2, 0, 1) if wanted.layout == "NCHW" else joined
    return np.ascontiguousarray(turned[None])


def held_as(name: str, picture: Plane) -> Plane:
    """H x W x C in 0..1 of a picture H x W or H x W x 3 in 0..1, as an input calls it."""
    if name in ("rgb", "bgr"):
        rgb = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
        return rgb if name == "rgb" else np.ascontiguousarray(rgb[..., ::-1])
    luma = picture if picture.ndim == 2 else np.asarray(colour.luma(picture), np.float32)
    if name == "luma":
        return luma[..., None]
    if name == "grey_rgb":
        return np.repeat(luma[..., None], 3, axis=2)
    lightness = lab_of_grey(luma)
    if name == "lab_l":
        return lightness[..., None] / np.float32(100)
    flat = np.zeros((*lightness.shape, 3), np.float32)
    flat[..., 0] = lightness
    return np.asarray(np.clip(cv2.cvtColor(flat, cv2.COLOR_Lab2RGB), 0, 1), np.float32)


def lab_of_grey(luma: Plane) -> Plane:
    """L of Lab, 0..100, of a grey picture H x W in 0..1 (sRGB, D65)."""
    grey = np.repeat(np.clip(luma, 0, 1).astype(np.float32)[..., None], 3, axis=2)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_RGB2Lab)[..., 0], np.float32)


def answer_of(adapter: Adapter, raw: Plane, planes: tuple[Plane, ...]) -> Plane:
    """Our plane of the graph's answer N x C x H x W or N x H x W x C; H x W x C'.

    What was given is needed for the luma of an answer in Lab, and for the sound pixels of a fill.
    """
    output = adapter.output
    values = raw[0].transpose(1, 2, 0) if output.layout == "NCHW" else raw[0]
    if adapter.stage == "segmentation":
        return _logits(output, values)
    if adapter.stage == "inpainting":
        return _rgb(output, values)
    luma = planes[0] if planes[0].ndim == 2 else np.asarray(colour.luma(planes[0]), np.float32)
    return _chroma(output, values, luma)


def _logits(output: Output, values: Plane) -> Plane:
    if output.answer == "probabilities":
        sure = np.clip(values, CERTAIN, 1 - CERTAIN)
        values = np.log(sure / (1 - sure))
    found = np.full((*values.shape[:2], len(BITS)), NOTHING, np.float32)
    for place, name in enumerate(output.classes):
        found[..., list(BITS).index(name)] = values[..., place]
    return found


def _rgb(output: Output, values: Plane) -> Plane:
    scaled = (values - output.low) / (output.high - output.low)
    ordered = scaled[..., ::-1] if output.answer == "bgr" else scaled
    return np.ascontiguousarray(np.clip(ordered, 0, 1), np.float32)


def _chroma(output: Output, values: Plane, luma: Plane) -> Plane:
    """The answer's Cb - 128 and Cr - 128: its luma is thrown away, the picture's own stays."""
    if output.answer == "cbcr":
        scaled = (values - output.low) / (output.high - output.low)
        return np.asarray(scaled, np.float32) * np.float32(255) - np.float32(128)
    if output.answer == "ab":
        lab = np.dstack([lab_of_grey(luma), values]).astype(np.float32)
        rgb = np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), np.float32)
    else:
        rgb = _rgb(output, values)
    ycbcr = colour.rgb_to_ycbcr(rgb * np.float32(255))
    return np.asarray(ycbcr[..., 1:] - np.float32(128), np.float32)
