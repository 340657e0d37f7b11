"""Two processes train like one: equal weights, averaged gradients, one of them writes."""

import os

import pytest
import torch
from safetensors.torch import load_file
from torch import multiprocessing

from tests.training.loops.test_resume import learn, run_in
from training.loops.ranks import Ranks
from training.loops.run_folder import RunFolder


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


def one_rank(rank, folder, port):
    os.environ |= {"RANK": str(rank), "WORLD_SIZE": "2", "LOCAL_RANK": str(rank)}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    learn(RunFolder(folder))


@pytest.mark.slow
def test_two_ranks_learn_what_one_learns(tmp_path):
    more = {"arguments": {"width": 8, "norm": "abn"}, "images": 8, "dice_weight": 0.0}
    alone, shared = (run_in(tmp_path / n, "segmentation", **more) for n in ("alone", "shared"))
    learn(alone)
    port = 20_000 + os.getpid() % 20_000
    multiprocessing.spawn(one_rank, (shared.path, port), nprocs=2)
    wanted, found = load_file(alone.resume), load_file(shared.resume)
    for name in wanted:
        if name.startswith("model/"):
            torch.testing.assert_close(found[name], wanted[name], rtol=1e-3, atol=2e-3)
    lines = (shared.path / "metrics.jsonl").read_text().splitlines()
    assert len(lines) == len((alone.path / "metrics.jsonl").read_text().splitlines())
