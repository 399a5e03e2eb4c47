"""Fitting the kernels of a first convolution to other channels."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

Names = frozenset[str]
"""What a channel may be called: its name and the roles that it plays, in lower case."""


def fit_kernels(kernels: Tensor, channels: Sequence[Names], source: Sequence[Names]) -> tuple[Tensor, str]:
    """Return kernels for other channels, and how they came about, a phrase.

    A channel that the source has too keeps its kernel, others get the mean of all. Where the
    source's channels have no names, its kernels are repeated. Then all are scaled by the ratio of
    the numbers of channels, so that features stay about as large as they were (timm's
    ``adapt_input_conv``, https://github.com/huggingface/pytorch-image-models).

    Args:
        kernels: Shape (outputs, source channels, rows, columns).
        channels: Names of the channels that are needed.
        source: Names of the source's channels; empty where they are not known.
    """
    count, own = kernels.shape[1], len(channels)
    scale = count / own
    if len(source) != count:
        if count == own:
            return kernels, f"{count} channels as they stand"
        order = torch.arange(own) % count
        return kernels[:, order] * scale, f"kernels of {count} channels repeated for {own}"
    mean = kernels.mean(dim=1)
    fitted, matched = [], []
    for names in channels:
        position = next((index for index, known in enumerate(source) if names & known), None)
        fitted.append(mean if position is None else kernels[:, position])
        if position is not None:
            matched.append(min(names & source[position]))
    if not matched:
        return fit_kernels(kernels, channels, ())
    rest = own - len(matched)
    phrase = f"{', '.join(matched)} by name"
    return torch.stack(fitted, dim=1) * scale, phrase + (f", their mean for {rest} others" if rest else "")
