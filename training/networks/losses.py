"""Losses of the three stages. Pictures are N x C x H x W; masks have 1 = valid.

Ratios of sums take a `joined`, which adds a sum up over all processes of a run: a batch cut into
unequal shards then has the loss of the whole batch. Alone, a sum is already joined.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

Joined = Callable[[Tensor], Tensor]


def alone(total: Tensor) -> Tensor:
    """The total as it is, of any shape: one process has the whole batch."""
    return total


def positive_weights(defects: Tensor, cleans: Tensor, kind: str) -> Tensor:
    """w per class from counted pixels: clean / defect, its square root, or 1; in [1, 200].

    `defects` and `cleans` are (C,), as is the answer.
    """
    if kind == "none":
        return torch.ones_like(defects)
    ratio = cleans / defects.clamp_min(1)
    return (ratio.sqrt() if kind == "sqrt" else ratio).clamp(1, 200)


def prior_logits(defects: Tensor, cleans: Tensor, weights: Tensor) -> Tensor:
    """Where the head's bias starts: the weighted optimum's logit, log(defect / clean) + log w.

    All are (C,).
    """
    return torch.log((defects.clamp_min(1) * weights) / cleans.clamp_min(1))


def weighted_bce(
    logits: Tensor, truth: Tensor, counted: Tensor, weights: Tensor, joined: Joined = alone
) -> Tensor:
    """Mean binary cross-entropy over counted pixels (N x 1), positives of class c times w_c.

    `counted` may hold weights instead of 0 and 1; the mean is then over what is not 0.
    """
    each = functional.binary_cross_entropy_with_logits(
        logits, truth, pos_weight=weights.view(1, -1, 1, 1), reduction="none"
    )
    pixels = joined((counted > 0).sum()).clamp_min(1) * logits.shape[1]
    return joined((each * counted).sum()) / pixels


def dice_loss(logits: Tensor, truth: Tensor, counted: Tensor, joined: Joined = alone) -> Tensor:
    """Scalar 1 - (2 sum p y + 1) / (sum p + sum y + 1), sums over the batch, mean over the classes.

    `logits` and `truth` are N x C x H x W, `counted` N x 1 x H x W with 0 where nobody judged.
    """
    p = torch.sigmoid(logits) * counted
    y = truth * counted
    dims = (0, 2, 3)
    both, marked, true = (joined(x.sum(dims)) for x in (p * y, p, y))
    dice = (2 * both + 1) / (marked + true + 1)
    return (1 - dice).mean()


def any_damage(logits: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """(logit, truth) of some damage, N x 1 x H x W: the strongest class, and any class."""
    return logits.amax(dim=1, keepdim=True), truth.amax(dim=1, keepdim=True)


def thinness(truth: Tensor, window: int = 9) -> Tensor:
    """How much more a pixel counts the thinner its defect: 1.7 at 1.5 px, 1 at 4, 0.65 from 9 on.

    sqrt(0.45 / share of the window's pixels that are damaged), clamped; 1 on sound pixels.
    Thin lines have few pixels, and wide ones would otherwise teach alone.
    """
    density = functional.avg_pool2d(truth, window, 1, window // 2).clamp_min(1e-3)
    return torch.where(truth > 0, (0.45 / density).sqrt().clamp(0.65, 2.0), 1.0)


def class_cross_entropy(
    logits: Tensor, truth: Tensor, counted: Tensor, joined: Joined = alone
) -> Tensor:
    """Mean cross-entropy of the class over counted damaged pixels; the last of several wins.

    Truth N x C x H x W may have several classes at a pixel: the rarer ones come later.
    """
    order = torch.arange(1, truth.shape[1] + 1, device=truth.device, dtype=truth.dtype)
    wanted = (truth * order.view(1, -1, 1, 1)).argmax(dim=1)
    each = functional.cross_entropy(logits, wanted, reduction="none").unsqueeze(1)
    where = truth.amax(dim=1, keepdim=True) * counted
    return joined((each * where).sum()) / joined(where.sum()).clamp_min(1)


def valid_and_hole_l1(
    out: Tensor, truth: Tensor, mask: Tensor, joined: Joined = alone
) -> tuple[Tensor, Tensor]:
    """(mean |out - truth| over valid pixels, the same over hole pixels); 0 where there are none.

    Pictures are N x 3 x H x W, 0..1, the mask N x 1 x H x W, 1 = valid.
    """
    difference = (out - truth).abs()
    hole = 1 - mask
    channels = out.shape[1]
    valid_mean, hole_mean = (
        joined((difference * where).sum()) / (joined(where.sum()) * channels).clamp_min(1)
        for where in (mask, hole)
    )
    return valid_mean, hole_mean


def total_variation(composite: Tensor, mask: Tensor, joined: Joined = alone) -> Tensor:
    """Mean |difference of neighbours| inside the hole dilated by 1 px."""
    region = functional.max_pool2d(1 - mask, 3, 1, 1)
    across = region[..., 1:] * region[..., :-1]
    down = region[..., 1:, :] * region[..., :-1, :]
    x = (composite[..., 1:] - composite[..., :-1]).abs() * across
    y = (composite[..., 1:, :] - composite[..., :-1, :]).abs() * down
    pairs = joined(across.sum() + down.sum()) * composite.shape[1]
    return joined(x.sum() + y.sum()) / pairs.clamp_min(1)


def rebalanced(wanted: Tensor, table: Tensor) -> Tensor:
    """The weight of each pixel, N x 1 x H x W, of chroma N x 2 x H x W in -1..1 (127.5 levels).

    `table` is that of `rare_colours.rarity`, square over Cb and Cr.
    """
    cell = 256 / table.shape[0]
    cells = ((wanted * 127.5 + 128) / cell).long().clamp(0, table.shape[0] - 1)
    return table[cells[:, 0], cells[:, 1]][:, None]


def chroma_loss(
    found: Tensor, wanted: Tensor, squared_below: float = 0.0, weight: Tensor | None = None
) -> Tensor:
    """Mean L1, or Huber's loss (1964) over `squared_below`, between chroma N x 2 x H x W in -1..1.

    The same for large errors: Huber's is squared below and moved to meet L1 above. `weight` is
    N x 1 x H x W.
    """
    if squared_below:
        error = functional.smooth_l1_loss(found, wanted, beta=squared_below, reduction="none")
    else:
        error = functional.l1_loss(found, wanted, reduction="none")
    return (error if weight is None else error * weight).mean()


def feature_l1(found: list[Tensor], wanted: list[Tensor]) -> Tensor:
    """Perceptual loss: mean L1 between feature maps, summed over the stages.

    Each list holds N x C x H x W maps, one a stage.
    """
    pairs = zip(found, wanted, strict=True)
    return torch.stack([functional.l1_loss(a, b) for a, b in pairs]).sum()


def gram(features: Tensor) -> Tensor:
    """Gram matrices N x C x C divided by C H W, in float32: float16 overflows."""
    flat = features.float().flatten(2)
    channels, positions = flat.shape[1:]
    return flat @ flat.transpose(1, 2) / (channels * positions)


def style_l1(found: list[Tensor], wanted: list[Tensor]) -> Tensor:
    """Style loss (Gatys et al. 2015): mean L1 between Gram matrices, summed over the stages.

    Each list holds N x C x H x W maps, one a stage.
    """
    return feature_l1([gram(f) for f in found], [gram(f) for f in wanted])


def hinge_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Scalar mean relu(1 - D(real)) + mean relu(1 + D(fake)), of score maps of any shape."""
    return functional.relu(1 - real).mean() + functional.relu(1 + fake).mean()


def hinge_generator(fake: Tensor) -> Tensor:
    """-mean D(fake), of scores of any shape."""
    return -fake.mean()
