"""Artificial borders in training samples: beyond a random straight line, another sample begins.

Training samples mostly lie inside fields and forests, so that a model learns little of borders. A line at a
random angle passes near the middle of a patch, of a crop or of a neighbourhood, and what lies beyond it is
taken from another sample. (CutMix, Yun et al. 2019, https://arxiv.org/abs/1905.04899, shares labels by area
instead, for images that have one label.)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ..arrays import Float32Array, Float64Array, Int64Array
from ..raster.neighbourhood import Neighbourhoods
from .feeds.base import UNLABELLED, Examples, Labels, like

# Largest distance of a line from the pixel, in pixels: half a usual patch of a network.
_MAX_DISTANCE = 8.5
# Half of the lines of ``edge_copies`` pass within this distance of the pixel, in pixels: maps are wrong
# beside borders. A network with lines so near fell behind on Mexico, so its lines lie at all distances.
_NEAR = 2.0
# Points along a side of a window at which the part beyond a line is measured.
_MAX_POINTS = 15


def mix_edges(
    examples: Examples, probability: float, generator: np.random.Generator
) -> tuple[Examples, Labels]:
    """Return the inputs of a training step with lines beyond which another one of the batch begins.

    Over the one pixel in which a line passes, both are mixed. A patch has the label of its middle pixel,
    which is mixed only where the line cuts this pixel. In a crop, each pixel keeps the label of the crop that
    it comes from, and mixed pixels have none. Statistics of a neighbourhood become those of the mixture of
    both neighbourhoods, as in ``edge_copies``.

    Args:
        examples: Inputs of a network, with their labels.
        probability: Probability of a line in each of them, 0 to 1.
        generator: Random generator.
    """
    count, _, side, _ = examples.inputs.shape
    has_line = generator.random(count) < probability
    angles = generator.uniform(0.0, 2.0 * np.pi, count)
    extent = examples.size if examples.measure is None else 2.0 * _MAX_DISTANCE
    distances = np.where(has_line, generator.uniform(0.0, extent / 2.0, count), np.inf)
    partners = torch.from_numpy(generator.permutation(count)).to(examples.inputs.device)
    codes = examples.codes
    if examples.measure is not None:
        features = examples.inputs.flatten(1)
        mixed = _mixed(features, features[partners], angles, distances, examples.measure)
        return replace(examples, inputs=mixed.view_as(examples.inputs)), Labels(codes)
    beyond = beyond_line(angles, distances, np.arange(side, dtype=np.float64) - side // 2)
    fractions = like(np.clip(beyond + 0.5, 0.0, 1.0), examples.inputs)[:, None]
    # Patches are given with their validity, which is mixed along the same line.
    inputs, *more = (
        torch.lerp(values, values[partners], fractions) if values.ndim == 4 else values
        for values in (examples.inputs, *examples.more)
    )
    examples = replace(examples, inputs=inputs, more=tuple(more))
    if codes.ndim == 1:
        return examples, Labels(codes, codes[partners], fractions[:, 0, side // 2, side // 2])
    share = fractions[:, 0]
    mixed = torch.where(share > 0, codes.new_tensor(UNLABELLED), codes)
    mixed = torch.where(share == 1, codes[partners], mixed)
    return replace(examples, codes=mixed), Labels(mixed)


def edge_copies(
    features: Float32Array,
    measure: Neighbourhoods,
    channels: int,
    codes: Int64Array,
    copies: int,
    generator: np.random.Generator,
) -> tuple[Float32Array, Int64Array]:
    """Return copies of samples with a border in their neighbourhood, and their class codes.

    Each neighbourhood is taken to look alike everywhere. A window of which the fraction f lies beyond the
    line has the mean ``(1 - f) m1 + f m2`` and the variance
    ``(1 - f) v1 + f v2 + f (1 - f) (m1 - m2)^2``.

    Args:
        features: Features of ``measure``, float32, shape (N, features): those of the channels, then those of
            class maps, if any.
        measure: Feature extraction.
        channels: Number of channels.
        codes: Class codes of the samples, int64, shape (N,).
        copies: Number of copies of each sample.
        generator: Random generator of the lines and of the other samples.

    Returns:
        Features, float32, shape (copies * N, features), and class codes, int64, shape (copies * N,).
    """
    # Features of the channels come first, then those of the class maps.
    blocks = [torch.from_numpy(block) for block in np.split(features, [measure.count(channels)], axis=1)]
    pieces = []
    for _ in range(copies):
        others = torch.from_numpy(generator.permutation(len(features)))
        angles = generator.uniform(0.0, 2.0 * np.pi, len(features))
        is_near = generator.random(len(features)) < 0.5
        distances = generator.uniform(0.0, np.where(is_near, _NEAR, _MAX_DISTANCE))
        mixed = [_mixed(block, block[others], angles, distances, measure) for block in blocks]
        pieces.append(torch.cat(mixed, dim=1).numpy())
    return np.concatenate(pieces), np.tile(codes, copies)


def fraction_beyond(angles: Float64Array, distances: Float64Array, side: int) -> Float64Array:
    """Return the fraction of a window that lies beyond each line, 0 to 1, shape (N,).

    Args:
        angles: Directions from the window's middle to the lines, in radians, shape (N,).
        distances: Distances of the lines from the window's middle in pixels, shape (N,).
        side: Side of the window, in pixels.
    """
    count = min(side, _MAX_POINTS)
    cell = side / count
    offsets: Float64Array = np.asarray((np.arange(count) - (count - 1) / 2) * cell, dtype=np.float64)
    beyond = beyond_line(angles, distances, offsets)
    # A cell that the line cuts is divided in the proportion of its width.
    fractions: Float64Array = np.clip(beyond / cell + 0.5, 0.0, 1.0).mean(axis=(1, 2))
    return fractions


def beyond_line(angles: Float64Array, distances: Float64Array, offsets: Float64Array) -> Float64Array:
    """Return how far the points of a square lie beyond lines, in pixels, shape (N, points, points).

    Points before a line have negative values.

    Args:
        angles: Directions from the square's middle to the lines, in radians, shape (N,).
        distances: Distances of the lines from the square's middle in pixels, shape (N,).
        offsets: Rows, and likewise columns, of the points from the middle, in pixels, shape (points,).
    """
    beyond: Float64Array = (
        np.sin(angles)[:, None, None] * offsets[:, None]
        + np.cos(angles)[:, None, None] * offsets
        - distances[:, None, None]
    )
    return beyond


def _mixed(
    own: Tensor, other: Tensor, angles: Float64Array, distances: Float64Array, measure: Neighbourhoods
) -> Tensor:
    """Return the features of mixtures, shape (N, features)."""
    mixed = torch.empty_like(own)
    width = own.shape[1] // measure.count(1)

    def fraction(side: int) -> Tensor:
        return like(fraction_beyond(angles, distances, side), own)[:, None]

    def part(number: int) -> slice:
        return slice(number * width, (number + 1) * width)

    mixed[:, part(0)] = torch.lerp(own[:, part(0)], other[:, part(0)], fraction(1))
    for number, side in enumerate(measure.windows):
        f, mean, deviation = fraction(side), part(1 + 2 * number), part(2 + 2 * number)
        mixed[:, mean] = torch.lerp(own[:, mean], other[:, mean], f)
        variance = torch.lerp(own[:, deviation] ** 2, other[:, deviation] ** 2, f)
        mixed[:, deviation] = torch.sqrt(variance + f * (1 - f) * (own[:, mean] - other[:, mean]) ** 2)
    for number, (_, wide) in enumerate(measure.textures, start=1 + 2 * len(measure.windows)):
        f, texture = fraction(wide), part(number)
        mixed[:, texture] = torch.sqrt(torch.lerp(own[:, texture] ** 2, other[:, texture] ** 2, f))
    return mixed
