"""Large holes, coarse to fine: filled on a copy small enough for the network, then refined."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.fill.tiles import pieces_for, run_pieces
from pipeline.engine.networks import Network
from pipeline.engine.progress import silent
from training.imaging.holes import components_of, distances, hole_size

FIT = 160.0  # px: the shipped network fills holes up to this size better in one go
RIM = 1 / 8  # of FIT: so deep the rim is filled anew at every finer size
CONTEXT = 24  # px of the coarsest copy that are seen around a hole, at least


def fits(limit: float) -> float:
    """The largest hole in px that is filled in one go by a network trained up to `limit` px."""
    return min(FIT, limit)


def margin(size: float, limit: float) -> int:
    """px of surroundings that a hole of `size` px needs in the picture."""
    halvings = _halvings(size, fits(limit))
    return max(math.ceil(size / 2), CONTEXT << halvings)


def _halvings(size: float, fit: float) -> int:
    return max(0, math.ceil(math.log2(max(size, 1.0) / fit)))


def start_large(
    part: NDArray[np.float32], unknown: NDArray[np.bool_], network: Network, limit: float
) -> NDArray[np.float32]:
    """`part` H x W x 3 in 0..1 with every true pixel of `unknown` filled, softly.

    Halved until its largest hole fits, filled there by the network, and enlarged step by step;
    at each step the rim of a hole is filled anew between its sound outside and the start inside.
    The last step, at full size, is left to the caller.
    """
    fit = fits(limit)
    size = hole_size(unknown)
    if size <= fit or min(unknown.shape) < 8:
        return _filled(part, unknown, unknown, network)
    valid = (~unknown).astype(np.float32)
    half = (math.ceil(part.shape[1] / 2), math.ceil(part.shape[0] / 2))
    share = cv2.resize(valid, half, interpolation=cv2.INTER_AREA)
    seen = cv2.resize(part * valid[..., None], half, interpolation=cv2.INTER_AREA)
    small = (seen / np.maximum(share, 1e-6)[..., None]).astype(np.float32)
    coarse = _refined(small, share < 0.5, network, limit)
    whole = cv2.resize(coarse, part.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    return np.where(unknown[..., None], whole, part).astype(np.float32)


def _refined(
    part: NDArray[np.float32], unknown: NDArray[np.bool_], network: Network, limit: float
) -> NDArray[np.float32]:
    start = start_large(part, unknown, network, limit)
    rim = unknown & ~middle(unknown, limit)
    if rim.sum() == unknown.sum():
        return start
    return _filled(start, rim, rim, network)


def middle(unknown: NDArray[np.bool_], limit: float) -> NDArray[np.bool_]:
    """The pixels of H x W whose coarse start is kept; the rim around them is filled anew."""
    return distances(unknown) > fits(limit) * RIM


def _filled(
    part: NDArray[np.float32], unknown: NDArray[np.bool_], todo: NDArray[np.bool_], network: Network
) -> NDArray[np.float32]:
    answer = part.copy()
    if unknown.all():
        return answer
    pieces = pieces_for(components_of(todo), hole_size(todo), max(16, network.run.multiple))
    for piece, found in run_pieces(part, unknown, pieces, network, silent):
        answer[piece.tile.window][piece.rows, piece.columns] = np.clip(found, 0, 1)
    return answer
