"""Means and standard deviations of square neighbourhoods. Runs on any device."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

# Standardised values are counted in whole steps of this fraction of a standard deviation. Sums of
# whole numbers are exact, so that a pixel has the same neighbourhood in whatever tile it is read:
# a value of up to 100 deviations takes 21 bits, its square 41, and a tile may have 4 million pixels.
_STEPS = 1 << 14


def neighbourhood_features(
    channels: Tensor, valid: Tensor, rows: Tensor, columns: Tensor, windows: Sequence[int]
) -> Tensor:
    """Return each centre's own values, and mean and deviation of the valid pixels around it.

    The sums come from summed-area tables (Crow 1984, https://doi.org/10.1145/800031.808600), so
    that a wide window costs no more than a narrow one. A window without a valid pixel has the
    mean and the deviation 0.

    Args:
        channels: Standardised values, shape (channels, height, width); what stands in invalid
            pixels does not matter.
        valid: Bool of shape (height, width).
        rows: Rows of the centres in ``channels``, int64; at least half the largest window away
            from its edges.
        columns: Columns of the centres, alike.
        windows: Odd sides of squares, in pixels.

    Returns:
        float32 of shape (centres, channels x (1 + 2 x windows)): the values of all channels, then
        for each window the means and the deviations of all channels.
    """
    count, width = channels.shape[0], channels.shape[2]
    features = torch.empty(
        (count * (1 + 2 * len(windows)), rows.numel()), dtype=torch.float32, device=channels.device
    )
    features[:count] = channels[:, rows, columns]
    boxes = [_Box(rows, columns, window, width + 1) for window in windows]
    table = _sums(valid.to(torch.int64))
    pixels = [box.total(table).clamp(min=1).to(torch.float64) for box in boxes]
    for channel in range(count):
        steps = torch.where(valid, (channels[channel].double() * _STEPS).round(), 0.0).to(torch.int64)
        sums, squares = _sums(steps), _sums(steps * steps)
        for number, box in enumerate(boxes):
            mean = box.total(sums) / pixels[number]
            variance = (box.total(squares) / pixels[number] - mean * mean).clamp(min=0.0)
            position = count * (1 + 2 * number) + channel
            features[position] = mean / _STEPS
            features[position + count] = variance.sqrt() / _STEPS
    return features.T.contiguous()


def feature_names(channels: Sequence[str], windows: Sequence[int]) -> tuple[str, ...]:
    """Return the names of the features, in their order: ``NDVI``, ``NDVI mean 31``, ``NDVI deviation 31``."""
    around = [
        f"{name} {what} {window}" for window in windows for what in ("mean", "deviation") for name in channels
    ]
    return (*channels, *around)


class _Box:
    """The four corners of each centre's window in a flattened summed-area table."""

    def __init__(self, rows: Tensor, columns: Tensor, window: int, width: int) -> None:
        half = window // 2
        first = (rows - half) * width + columns - half
        self._first = first
        self._last = first + window * (width + 1)
        self._right = first + window
        self._below = first + window * width

    def total(self, table: Tensor) -> Tensor:
        return table[self._last] - table[self._right] - table[self._below] + table[self._first]


def _sums(values: Tensor) -> Tensor:
    """Return the flattened table, with a row and a column of 0 before, of the sums up to each pixel."""
    return torch.nn.functional.pad(values, (1, 0, 1, 0)).cumsum(0).cumsum(1).flatten()
