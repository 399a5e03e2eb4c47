"""What is done for rare classes: weights in the loss, or repeated samples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..samples.samples import Integers

# Of the values that Cui et al. tried, the one for classes of hundreds to thousands of samples.
_BETA = 0.999


def class_weights(codes: Integers, classes: int, balance: str) -> Tensor:
    """Return the weight of each class in the loss (classes,), float32.

    Scaled so that the mean over the samples is 1; a class without samples gets 0.

    Args:
        codes: Classes of the training samples.
        classes: How many there are.
        balance: ``sqrt``: the inverse square root of the frequency, for without weights rare
            classes are not learnt, and with the full inverse their few samples drown the others.
            ``effective``: the inverse of the effective number of samples, (1 - b^n) / (1 - b)
            with b = 0.999 (Cui et al. 2019, https://arxiv.org/abs/1901.05555). Else all are 1.
    """
    counts = np.bincount(codes, minlength=classes).astype(np.float64)
    present = np.maximum(counts, 1.0)
    if balance == "sqrt":
        raw = 1.0 / np.sqrt(present)
    elif balance == "effective":
        raw = (1.0 - _BETA) / (1.0 - _BETA**present)
    else:
        raw = np.ones(classes)
    raw[counts == 0] = 0.0
    return torch.from_numpy((raw * counts.sum() / (raw * counts).sum()).astype(np.float32))


def repeated(chosen: Integers, codes: Integers, balance: str, generator: np.random.Generator) -> Integers:
    """Return the samples of an epoch: with ``oversampling``, those of rare classes several times.

    A sample of a class with the share f stands there max(1, sqrt(1 / (classes * f))) times on
    average (Gupta et al. 2019, https://arxiv.org/abs/1908.03195): rare classes gain, none is thinned.

    Args:
        chosen: The training samples.
        codes: The classes of these samples, shape (len(chosen),).
        balance: Other than ``oversampling``, ``chosen`` is returned.
        generator: Draws which samples take up a broken number of repeats.
    """
    if balance != "oversampling":
        return chosen
    wanted = _repeats(np.bincount(codes))[codes]
    times = np.floor(wanted + generator.random(len(wanted))).astype(np.int64)
    return np.repeat(chosen, times)


def taught_proportions(codes: Integers, classes: int, balance: str) -> npt.NDArray[np.float64]:
    """Return the proportions that the classes have in the loss (classes,): samples, repeats, weights."""
    counts = np.bincount(codes, minlength=classes)
    shares: npt.NDArray[np.float64] = counts * class_weights(codes, classes, balance).double().numpy()
    if balance == "oversampling":
        shares = shares * _repeats(counts)
    return np.asarray(shares / shares.sum())


def _repeats(counts: Integers) -> npt.NDArray[np.float64]:
    even = counts.sum() / np.count_nonzero(counts)
    return np.asarray(np.maximum(1.0, np.sqrt(even / np.maximum(counts, 1))))
