"""The learning rate over a training, as a function of how much of it is done."""

from __future__ import annotations

import math

# A first step at the full rate, from random weights, can throw a network off for good.
_WARM_UP = 0.05
# Smith and Topin 2018, https://arxiv.org/abs/1708.07120, with the shares that PyTorch's
# OneCycleLR has as its defaults.
_RISE = 0.3
_START = 1 / 25
_END = 1 / 250_000


def rate_factor(schedule: str, done: float) -> float:
    """Return what the learning rate is multiplied with, 0 to 1.

    It depends on nothing but how far the training is, so that one that goes on from its
    checkpoint has the rates that it would have had.

    Args:
        schedule: ``cosine`` (a short linear rise, then half a cosine down to 0; Loshchilov and
            Hutter 2017, https://arxiv.org/abs/1608.03983), ``one_cycle`` or ``constant``.
        done: Share of all steps that are behind, 0 to 1, if nothing stops the training early.
    """
    if schedule == "constant":
        return 1.0
    if schedule == "one_cycle":
        if done < _RISE:
            return _between(_START, 1.0, done / _RISE)
        return _between(1.0, _END, (done - _RISE) / (1 - _RISE))
    if done < _WARM_UP:
        return _START + (1.0 - _START) * done / _WARM_UP
    return _between(1.0, 0.0, (done - _WARM_UP) / (1 - _WARM_UP))


def _between(start: float, end: float, share: float) -> float:
    """Return the value at ``share`` of half a cosine from ``start`` to ``end``."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
