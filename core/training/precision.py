"""Which number format a training computes in."""

from __future__ import annotations

import torch

from ..device import has_bf16_units
from ..errors import DeviceError


def choose_precision(name: str, device: torch.device) -> torch.dtype:
    """Return ``torch.bfloat16`` or ``torch.float32``.

    With bfloat16, convolutions and matrix products are computed in it, everything else and the
    weights themselves stay float32 (PyTorch's autocast).

    Args:
        name: ``fp32``, ``bf16``, or ``auto``: bfloat16 where the device has units for it.
        device: Where to compute.

    Raises:
        DeviceError: bfloat16 was asked for, and the device cannot compute in it.
    """
    if name == "fp32":
        return torch.float32
    if name == "bf16":
        if device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
            raise DeviceError(
                f"{torch.cuda.get_device_name(device)} has no units for 16-bit brain floating point",
                where="PRECISION",
                advice="Choose PRECISION=auto or fp32.",
            )
        return torch.bfloat16
    return torch.bfloat16 if has_bf16_units(device) else torch.float32


def memory_format_for(precision: torch.dtype, device: torch.device) -> torch.memory_format:
    """Return the order of values in memory that training is fastest with.

    Channels last on a GPU and for bfloat16; plain float32 on a CPU is slower that way.
    """
    is_last = device.type == "cuda" or precision == torch.bfloat16
    return torch.channels_last if is_last else torch.contiguous_format


def autocast(device: torch.device, precision: torch.dtype) -> torch.autocast:
    """Return the context in which a network computes in ``precision``."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == torch.bfloat16)
