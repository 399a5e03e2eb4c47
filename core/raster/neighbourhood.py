"""Neighbourhood features: means, standard deviations and textures of square windows, on any device.

>>> measure = Neighbourhoods(windows=(7, 31), textures=((7, 31),))
>>> measure.count(channels=5)                            # 30 features: 5 x (own value + 2 + 2 + 1)
>>> measure.features(channels, valid, rows, columns)     # float32 (centres, 30)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from ..text import untranslated
from .neighbourhood_windows import Textures, features_per_channel, reach_of, texture_windows

# Standardised values are rounded to this fraction of a standard deviation. Sums of whole numbers are exact,
# so that the features of a pixel do not depend on the tile that it is read in. A value of up to 100
# deviations takes 21 bits, its square 41, and a tile may have 4 million pixels.
_STEPS = 1 << 14


class Measure(Protocol):
    """Feature extraction at pixels, for a model that classifies features."""

    @property
    def reach(self) -> int:
        """Largest distance from a centre to a pixel that is used, in pixels."""

    def count(self, channels: int) -> int:
        """Return the number of features for a number of channels."""

    def features(self, channels: Tensor, valid: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
        """Return the features of some pixels.

        Args:
            channels: Standardised values, shape (channels, height, width).
            valid: Whether each pixel is valid, bool, shape (height, width).
            rows: Row of each centre in ``channels``, int64, shape (centres,).
            columns: Column of each centre in ``channels``, int64, shape (centres,).

        Returns:
            Features, float32, shape (centres, features).
        """


@dataclass(frozen=True)
class Neighbourhoods:
    """Measure that computes ``neighbourhood_features``.

    Attributes:
        windows: Sides of the square windows, odd, in pixels.
        textures: Pairs of a narrow and a wide window.
    """

    windows: tuple[int, ...]
    textures: Textures = ()

    @property
    def reach(self) -> int:
        """Largest distance from a centre to a pixel of its windows, in pixels."""
        return reach_of(self.windows, self.textures)

    def count(self, channels: int) -> int:
        """Return the number of features for a number of channels."""
        return channels * features_per_channel(self.windows, self.textures)

    @classmethod
    def textured(cls, windows: Sequence[int]) -> Neighbourhoods:
        """Return the measure with ``windows`` and all textures that they allow."""
        return cls(tuple(windows), texture_windows(windows))

    def features(self, channels: Tensor, valid: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
        """Return the features of some pixels, see ``neighbourhood_features``."""
        return neighbourhood_features(channels, valid, rows, columns, self.windows, self.textures)


def neighbourhood_features(
    channels: Tensor,
    valid: Tensor,
    rows: Tensor,
    columns: Tensor,
    windows: Sequence[int],
    textures: Textures = (),
) -> Tensor:
    """Return each centre's own values, and statistics of the valid pixels around it.

    For each window these are mean and standard deviation. For each pair of windows it is the texture:
    the standard deviation in the wide window of the deviations in narrow windows. Without a valid pixel
    in a window, mean and deviation are 0. Sums come from summed-area tables (Crow 1984,
    https://doi.org/10.1145/800031.808600), so that a wide window costs no more than a narrow one.

    Args:
        channels: Standardised values, shape (channels, height, width); ignored in invalid pixels.
        valid: Whether each pixel is valid, bool, shape (height, width).
        rows: Row of each centre in ``channels``, int64, shape (centres,); at least
            ``reach_of(windows, textures)`` from its edges.
        columns: Column of each centre in ``channels``, int64, shape (centres,); at least
            ``reach_of(windows, textures)`` from its edges.
        windows: Sides of the square windows, odd, in pixels.
        textures: Pairs of a narrow and a wide window, ordered by the narrow ones.

    Returns:
        Features, float32, shape (centres, features), in the order of ``feature_names``.
    """
    count, height, width = channels.shape
    features = torch.empty(
        (features_per_channel(windows, textures), count, rows.numel()),
        dtype=torch.float32,
        device=channels.device,
    )
    features[0] = channels[:, rows, columns]
    boxes = {window: _Box(rows, columns, window, width + 1) for window in windows}
    table = _sums(valid.to(torch.int64))
    pixels = {window: _at_least_one(box.total(table.flatten())) for window, box in boxes.items()}
    narrow = {window: _at_least_one(_box_sums(table, window)) for window, _ in textures}
    for channel in range(count):
        steps = torch.where(valid, (channels[channel].double() * _STEPS).round(), 0.0)
        sums, squares = _tables(steps)
        for number, (window, box) in enumerate(boxes.items()):
            mean, deviation = box.moments(sums, squares, pixels[window])
            features[1 + 2 * number, channel] = mean / _STEPS
            features[2 + 2 * number, channel] = deviation / _STEPS
        position = 1 + 2 * len(windows)
        for window, counted in narrow.items():
            local = torch.where(valid, _deviations(sums, squares, counted, window, (height, width)), 0.0)
            local_sums, local_squares = _tables(local.round())
            for _, wide in (pair for pair in textures if pair[0] == window):
                _, deviation = boxes[wide].moments(local_sums, local_squares, pixels[wide])
                features[position, channel] = deviation / _STEPS
                position += 1
    return features.flatten(0, 1).T.contiguous()


def feature_names(
    channels: Sequence[str], windows: Sequence[int], textures: Textures = ()
) -> tuple[str, ...]:
    """Return the names of the features, in their order.

    First the channels (``NDVI``), then for each window ``NDVI mean 31`` and ``NDVI deviation 31``, then
    for each pair of windows ``NDVI texture 7 in 31``.

    Args:
        channels: Names of the channels.
        windows: Sides of the square windows, odd, in pixels.
        textures: Pairs of a narrow and a wide window, ordered by the narrow ones.
    """
    suffixes = [f"{statistic} {window}" for window in windows for statistic in ("mean", "deviation")]
    suffixes += [untranslated(f"texture {narrow} in {wide}") for narrow, wide in textures]
    return (*channels, *(f"{name} {suffix}" for suffix in suffixes for name in channels))


class _Box:
    """Positions of the four corners of each centre's window in a flattened summed-area table."""

    def __init__(self, rows: Tensor, columns: Tensor, window: int, width: int) -> None:
        half = window // 2
        self._first = (rows - half) * width + columns - half
        self._last = self._first + window * (width + 1)
        self._right = self._first + window
        self._below = self._first + window * width

    def total(self, table: Tensor) -> Tensor:
        return table[self._last] - table[self._right] - table[self._below] + table[self._first]

    def moments(self, sums: Tensor, squares: Tensor, pixels: Tensor) -> tuple[Tensor, Tensor]:
        return _moments(self.total(sums.flatten()), self.total(squares.flatten()), pixels)


def _deviations(sums: Tensor, squares: Tensor, pixels: Tensor, window: int, shape: tuple[int, int]) -> Tensor:
    """Return the standard deviation around each pixel; 0 where the window does not fit."""
    _, inner = _moments(_box_sums(sums, window), _box_sums(squares, window), pixels)
    deviations = torch.zeros(shape, dtype=torch.float64, device=sums.device)
    half = window // 2
    deviations[half : half + inner.shape[0], half : half + inner.shape[1]] = inner
    return deviations


def _moments(sums: Tensor, squares: Tensor, pixels: Tensor) -> tuple[Tensor, Tensor]:
    mean = sums / pixels
    return mean, (squares / pixels - mean * mean).clamp(min=0.0).sqrt()


def _tables(steps: Tensor) -> tuple[Tensor, Tensor]:
    """Return the summed-area tables of whole numbers and of their squares."""
    whole = steps.to(torch.int64)
    return _sums(whole), _sums(whole * whole)


def _sums(values: Tensor) -> Tensor:
    """Return the summed-area table: sums up to each pixel, after a row and a column of 0."""
    return torch.nn.functional.pad(values, (1, 0, 1, 0)).cumsum(0).cumsum(1)


def _box_sums(table: Tensor, window: int) -> Tensor:
    """Return the sum in each window that fits into the table."""
    return (
        table[window:, window:]
        - table[:-window, window:]
        - table[window:, :-window]
        + table[:-window, :-window]
    )


def _at_least_one(pixels: Tensor) -> Tensor:
    return pixels.clamp(min=1).to(torch.float64)
