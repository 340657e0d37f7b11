"""Several processes, one run: `torchrun --nproc-per-node N -m training.trainers RUNDIR`.

Every rank computes its share of each batch; gradients are averaged before the step, so weights
stay equal everywhere. Every rank validates its share of the pictures, rank 0 alone writes. ABN
joins the ranks' statistics itself; plain batch norm keeps each rank's own, and rank 0's running
statistics are the ones validated and kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TypeVar

import torch
from torch import Tensor, distributed, nn

PATIENCE = timedelta(hours=2)  # how long a rank waits for a slower one
Part = TypeVar("Part")


class Ranks:
    """This process's place among its peers; one process alone is rank 0 of 1."""

    def __init__(self, rank: int = 0, world: int = 1) -> None:
        self.rank, self.world = rank, world

    @classmethod
    def join(cls, device: str) -> Ranks:
        """Meet the peers torchrun started, or stay alone."""
        world = int(os.environ.get("WORLD_SIZE", "1"))
        if world == 1:
            return cls()
        backend = "nccl" if device.startswith("cuda") else "gloo"
        distributed.init_process_group(backend, timeout=PATIENCE)
        return cls(distributed.get_rank(), world)

    def device(self, name: str) -> torch.device:
        """`cuda` becomes this process's own card."""
        local = os.environ.get("LOCAL_RANK")
        return torch.device(f"cuda:{local}" if name == "cuda" and local else name)

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def share(self, batch: int) -> range:
        """Which samples of a batch are this rank's. Raises ValueError when N does not divide it:
        `recipes.crops_per_step` rounds batches to what does."""
        if batch % self.world:
            raise ValueError(f"a batch of {batch} cannot be shared by {self.world} processes")
        each = batch // self.world
        return range(self.rank * each, (self.rank + 1) * each)

    def average_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Replace each gradient by the mean over all ranks."""
        if self.world == 1:
            return
        for parameter in parameters:
            if parameter.grad is not None:
                distributed.all_reduce(parameter.grad)
                parameter.grad /= self.world

    def total(self, value: float) -> float:
        """The sum of every rank's value."""
        if self.world == 1:
            return value
        holder = torch.tensor(value, dtype=torch.float64)
        if distributed.get_backend() == "nccl":
            holder = holder.cuda()
        distributed.all_reduce(holder)
        return float(holder)

    def joined(self, total: Tensor) -> Tensor:
        """The sum of every rank's tensor, as losses need it.

        The gradient of this rank's part is `world` times its own, which averaging takes back:
        the averaged gradients are those of the joined batch.

        `total` has any shape, the same on every rank, as has the answer.
        """
        if self.world == 1:
            return total
        everywhere = total.detach().clone()
        distributed.all_reduce(everywhere)
        mine = total * self.world
        return mine + (everywhere - mine).detach()

    def mine(self, pictures: Sequence[Part]) -> Sequence[Part]:
        """This rank's share of what is validated: every `world`-th."""
        return pictures[self.rank :: self.world]

    def gathered(self, rows: Sequence[Part]) -> list[Part]:
        """All ranks' rows in the order of the pictures that `mine` shared out."""
        if self.world == 1:
            return list(rows)
        shares: list[list[Part]] = [[] for _ in range(self.world)]
        distributed.all_gather_object(shares, list(rows))
        longest = max(len(share) for share in shares)
        return [share[k] for k in range(longest) for share in shares if k < len(share)]

    def agree(self, tensors: Iterable[Tensor]) -> None:
        """Give every rank the values of rank 0, in place; shapes are the same on all."""
        if self.world > 1:
            for tensor in tensors:
                distributed.broadcast(tensor, 0)
