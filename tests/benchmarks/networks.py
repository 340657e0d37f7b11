"""What the networks' own parts buy, each beside its rival in the same run: ratios, not fame."""

import copy
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.blocks import BasicBlock
from training.networks.inpainting_unet import PartialUNet
from training.networks.lite_unet import LiteUNet
from training.networks.partial_conv import EPSILON


def stored_bytes(network: nn.Module, picture: Tensor) -> int:
    """Bytes that one forward pass keeps for backward, parameters apart, each storage once."""
    own = {p.untyped_storage().data_ptr() for p in [*network.parameters(), *network.buffers()]}
    kept: dict[int, Tensor] = {}

    def keep(tensor: Tensor) -> Tensor:
        if tensor.untyped_storage().data_ptr() not in own:
            kept[tensor.untyped_storage().data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        network(picture)
    return sum(tensor.untyped_storage().nbytes() for tensor in kept.values())


def out_of_place(network: nn.Module) -> nn.Module:
    """The same network with every activation writing a tensor of its own."""
    network = copy.deepcopy(network)
    for part in network.modules():
        if isinstance(part, nn.LeakyReLU):
            part.inplace = False
        if isinstance(part, BasicBlock):
            part.in_place = False
    return network


def activations() -> None:
    picture = torch.rand(1, 1, 256, 256)
    ours = LiteUNet(64, norm="abn").train()
    theirs = LiteUNet(64, norm="batch").train()
    sizes = [stored_bytes(n, picture) for n in (ours, theirs, out_of_place(theirs))]
    print("activation bytes of one 256 x 256 crop through the U-Net of width 64")
    print(f"  in-place ABN                     {sizes[0] / 2**20:8.1f} MiB")
    for name, size, target in (
        ("BatchNorm2d + in-place LeakyReLU", sizes[1], 0.25),
        ("BatchNorm2d + LeakyReLU", sizes[2], 0.40),
    ):
        saved = 1 - sizes[0] / size
        print(f"  {name:32} {size / 2**20:8.1f} MiB   ABN saves {saved:.0%} (target {target:.0%})")


def full_channel(network: PartialUNet, picture: Tensor, mask: Tensor) -> Tensor:
    """The U-Net as NVIDIA's layer computes it: every channel has a mask, summed by convolution."""

    def level(part: Any, maps: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
        conv = part.conv.conv
        x, m = (torch.cat(planes, dim=1) for planes in zip(*maps, strict=True))
        total = functional.conv2d(m, torch.ones_like(conv.weight), None, conv.stride, conv.padding)
        grown = total.clamp(0, 1)
        ratio = grown * (conv.weight[0].numel() / (total + EPSILON))
        answer = functional.conv2d(x * m, conv.weight, None, conv.stride, conv.padding) * ratio
        if conv.bias is not None:
            answer = (answer + conv.bias.view(1, -1, 1, 1)) * grown
        return part.after(answer), grown

    maps = [(picture, mask.expand_as(picture))]
    for part in network.encoder:
        maps.append(level(part, [maps[-1]]))
    deep = maps.pop()
    for part in network.decoder:
        larger = tuple(functional.interpolate(x, scale_factor=2.0) for x in deep)
        deep = level(part, [(larger[0], larger[1]), maps.pop()])
    return deep[0]


@torch.no_grad()
def partial_convolution() -> None:
    torch.manual_seed(0)
    network = PartialUNet(32, 7).eval()
    picture, mask = torch.rand(1, 3, 512, 512), torch.ones(1, 1, 512, 512)
    mask[..., 100:180, 60:300] = 0
    ours, theirs = network(picture, mask), full_channel(network, picture, mask)
    seconds = best_of(
        [lambda: network(picture, mask), lambda: full_channel(network, picture, mask)], 5
    )
    print("partial-convolution U-Net, width 32, 512 x 512, seconds of CPU")
    print(f"  a mask per group    {seconds[0]:.3f}")
    print(f"  a mask per channel  {seconds[1]:.3f}   ratio {seconds[0] / seconds[1]:.2f} ", end="")
    print(f"(target 0.60), largest difference {float((ours - theirs).abs().max()):.1e}")


def best_of(functions: list[Callable[[], object]], rounds: int) -> list[float]:
    """Least CPU seconds of each, taken in turn, so that a busy neighbour disturbs all alike."""
    found: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for times, function in zip(found, functions, strict=True):
            started = time.process_time()
            function()
            times.append(time.process_time() - started)
    return [float(np.min(times)) for times in found]


def main() -> None:
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)))
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, ", end="")
    print(f"load {os.getloadavg()[0]:.1f}")
    activations()
    partial_convolution()
