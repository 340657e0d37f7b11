"""What every loop shares: the descent step, the average, checkpoints, the best weights."""

from __future__ import annotations

import logging
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from photos.files import write_whole
from training.networks import weights
from training.networks.inplace_abn import awake_norms, freeze_norms
from training.networks.registry import build
from training.recipes import crops_per_step, is_there, parts_of_a_share
from training.run_folder import RunError, RunFolder, Spec
from training.splitting import judged_on
from training.trainers import beginning, checkpoint, weight_averaging
from training.trainers.descent import optimizer_of
from training.trainers.distributed import Joint, Ranks
from training.trainers.early_exit import Stopped, Stopper
from training.trainers.encoders import load_encoder
from training.trainers.feeding.feed import Feed, feed
from training.trainers.precision import Precision, tune
from training.trainers.schedule import Schedule

Sample = TypeVar("Sample")
log = logging.getLogger(__name__)


class Trainer(Schedule):
    """A network that learns inside a run folder. `images` is its whole position.

    Loops read top to bottom and call, per batch, `add(loss)` for each of `parts()`, then `step()`
    and `pause()`.
    """

    def __init__(
        self,
        run: RunFolder,
        spec: Spec,
        stopper: Stopper,
        rates: dict[str, float] | None = None,
    ) -> None:
        self.run, self.spec, self.recipe, self.stopper = run, spec, spec.recipe, stopper
        self.ranks = Ranks.join(spec.device)
        self.device = self.ranks.device(spec.device)
        self.precision = Precision(self.device)
        self.tuned = tune(self.device, asked=spec.tuned)
        self.notes: dict[str, Any] = {}  # for the card and the resume; `_keys` for the latter alone
        network = build(self.recipe.stage, self.recipe.network, **self.recipe.arguments)
        if self.recipe.encoder and is_there(self.recipe, "encoder") and not run.resume.exists():
            self.notes["encoder"] = load_encoder(network, run, self.recipe.encoder)
        self.network = network.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average_network = build(
            self.recipe.stage, self.recipe.network, **self.recipe.arguments
        ).to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = optimizer_of(network, self.recipe, rates)
        self.images = self.steps = self.origin = 0
        self.batch = crops_per_step(self.recipe, self.ranks.world)
        self.part_count = parts_of_a_share(self.recipe, self.ranks.world)
        self.best: float | None = None
        self.stale = 0  # validations since the best one
        self.validating = "validation"  # the split of metrics.jsonl that figures belong to
        self.collected: list[Tensor] = []  # losses of the batch's parts so far
        self.fixed: dict[str, Any] = {}  # what every validation of this process finds alike
        self.started = time.monotonic()
        self.parent_card: weights.Card = {}
        beginning.load_parent(self)
        beginning.say_what_is_missing(self)
        self.joint = Joint(self.network, self.ranks, tuned=self.tuned)
        self.average = checkpoint.EMA(self.network, self.recipe.ema_decay)

    # Samples ----------------------------------------------------------------------------

    def mine(self, start: int) -> list[int]:
        """Numbers of this rank's samples in the batch that starts there, none after the end."""
        if start >= self.recipe.images:
            return []
        return [start + k for k in self.ranks.share(self.batch)]

    def parts_of(self, start: int) -> Iterator[list[int]]:
        """Numbers of this rank's samples in that batch, in as many parts as gradients add up over:
        less memory, the same step."""
        share = self.mine(start)
        each = max(1, len(share) // self.part_count)
        for begin in range(0, len(share), each):
            yield share[begin : begin + each]

    def all_parts(self) -> Iterator[list[int]]:
        """Numbers of every part from here to the run's end."""
        for start in range(self.images, self.recipe.images, self.batch):
            yield from self.parts_of(start)

    def feed(self, make: Callable[[int], Sample]) -> Feed[Sample]:
        """Who draws the samples that `make` makes of their numbers: a thread or workers."""
        return feed(make, self.all_parts, self.spec.workers)

    def parts(self, ahead: Feed[Sample]) -> Iterator[list[Sample]]:
        """This rank's samples of the next batch, part by part; what comes next is begun."""
        parts = list(self.parts_of(self.images))
        for number, part in enumerate(parts):
            rest = [n for later in parts[number + 1 :] for n in later]
            samples = ahead.take(part, rest + self.mine(self.images + self.batch))
            self.joint.sends = number == len(parts) - 1
            yield samples

    # One step ----------------------------------------------------------------------------

    def forward(self, *pictures: Tensor, by: str = "forward") -> Tensor:
        """The network's answer to learn from, by its method `by`; shapes are the network's."""
        return self.joint(by, *pictures)

    def freeze(self, part: nn.Module) -> None:
        """Freeze a part's norms for good; nothing where they are."""
        if awake_norms(part):
            freeze_norms(part)
            self.joint.renew()

    def add(self, loss: Tensor) -> None:
        """Backward through the scalar loss of one part."""
        if not self.collected:
            self.optimizer.zero_grad(set_to_none=True)
        self.precision.scaler.scale(loss / self.part_count).backward()
        self.collected.append(loss.detach())

    def loss_of_batch(self) -> float:
        """Mean over its parts and all processes: the device is waited for once a step.

        Raises RunError when it is no longer a number.
        """
        value = self.ranks.total(float(torch.stack(self.collected).mean())) / self.ranks.world
        self.collected = []
        if not math.isfinite(value):
            raise RunError(f"the loss became {value} after {self.images} images")
        return value

    def step(self) -> float:
        """Clip, step, follow; returns the batch's loss."""
        value = self.loss_of_batch()
        rate = self.rate()
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["relative"]
        scaler = self.precision.scaler
        self.joint.check()
        scaler.unscale_(self.optimizer)
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        scaler.step(self.optimizer)
        scaler.update()
        self.images += self.batch
        self.steps += 1
        self.average.follow(self.network, self.steps)
        if self.steps % 10 == 0:
            self.log("train", {"loss": value, "rate": rate})
        return value

    def log(self, split: str, values: dict[str, float | None], phase: str = "main") -> None:
        """One line per value in metrics.jsonl."""
        if not self.ranks.leads:
            return
        seconds = round(time.monotonic() - self.started, 1)
        self.run.metric(
            step=self.images,
            split=split,
            values=values,
            epoch=self.epoch,
            seconds=seconds,
            phase=phase,
        )

    def at_epoch_end(self) -> bool:
        before = (self.images - self.batch) // self.recipe.epoch_images
        return self.finished() or self.epoch > before

    def must_stop(self) -> bool:
        """Whether any process of the run was asked to."""
        return self.ranks.total(float(self.stopper.over(self.images))) > 0

    def pause(self) -> None:
        """Leave if asked to, resumably; at an epoch's end write the resume file."""
        if self.must_stop():
            self.checkpoint()
            raise Stopped
        if self.at_epoch_end():
            self.checkpoint()
            if (lost := self.precision.lost(self.network)) and self.ranks.leads:
                log.warning("%s norm scales are below 0.001: bfloat16 blurs their gradients", lost)

    # Files -------------------------------------------------------------------------------

    def averaged(self) -> nn.Module:
        """The average of the weights as a network in eval mode: what is validated and kept.

        Every rank asks for it together, and gets rank 0's.
        """
        self.ranks.agree(self.average.tensors.values())
        self.average_network.load_state_dict(self.average.tensors)
        return self.average_network.eval()

    def keep_if_best(self, score: float, card: dict[str, Any]) -> bool:
        """Write best.safetensors and best.json when `score` beats all before."""
        if self.best is not None and score <= self.best:
            self.stale += 1
            if self.stuck():
                self.log("train", {"stopped_early": float(self.epoch)})
            return False
        self.best, self.stale = score, 0
        if not self.ranks.leads:
            return True
        full = self.card() | card | {"score": score}
        self.average_network.load_state_dict(self.average.tensors)  # rank 0 alone is here
        weights.save(self.run.best, self.average_network.eval(), full, dtype=torch.float32)
        return True

    def try_blends(self, validate: weight_averaging.Validate) -> None:
        """At the end: `weight_averaging.try_halves` of the best weights and others."""
        weight_averaging.try_halves(self, validate)

    def card(self) -> dict[str, Any]:
        """What every stage's model card says."""
        items = [item for item in self.run.items() if item.split == "train"]
        held = [item for item in self.run.items() if item.split == "validation"]
        return {
            "judged_on": judged_on(item.group for item in held),
            "masks": Counter(i.mask_origin or "given" for i in [*items, *held] if i.mask),
            "stage": self.recipe.stage,
            "network": self.recipe.network,
            "arguments": self.recipe.arguments,
            "multiple": getattr(self.network, "multiple", 1),
            "recipe": self.recipe.to_json(),
            "recipe_digest": self.recipe.digest(),
            "snapshot": self.spec.snapshot,
            "seed": self.spec.seed,
            "images_seen": self.images + self.notes.get("parent_images", 0),
            "steps": self.steps,
            "batch_taken": self.batch,
            "processes": self.ranks.world,
            "training_photos": len(items),
            "licences": sorted({item.licence for item in items if item.licence}),
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "versions": {"torch": torch.__version__},
            **{key: note for key, note in self.notes.items() if not key.startswith("_")},
        }

    def checkpoint(self) -> None:
        """Write resume.safetensors: everything the next step depends on."""
        if not self.ranks.leads:
            return
        tensors = {
            **checkpoint.prefixed("model", self.network.state_dict()),
            **checkpoint.prefixed("average", self.average.tensors),
            **checkpoint.prefixed("optimizer", checkpoint.optimizer_tensors(self.optimizer)),
            **self.more_tensors(),
            "random/torch": torch.get_rng_state(),
        }
        state = {
            "digest": self.run.digest(),
            "images": self.images,
            "steps": self.steps,
            "best": self.best,
            "stale": self.stale,
            "scaler": self.precision.scaler.state_dict(),
            "notes": self.notes,
        }
        checkpoint.save(self.run.resume, tensors, state)

    def more_tensors(self) -> dict[str, Tensor]:
        """What a loop keeps beside network and optimiser (a discriminator), of any shape."""
        return {}

    def take_more(self, tensors: dict[str, Tensor]) -> None:
        """Give `more_tensors` back, in the same shapes."""

    def resume(self) -> bool:
        """Take up a run where its resume file left it. Raises RunError if the run changed."""
        if not self.run.resume.exists():
            return False
        tensors, state = checkpoint.load(self.run.resume)
        if state["digest"] != self.run.digest():
            raise RunError("recipe, seed or items changed since this run was stopped")
        self.network.load_state_dict(checkpoint.under("model", tensors))
        self.average.tensors = checkpoint.under("average", tensors)
        checkpoint.restore_optimizer(self.optimizer, checkpoint.under("optimizer", tensors))
        self.take_more(tensors)
        torch.set_rng_state(tensors["random/torch"])
        self.images, self.steps = state["images"], state["steps"]
        self.best, self.notes, self.origin = state["best"], state["notes"], self.images
        self.stale = state.get("stale", 0)
        if state.get("scaler"):
            self.precision.scaler.load_state_dict(state["scaler"])
        if self.must_stop():  # it has come as far as it was to go
            raise Stopped
        return True

    def write_sample(self, number: int, png: bytes) -> Path | None:
        """samples/STEP_k.png, for the run's page; the leading process alone writes."""
        if not self.ranks.leads:
            return None
        folder = self.run.path / "samples"
        folder.mkdir(exist_ok=True)
        path = folder / f"{self.images:07d}_{number}.png"
        write_whole(path, png)
        return path
