"""Two processes train like one: equal weights, averaged gradients, one of them writes."""

import os

import pytest
import torch
from safetensors.torch import load_file
from torch import distributed, multiprocessing

from tests.benchmarks.site import free_port
from tests.training.trainers.test_resume import learn, run_in
from training.networks import losses, weights
from training.networks.registry import build
from training.run_folder import RunFolder
from training.trainers import precision
from training.trainers.distributed import Ranks


def test_alone_there_is_nothing_to_average():
    ranks = Ranks.join("cpu")
    parameter = torch.nn.Parameter(torch.ones(2))
    parameter.grad = torch.full((2,), 3.0)
    ranks.average_gradients([parameter])
    assert ranks.leads and list(ranks.share(4)) == [0, 1, 2, 3]
    assert parameter.grad.tolist() == [3, 3] and ranks.total(2.5) == 2.5


def test_a_batch_is_shared_whole():
    shares = [list(Ranks(rank, 2).share(6)) for rank in range(2)]
    assert shares == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(ValueError, match="cannot be shared by 2"):
        Ranks(0, 2).share(5)


def meet(rank, port):
    os.environ |= {"RANK": str(rank), "WORLD_SIZE": "2", "LOCAL_RANK": str(rank)}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}


def gradients_of(part, ranks):
    """Gradients of the segmentation loss in float64 over some of four seeded samples."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    network = build("segmentation", "lite", width=4, norm="abn").double()
    seeds = [torch.Generator().manual_seed(number) for number in part]
    luma = torch.stack([torch.rand(1, 32, 32, generator=seed) for seed in seeds]).double()
    truth = (luma.expand(-1, 3, -1, -1) > 0.8).double()
    # every sample has another share of ignored pixels, so that the shards weigh differently
    marks = [luma[k, :, : 8 * (number + 1)] > -1 for k, number in enumerate(part)]
    counted = torch.zeros_like(luma)
    for k, mark in enumerate(marks):
        counted[k, :, : mark.shape[1]] = 1
    logits, weights = network(luma), torch.tensor([3.0, 5.0, 2.0], dtype=torch.float64)
    loss = losses.weighted_bce(logits, truth, counted, weights, ranks.joined)
    loss = loss + losses.dice_loss(logits, truth, counted, ranks.joined)
    loss.backward()
    ranks.average_gradients(network.parameters())
    return float(loss.detach()), [p.grad for p in network.parameters()]


STAGES = {
    "segmentation": {"arguments": {"width": 8, "norm": "abn"}},
    "inpainting": {"arguments": {"width": 4, "levels": 4, "norm": "abn"}},
}


def one_rank(rank, folder, ports):
    """All that two processes do here: the start of one is torch's and takes longer than the rest."""
    precision.precision_of = lambda _: torch.float32  # what bfloat16 rounds depends on the share
    meet(rank, ports[0])
    ranks = Ranks.join("cpu")
    loss, grads = gradients_of(list(ranks.share(4)), ranks)
    if ranks.leads:
        torch.save([torch.tensor(loss, dtype=torch.float64), *grads], folder / "gradients.pt")
    distributed.destroy_process_group()
    for stage, port in zip(STAGES, ports[1:], strict=True):
        meet(rank, port)
        learn(RunFolder(folder / stage))
        distributed.destroy_process_group()


@pytest.fixture(scope="module")
def alone_and_shared(tmp_path_factory):
    """Two folders: runs of one process, and of two together with their gradients."""
    alone, shared = tmp_path_factory.mktemp("alone"), tmp_path_factory.mktemp("shared")
    for stage in STAGES:
        # a tiny rate: Adam's first steps turn rounding in near-zero gradients into whole steps
        more = STAGES[stage] | {"images": 8, "learning_rate": 1e-6, "validation_photos": 3}
        run_in(shared / stage, stage, **more)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(precision, "precision_of", lambda _: torch.float32)
            learn(run_in(alone / stage, stage, **more))
    ports = [free_port() for _ in range(3)]
    multiprocessing.spawn(one_rank, (shared, ports), nprocs=2)
    return alone, shared


@pytest.mark.slow
def test_two_ranks_have_the_gradients_of_the_joined_batch(alone_and_shared):
    loss, wanted = gradients_of(range(4), Ranks())
    found_loss, *found = torch.load(alone_and_shared[1] / "gradients.pt")
    assert float(found_loss) == pytest.approx(loss, abs=1e-12)
    for mine, theirs in zip(found, wanted, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-8, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_two_ranks_learn_what_one_learns(stage, alone_and_shared):
    alone, shared = (RunFolder(folder / stage) for folder in alone_and_shared)
    wanted, found = load_file(alone.resume), load_file(shared.resume)
    for name in wanted:
        if name.startswith("model/"):
            torch.testing.assert_close(found[name], wanted[name], rtol=1e-3, atol=1e-4)
    assert shared.metrics().keys() == alone.metrics().keys()
    found, wanted = (
        {k: v for k, v in r.metrics().items() if v is not None} for r in (shared, alone)
    )
    assert found == pytest.approx(wanted, rel=1e-3, abs=1e-3)
    cards = [weights.read_card(run.best) for run in (alone, shared)]
    assert cards[0].get("hole_size_max") == cards[1].get("hole_size_max")


def test_rows_come_back_in_the_order_of_the_pictures():
    assert [Ranks(r, 2).mine("abcde") for r in range(2)] == ["ace", "bd"]
    assert Ranks().gathered([1, 2]) == [1, 2]
