"""First convolution of a network with other input channels than that of a file of weights.

Kernels follow their bands by name or role, and take over the scaling that they expect: a network reads
standardised channels, and published weights were trained on reflectance, for example. The scaling is put into
the kernels instead of the channels, so that all else that reads the channels finds them standardised::

    kernels, phrase = fit_kernels(weights["conv1.weight"], channels, source)
    layer = adapted_layer(weights["conv1.weight"], norm, channels, roles, factors, shifts)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..text import Text, joined

Names = frozenset[str]
"""Names of a channel: its own name and its roles, in lower case."""


def names_of(channels: Sequence[str], roles: Mapping[str, str]) -> tuple[Names, ...]:
    """Return the names of each channel: its own name and its roles, in lower case.

    Args:
        channels: Names of the bands and indices.
        roles: Band name of each role.
    """
    return tuple(
        frozenset({name.lower(), *(role for role, band in roles.items() if band == name)})
        for name in channels
    )


def fit_kernels(kernels: Tensor, channels: Sequence[Names], source: Sequence[Names]) -> tuple[Tensor, str]:
    """Adapt the kernels of a first convolution to other channels.

    A channel with the same name in the source keeps its kernel. Others get the mean of all kernels. If
    the names of the source's channels are not known, its kernels are repeated. All kernels are scaled by
    the ratio of the numbers of channels, so that features keep their magnitude (``adapt_input_conv`` of
    timm, https://github.com/huggingface/pytorch-image-models).

    Args:
        kernels: Kernels of the source, shape (outputs, source channels, rows, columns).
        channels: Names of each channel of the network.
        source: Names of each channel of the source; empty if they are not known.

    Returns:
        Kernels of shape (outputs, channels, rows, columns), and a phrase on how they were adapted.
    """
    count, own = kernels.shape[1], len(channels)
    scale = count / own
    if len(source) != count:
        if count == own:
            return kernels, Text("{count} channels unchanged", count=count)
        order = torch.arange(own) % count
        return kernels[:, order] * scale, Text(
            "kernels of {count} channels repeated for {channels} channels", count=count, channels=own
        )
    mean = kernels.mean(dim=1)
    fitted, matched = [], []
    for names in channels:
        position = next((index for index, known in enumerate(source) if names & known), None)
        fitted.append(mean if position is None else kernels[:, position])
        if position is not None:
            matched.append(min(names & source[position]))
    if not matched:
        return fit_kernels(kernels, channels, ())
    unmatched = own - len(matched)
    phrase = Text("{channels} by name", channels=", ".join(matched))
    if unmatched:
        phrase = joined((phrase, Text("mean of all for {count} others", count=unmatched)), ", ")
    return torch.stack(fitted, dim=1) * scale, phrase


def matched_roles(channels: Sequence[Names], roles: Sequence[str]) -> tuple[int | None, ...]:
    """Return the position in ``roles`` of each channel's role; None where it has none of them.

    The narrow near infrared, which also stands in for a broad one that a raster lacks, is matched with the
    narrow one first.

    Args:
        channels: Names of each channel of the network.
        roles: Role of each channel of the weights.
    """
    positions: list[int | None] = []
    for names in channels:
        found = [index for index, role in enumerate(roles) if role in names]
        positions.append(max(found, key=lambda index: roles[index] == "nir_narrow") if found else None)
    return tuple(positions)


@dataclass(frozen=True, eq=False)
class AdaptedLayer:
    """First convolution for standardised channels, and statistics of the batch normalisation after it.

    Attributes:
        kernels: Kernels, shape (outputs, channels, rows, columns).
        mean: Running mean of the normalisation, shape (outputs,).
        variance: Running variance of the normalisation, shape (outputs,).
    """

    kernels: Tensor
    mean: Tensor
    variance: Tensor


def adapted_layer(
    kernels: Tensor,
    mean: Tensor,
    variance: Tensor,
    positions: Sequence[int | None],
    factors: Sequence[float],
    shifts: Sequence[float],
) -> AdaptedLayer:
    """Return the first layer of weights for other channels in another scaling.

    With all channels of the weights and no others, the normalised outputs are those of the weights on the
    inputs that they expect, ``factor * channel + shift`` (where no kernel reaches beyond the edge: there the
    new layer sees the mean of the channel, and the old one 0). Kernels keep their mean square, because an
    optimizer takes steps of the same size for all weights, and the normalisation makes up for it.

    A channel without a partner gets the mean of the other new kernels, so that it counts as much as they do.
    All are scaled by the ratio of the numbers of channels, as in ``fit_kernels``.

    Args:
        kernels: Kernels of the weights, shape (outputs, source channels, rows, columns).
        mean: Running mean of the normalisation after them, shape (outputs,).
        variance: Running variance of the normalisation, shape (outputs,).
        positions: Source channel of each channel; None without one. At least one has one.
        factors: Factor from the standardised to the expected value of each channel with a partner.
        shifts: Shift of each channel with a partner, in the unit that the weights expect.
    """
    ratio = kernels.shape[1] / len(positions)
    scaled: list[Tensor | None] = []
    offset = torch.zeros_like(mean)
    for position, factor, shift in zip(positions, factors, shifts, strict=True):
        if position is None:
            scaled.append(None)
            continue
        kernel = ratio * kernels[:, position]
        scaled.append(factor * kernel)
        offset = offset + shift * kernel.sum(dim=(1, 2))
    average = torch.stack([kernel for kernel in scaled if kernel is not None]).mean(dim=0)
    new = torch.stack([average if kernel is None else kernel for kernel in scaled], dim=1)
    size, new_size = (float(part.square().mean().sqrt()) for part in (kernels, new))
    gain = size / new_size if new_size > 0 else 1.0
    return AdaptedLayer(gain * new, gain * (mean - offset), gain**2 * variance)
