"""Copies of training samples with a border in their neighbourhood, for trees.

Training samples mostly lie inside fields and forests, so that trees see few neighbourhoods with a border. In
a copy, another sample's neighbourhood begins beyond a random straight line near the pixel. The statistics of
a copy are those of a mixture of both neighbourhoods, each of which is taken to look alike everywhere.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Float32Array, Float64Array, Int64Array
from ..raster.neighbourhood import Neighbourhoods

# Largest distance of a line from the pixel, in pixels: half a usual patch of a network.
_MAX_DISTANCE = 8.5
# Points along a side of a window at which the part beyond a line is measured.
_MAX_POINTS = 15


def edge_copies(
    features: Float32Array,
    measure: Neighbourhoods,
    channels: int,
    codes: Int64Array,
    copies: int,
    generator: np.random.Generator,
) -> tuple[Float32Array, Int64Array]:
    """Return copies of samples with a border in their neighbourhood, and their class codes.

    A window of which the fraction f lies beyond the line has the mean ``(1 - f) m1 + f m2`` and the variance
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
    blocks = np.split(features, [measure.count(channels)], axis=1)
    pieces = []
    for _ in range(copies):
        others = generator.permutation(len(features))
        angles = generator.uniform(0.0, 2.0 * np.pi, len(features))
        distances = generator.uniform(0.0, _MAX_DISTANCE, len(features))
        fractions = {
            side: fraction_beyond(angles, distances, side).astype(np.float32)[:, None]
            for side in (1, *measure.windows)
        }
        mixed = [_mixed(block, block[others], fractions, measure) for block in blocks]
        pieces.append(np.concatenate(mixed, axis=1))
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
    own: Float32Array, other: Float32Array, fractions: dict[int, Float32Array], measure: Neighbourhoods
) -> Float32Array:
    """Return the features of mixtures, shape (N, features)."""
    mixed = np.empty_like(own)
    width = own.shape[1] // measure.count(1)

    def part(number: int) -> slice:
        return slice(number * width, (number + 1) * width)

    f = fractions[1]
    mixed[:, part(0)] = (1 - f) * own[:, part(0)] + f * other[:, part(0)]
    for number, side in enumerate(measure.windows):
        f, mean, deviation = fractions[side], part(1 + 2 * number), part(2 + 2 * number)
        mixed[:, mean] = (1 - f) * own[:, mean] + f * other[:, mean]
        variance = (1 - f) * own[:, deviation] ** 2 + f * other[:, deviation] ** 2
        mixed[:, deviation] = np.sqrt(variance + f * (1 - f) * (own[:, mean] - other[:, mean]) ** 2)
    for number, (_, wide) in enumerate(measure.textures, start=1 + 2 * len(measure.windows)):
        f, texture = fractions[wide], part(number)
        mixed[:, texture] = np.sqrt((1 - f) * own[:, texture] ** 2 + f * other[:, texture] ** 2)
    return mixed
