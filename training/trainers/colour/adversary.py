"""The discriminator of colours, trained beside the network that it judges."""

from __future__ import annotations

import torch
from torch import Tensor, optim

from training.networks import losses
from training.networks.discriminator import Discriminator
from training.recipes import ColorizationRecipe, is_there
from training.run_folder import RunFolder, Spec
from training.trainers import checkpoint
from training.trainers.early_exit import Stopper
from training.trainers.trainer import Trainer


class ColourTrainer(Trainer):
    """A learner with, on request, a discriminator that is saved and resumed beside it."""

    def __init__(self, run: RunFolder, spec: Spec, stopper: Stopper) -> None:
        recipe = spec.recipe
        assert isinstance(recipe, ColorizationRecipe)  # noqa: S101 - narrows the type
        rates = {"encoder": recipe.encoder_rate} if is_there(recipe, "encoder") else {}
        super().__init__(run, spec, stopper, rates)
        wanted = recipe.adversarial_weight > 0
        self.wakes_at = recipe.adversarial_from
        self.adversary = Adversary(self, recipe.discriminator_rate) if wanted else None

    @property
    def judged(self) -> bool:
        """Whether the adversary takes part by now: L1 settles first, by the recipe's share."""
        return self.adversary is not None and self.share >= self.wakes_at

    def step(self) -> float:
        """One step of the network, then one of whoever judges it: both over the whole batch."""
        judge = self.adversary if self.judged else None  # the step moves the position on
        value = super().step()
        if judge:
            judge.step()
        return value

    def more_tensors(self) -> dict[str, Tensor]:
        """The discriminator and its moments, each in the shape it has there."""
        if self.adversary is None:
            return {}
        return {
            **checkpoint.prefixed("discriminator", self.adversary.network.state_dict()),
            **checkpoint.prefixed("judge", checkpoint.optimizer_tensors(self.adversary.optimizer)),
        }

    def take_more(self, tensors: dict[str, Tensor]) -> None:
        """Give `more_tensors` back. Raises RuntimeError where a name or a shape differs."""
        if self.adversary is not None:
            self.adversary.network.load_state_dict(checkpoint.under("discriminator", tensors))
            moments = checkpoint.under("judge", tensors)
            checkpoint.restore_optimizer(self.adversary.optimizer, moments)


class Adversary:
    """The discriminator and its own descent: hinge loss on YCbCr pictures."""

    def __init__(self, learner: Trainer, rate: float) -> None:
        self.learner = learner
        self.network = Discriminator().to(learner.device)
        self.optimizer = optim.Adam(self.network.parameters(), lr=rate, betas=(0.0, 0.9))

    def against(self, luma: Tensor, found: Tensor, wanted: Tensor) -> Tensor:
        """Teach the discriminator with one part of a batch, then hold it fixed and ask it.

        `luma` is N x 1 x H x W in 0..1, `found` and `wanted` N x 2 x H x W chroma in -1..1; the
        answer is the generator's loss, a scalar.
        """
        light = luma * 2 - 1
        real, fake = torch.cat([light, wanted], 1), torch.cat([light, found], 1)
        self.network.requires_grad_(True)
        on_real, on_fake = self.network(real), self.network(fake.detach())
        loss = losses.hinge_discriminator(on_real, on_fake)
        (loss / self.learner.part_count).backward()
        self.network.requires_grad_(False)
        if self.learner.steps % 10 == 0:
            right = ((on_real > 0).float().mean() + (on_fake < 0).float().mean()) / 2
            values: dict[str, float | None] = {
                "discriminator": float(loss.detach()),
                "accuracy": float(right),
            }
            self.learner.log("train", values)
        return losses.hinge_generator(self.network(fake))

    def step(self) -> None:
        """One step by the gradients that the parts of the batch left, joined over all processes."""
        parameters = list(self.network.parameters())
        self.learner.ranks.average_gradients(parameters)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
