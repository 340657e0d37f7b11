"""Which number format a device trains in, and loss scaling where float16 needs it."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from training.networks.inplace_abn import InPlaceABN

TOO_SMALL = 1e-3
CPU_FLAGS = Path("/proc/cpuinfo")


def precision_of(device: torch.device) -> torch.dtype:
    """bfloat16 where it is an instruction, float16 on older cards, else float32.

    torch would emulate bfloat16 anywhere, slower than float32: cards have it from compute
    capability 8.0 on, processors when their flags say so.
    """
    if device.type == "cuda":
        modern = torch.cuda.get_device_capability(device) >= (8, 0)
        return torch.bfloat16 if modern else torch.float16
    flags = CPU_FLAGS.read_text() if CPU_FLAGS.exists() else ""
    fast = "avx512_bf16" in flags or "amx_bf16" in flags
    return torch.bfloat16 if fast else torch.float32


def tune(device: torch.device, *, asked: bool) -> bool:
    """Let cuDNN try its algorithms and say whether networks shall be compiled: on cards, if asked.

    Both are faster on crops of one size and neither gives the same bits twice, so that a resumed
    run equals an unbroken one to rounding only.
    """
    wanted = asked and device.type == "cuda"
    if wanted:
        torch.backends.cudnn.benchmark = True
    return wanted


class Precision:
    """Autocast and gradient scaling for one device; float32 leaves everything as it is."""

    def __init__(self, device: torch.device) -> None:
        self.device, self.dtype = device, precision_of(device)
        halves = self.dtype is torch.float16  # its gradients underflow without a scale
        self.scaler = torch.amp.GradScaler(device.type, enabled=halves)

    def lost(self, network: nn.Module) -> int:
        """How many channels of in-place ABN have a scale too small for bfloat16.

        Below 1e-3 the inverted norm's gradients err by 1 % and more; float32 holds to 1e-4.
        """
        if self.dtype is not torch.bfloat16:
            return 0
        norms = (part for part in network.modules() if isinstance(part, InPlaceABN))
        return sum(int((norm.weight.detach().abs() < TOO_SMALL).sum()) for norm in norms)

    def autocast(self) -> torch.autocast:
        """Around the network alone: losses, statistics and mask arithmetic stay in float32."""
        wanted = self.dtype if self.dtype is not torch.float32 else torch.bfloat16
        return torch.autocast(self.device.type, wanted, enabled=self.dtype is not torch.float32)
