"""Teaching the head of the second look, and where it is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from training.measuring.second_look.gathering import Gathered
from training.measuring.second_look.network import Encoder, Head

Floats = NDArray[np.float32]
BATCH, ROUNDS, RATE, DECAY = 256, 15, 2e-3, 1e-3
AT_ONCE = 16  # components
# Weights by kind of photograph. Painted damage is the real thing; drawn damage, half of all there
# is, must not speak louder. What nobody painted beside it counts less: masks are not complete.
DAMAGED = {"print": 4.0, "plate": 3.0, "looked": 3.0, "sound": 0.2}
SOUND = {"print": 0.4, "plate": 0.4, "looked": 3.0, "sound": 2.0}
LOSS = 0.03  # of the truly damaged pixels that the finder marks may be doubted


def described(encoder: Encoder, gathered: Gathered) -> Floats:
    """What the head is shown of each component: N x (FEATURES + FIGURES)."""
    with torch.inference_mode():
        seen = [encoder(torch.from_numpy(part).float()).numpy() for part in _parts(gathered.views)]
    return np.concatenate([np.concatenate(seen), gathered.figures], 1).astype(np.float32)


def _parts(views: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    yield from (views[k : k + AT_ONCE] for k in range(0, max(len(views), 1), AT_ONCE))


def weights(damage: Floats, areas: NDArray[np.int64], kinds: Sequence[str]) -> Floats:
    """How much each component counts, by DAMAGED and SOUND; large ones more than small ones.

    N of each; areas are px, damage shares of 0..1.
    """
    pairs = zip(damage, kinds, strict=True)
    by_kind = np.array([(DAMAGED if share >= 0.5 else SOUND)[kind] for share, kind in pairs])
    weight = by_kind * np.clip((areas / 200) ** 0.3, 0.5, 2)
    return np.asarray(weight / weight.mean(), np.float32)


def taught(seen: Floats, damage: Floats, weight: Floats, seed: int = 0) -> Head:
    """A head for what was `described`, its share of damage and its weight; N of each.

    Its members differ by where they began and by the order of what they were shown.
    """
    torch.manual_seed(seed)
    head = Head()
    head.mean = torch.from_numpy(seen.mean(0))
    head.spread = torch.from_numpy(seen.std(0) + 1e-3)
    x, y, w = (torch.from_numpy(each) for each in (seen, damage, weight))
    shown = head.normalised(x)
    for member in head.members:
        _teach(member, shown, y, w)
    return head.eval()


def _teach(member: nn.Module, x: Tensor, y: Tensor, w: Tensor) -> None:
    descent = torch.optim.AdamW(member.parameters(), RATE, weight_decay=DECAY)
    steps = ROUNDS * -(-len(y) // BATCH)
    slower = torch.optim.lr_scheduler.LinearLR(descent, 1.0, 0.01, steps)
    for _ in range(ROUNDS):
        for batch in torch.split(torch.randperm(len(y)), BATCH):
            each = functional.binary_cross_entropy_with_logits(
                member(x[batch])[:, 0], y[batch], reduction="none"
            )
            descent.zero_grad()
            (each * w[batch]).mean().backward()  # type: ignore[no-untyped-call]
            descent.step()
            slower.step()


def cut_at_loss(logits: Floats, pixels: Floats, loss: float = LOSS) -> float:
    """The logit below which lies at most the share `loss` of the damaged `pixels`; N of each."""
    order = np.argsort(logits)
    lost = np.cumsum(pixels[order])
    kept = int(np.searchsorted(lost, loss * max(float(lost[-1]), 1e-9), side="right"))
    return float(logits[order[min(kept, len(order) - 1)]]) - 1e-4


def judged(head: Head, seen: Floats) -> Floats:
    """N logits."""
    with torch.inference_mode():
        return np.asarray(head(torch.from_numpy(seen)).numpy(), np.float32)
