"""In-place ABN against golden vectors, over two ranks, frozen, converted and folded."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import distributed, multiprocessing, nn

from training.networks.inplace_abn import (
    InPlaceABN,
    freeze_norms,
    norm_and_activation,
)
from training.networks.registry import build

FOLDER = Path(__file__).parent / "golden"
GOLDEN = sorted(FOLDER.glob("inplace_abn_*.npz"))


def abn_of(file):
    norm = InPlaceABN(
        len(file["weight"]),
        float(file["eps"]),
        float(file["momentum"]),
        str(file["activation"]),
        float(file["slope"]),
    ).double()
    norm.weight.data = torch.from_numpy(file["weight"])
    norm.bias.data = torch.from_numpy(file["bias"])
    norm.running_mean = torch.from_numpy(file["running_mean_before"])
    norm.running_var = torch.from_numpy(file["running_var_before"])
    return norm


def close(found, wanted):
    torch.testing.assert_close(found, torch.from_numpy(wanted), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("mode", ["train", "eval"])
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_abn_equals_golden_vectors(path, mode):
    file = dict(np.load(path))
    norm = abn_of(file).train(mode == "train")
    x = torch.from_numpy(file["input"]).requires_grad_()
    y = norm(x)
    y.backward(torch.from_numpy(file["grad_output"]))
    close(y.detach(), file[f"{mode}_output"])
    close(x.grad, file[f"{mode}_grad_input"])
    close(norm.weight.grad, file[f"{mode}_grad_weight"])
    close(norm.bias.grad, file[f"{mode}_grad_bias"])
    if mode == "train":
        close(norm.running_mean, file["running_mean_after"])
        close(norm.running_var, file["running_var_after"])


def test_there_are_seven_golden_files():
    assert len(GOLDEN) == 7


def one_rank(rank, address, answers, world):
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=address, rank=rank, world_size=world)
    file = dict(np.load(FOLDER / "inplace_abn_split2.npz"))
    norm = abn_of(file).train()
    x = torch.from_numpy(file["input"]).tensor_split(world)[rank].clone().requires_grad_()
    y = norm(x)
    y.backward(torch.from_numpy(file["grad_output"]).tensor_split(world)[rank])
    found = (y.detach(), x.grad, norm.weight.grad, norm.bias.grad, norm.running_var)
    torch.save(found, f"{answers}/{rank}.pt")
    distributed.destroy_process_group()


@pytest.mark.slow
@pytest.mark.parametrize("world", [2, pytest.param(4, marks=pytest.mark.long)])
def test_several_ranks_equal_the_joined_batch(tmp_path, world):
    address = f"file://{tmp_path}/meeting"
    multiprocessing.spawn(one_rank, (address, str(tmp_path), world), nprocs=world)
    file = dict(np.load(FOLDER / "inplace_abn_split2.npz"))
    ranks = [torch.load(tmp_path / f"{rank}.pt") for rank in range(world)]
    close(torch.cat([rank[0] for rank in ranks]), file["train_output"])
    close(torch.cat([rank[1] for rank in ranks]), file["train_grad_input"])
    close(sum(rank[2] for rank in ranks), file["train_grad_weight"])
    close(sum(rank[3] for rank in ranks), file["train_grad_bias"])
    close(ranks[0][4], file["running_var_after"])


def twins():
    """The same U-Net with in-place ABN and with batch norm and leaky ReLU, in float64."""
    torch.manual_seed(3)
    ours = build("segmentation", "lite", width=4, norm="abn").double()
    theirs = build("segmentation", "lite", width=4, norm="batch").double()
    names = {}
    for name, value in ours.named_parameters():
        if value.dim() == 1 and name.endswith("weight"):
            value.data.uniform_(0.2, 2)
        twin = name if name in theirs.state_dict() else ".0.".join(name.rsplit(".", 1))
        theirs.get_parameter(twin).data.copy_(
            value.data + 1e-5 * (value.dim() == 1 and name.endswith("weight"))
        )
        names[name] = twin
    return ours, theirs, names


def test_gradients_of_a_whole_network_equal_those_of_batch_norm_and_leaky_relu():
    ours, theirs, names = twins()
    picture = torch.rand(2, 1, 48, 64, dtype=torch.float64)
    answers = [network(picture) for network in (ours, theirs)]
    torch.testing.assert_close(answers[0], answers[1], rtol=1e-10, atol=1e-10)
    for answer in answers:
        answer.square().mean().backward()
    for name, twin in names.items():
        mine, other = ours.get_parameter(name).grad, theirs.get_parameter(twin).grad
        torch.testing.assert_close(mine, other, rtol=1e-10, atol=1e-10)


def test_eval_without_gradient_is_the_same_function():
    norm = abn_of(dict(np.load(GOLDEN[0]))).eval()
    x = torch.randn(2, len(norm.weight), 5, 5).double()
    with torch.no_grad():
        plain = norm(x)
    torch.testing.assert_close(plain, norm(x).detach())


def test_abn_keeps_only_its_output():
    norm, saved = InPlaceABN(4), []
    x = torch.rand(2, 4, 16, 16, requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(lambda t: saved.append(t) or t, lambda t: t):
        norm(x * 1.0)
    large = [tensor for tensor in saved if tensor.numel() >= x.numel()]
    assert len(large) == 1


def test_a_slope_of_zero_is_refused():
    with pytest.raises(ValueError, match="slope must be positive"):
        InPlaceABN(3, slope=0.0)


def test_one_value_per_channel_cannot_be_normed():
    with pytest.raises(ValueError, match="more than one value"):
        InPlaceABN(3)(torch.rand(1, 3, 1, 1))


@pytest.mark.parametrize("kind", ["abn", "batch"])
def test_frozen_norms_stay_frozen_whatever_train_says(kind):
    module = nn.Sequential(nn.Conv2d(1, 4, 3), norm_and_activation(kind, 4))
    assert freeze_norms(module) == 1
    module.train()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    module(torch.rand(2, 1, 8, 8)).sum().backward()
    assert all(torch.equal(before[name], value) for name, value in module.state_dict().items())
    norms = [p for n, p in module.named_parameters() if not n.startswith("0.")]
    assert all(p.grad is None and not p.requires_grad for p in norms)
