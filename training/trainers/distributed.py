"""Several processes, one run: `torchrun --nproc-per-node N -m training.trainers RUNDIR`.

Every rank computes its share of each batch; gradients are averaged while the rest of them is still
being computed (torch's DistributedDataParallel), so weights stay equal everywhere. Every rank
validates its share of the pictures, rank 0 alone writes. ABN joins the ranks' statistics itself;
plain batch norm keeps each rank's own, and rank 0's running statistics are the ones validated and
kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from training.run_folder import RunError

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
        """Replace each gradient by the mean over all ranks, in one message for all of one type."""
        if self.world == 1:
            return
        found = [p.grad for p in parameters if p.grad is not None]
        for kind in sorted({grad.dtype for grad in found}, key=str):
            alike = [grad for grad in found if grad.dtype == kind]
            joined = torch.cat([grad.flatten() for grad in alike])
            distributed.all_reduce(joined)
            joined /= self.world
            for grad, mean in zip(alike, joined.split([g.numel() for g in alike]), strict=True):
                grad.copy_(mean.view_as(grad))

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


class _Entry(nn.Module):
    """A network by any of its methods: what joins processes has to be called through."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, by: str, *pictures: Tensor) -> Tensor:
        return self.network(*pictures) if by == "forward" else getattr(self.network, by)(*pictures)


class Joint:
    """The network as loops call it: joined over processes where there are several, compiled on
    request. `sends` says whether the next backward is a batch's last, whose gradients travel."""

    def __init__(self, network: nn.Module, ranks: Ranks, *, tuned: bool = False) -> None:
        self.network, self.ranks, self.tuned = network, ranks, tuned
        self.sends, self.called = True, False
        self.entry: Any = None
        self.renew()

    def renew(self) -> None:
        """Wire the parameters that learn by now; whoever froze some asks for it."""
        self.entry = None  # the old one first lets go of the gradients it waits for
        entry: Any = _Entry(self.network)
        if self.tuned:
            entry = torch.compile(entry)
        if self.ranks.world > 1:
            entry = DistributedDataParallel(entry, broadcast_buffers=False)
        self.entry = entry

    def __call__(self, by: str, *pictures: Tensor) -> Tensor:
        """The answer of the network's method `by`; shapes are the network's."""
        self.called = True
        if self.ranks.world > 1:
            self.entry.require_backward_grad_sync = self.sends
        answer: Tensor = self.entry(by, *pictures)
        return answer

    def check(self) -> None:
        """Raises RunError when a batch's gradients were never joined, for lack of a call."""
        if self.ranks.world > 1 and not self.called:
            raise RunError("a loop has to call the network through the trainer's forward")
        self.called = False
