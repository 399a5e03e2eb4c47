"""Patches whose classes are close, computed again in more bits.

In fewer bits a network's scores are off by a little. That changes the class of a patch only where another
is closer to the best than that, so those patches, and no others, need to be computed again: a few per
cent of the work gives the map of 32 bits. After 8 bits, 16 are looked at first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from .backend import Backend

Rank = Callable[[Tensor], Tensor]
"""From logits (N, classes) to what the decision rule compares, of the same shape."""


@dataclass(frozen=True, eq=False)
class SecondLook:
    """Which patches are computed again, and by what.

    Attributes:
        backend: Computes in more bits.
        limits: A patch is computed again where what the rule compares is, for any class but the best one,
            less than a limit below it; shape (best class, other class).
        rank: What is compared.
        then: The look at what is still close; None after 32 bits.
        seconds: What it takes for each patch of the raster, close or not, without what follows.
    """

    backend: Backend
    limits: Tensor
    rank: Rank
    then: SecondLook | None = None
    seconds: float = 0.0

    def close(self, logits: Tensor) -> Tensor:
        """Return the positions, int64, of the patches whose classes are close.

        Args:
            logits: In fewer bits, shape (patches, classes).
        """
        return torch.nonzero(is_close(self.rank(logits), self.limits)).flatten()


def look_again(
    logits: Tensor, look: SecondLook | None, compute: Callable[[Backend, Tensor], Tensor]
) -> Tensor:
    """Put the logits of more bits in the place of those that are close.

    Args:
        logits: In fewer bits (patches, classes); they are changed.
        look: See there; None changes nothing.
        compute: From a backend and the positions of patches (N,) to their logits (N, classes).

    Returns:
        The positions of the patches that were computed again at least once.
    """
    found = rest = torch.arange(0 if look is None else len(logits), device=logits.device)
    is_first = True
    while look is not None:
        rest = rest[look.close(logits[rest])]
        found = rest if is_first else found
        if not len(rest):
            break
        logits[rest] = compute(look.backend, rest)
        look, is_first = look.then, False
    return found


def is_close(ranked: Tensor, limits: Tensor) -> Tensor:
    """Return which patches may be of another class than their best, bool, shape (patches,).

    Args:
        ranked: What the rule compares, shape (patches, classes).
        limits: See ``SecondLook``.
    """
    best = ranked.argmax(dim=1, keepdim=True)
    gaps = gaps_to_best(ranked).scatter(1, best, torch.inf)
    return (gaps < limits.to(ranked.device)[best[:, 0]]).any(dim=1)


def gaps_to_best(ranked: Tensor) -> Tensor:
    """Return how much less than the best of its row each value is, of the same shape."""
    return ranked.amax(dim=1, keepdim=True) - ranked


@torch.inference_mode()
def logits_of(backend: Backend, patches: Tensor) -> Tensor:
    """Return the logits (N, classes) of patches (N, channels, rows, columns), float32."""
    given = patches.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    return torch.cat(list(backend.scores(torch.split(given, backend.batch_size), backend.batch_size)))
