"""The batch size of a GPU, and whether a compiled network is worth its time: found by trying."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch

from ...progress import Progress
from .backend import Backend, PatchNetwork
from .check import is_sound, random_patches
from .rate import rate_of

# Seconds that a batch size is tried for.
_TRIAL = 0.15
# Patches of a trial's batch that are not alike.
_DIFFERENT = 64
# Compiling takes up to a minute. A GPU does a hundred million patches in a few.
_WORTH_COMPILING = 100_000_000


class TunableBackend(Backend, Protocol):
    """A backend whose rate depends on what can only be seen on the device at hand."""

    def sizes(self, network: PatchNetwork) -> Sequence[int]:
        """Return the batch sizes that fit into the memory that is free now, the smallest first."""

    def compiled(self) -> TunableBackend | None:
        """Return the same with a compiled network, None where nothing can compile it."""


def tuned(backend: TunableBackend, network: PatchNetwork, patches: int, progress: Progress) -> Backend:
    """Return the backend, or a compiled form of it, with the batch size that was fastest.

    Args:
        backend: What computes; its ``batch_size`` is set.
        network: What it computes.
        patches: How many it will compute, about.
        progress: Learns what was found.
    """
    rate = _set_best_size(backend, network)
    progress.log(f"The fastest batch has {backend.batch_size:,} patches ({rate:,.0f} patches/s).")
    if patches < _WORTH_COMPILING:
        return backend
    compiled = backend.compiled()
    if compiled is None:
        return backend
    progress.log("Compiling the network, which takes up to a minute.")
    try:
        faster = _rate(compiled, network) if is_sound(compiled, network) else 0.0
    # Whatever a compiler raises of a network, a driver or a tool chain that is new to it.
    except Exception as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        progress.log(f"The network is not compiled: {reason}.", "warning")
        return backend
    progress.log(f"Compiled it does {faster:,.0f} patches/s.")
    return compiled if faster > rate else backend


def _set_best_size(backend: TunableBackend, network: PatchNetwork) -> float:
    """Let a backend have its fastest batch size; return the patches a second."""
    rates: dict[int, float] = {}
    for size in backend.sizes(network):
        backend.batch_size = size
        try:
            rates[size] = _rate(backend, network)
        except torch.OutOfMemoryError:
            # Other programs took what was free a moment ago.
            break
    if rates:
        backend.batch_size = max(rates, key=lambda size: rates[size])
    return max(rates.values(), default=0.0)


def _rate(backend: Backend, network: PatchNetwork) -> float:
    size = backend.batch_size
    batch = random_patches(network, _DIFFERENT).repeat(-(-size // _DIFFERENT), 1, 1, 1)[:size]
    # What is done once does not count.
    rate_of(backend, batch, size, 0.0)
    return rate_of(backend, batch, size, _TRIAL)
