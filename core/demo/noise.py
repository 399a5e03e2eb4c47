"""Seeded random fields: the roughness of nature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.floating[Any]]


def smooth_field(rng: np.random.Generator, size: int, length: float) -> Field:
    """Return Gaussian noise with mean 0, standard deviation 1 and one correlation length.

    White noise is multiplied, in frequency space, with the transform of a Gaussian.

    Args:
        rng: Source of the noise.
        size: Rows and columns.
        length: Standard deviation of the Gaussian in cells; blobs are about three times as wide.
    """
    return _filtered(rng, size, lambda frequency: np.exp(-2 * (np.pi * length * frequency) ** 2))


def fractal_field(rng: np.random.Generator, size: int, longest: float, slope: float = 1.6) -> Field:
    """Return noise with mean 0, standard deviation 1 and detail at every scale up to ``longest``.

    The amplitude falls with frequency to the power of ``slope``, as in terrain (1.5 to 2).

    Args:
        rng: Source of the noise.
        size: Rows and columns.
        longest: Longest wavelength in cells.
        slope: How quickly fine detail fades.
    """
    return _filtered(rng, size, lambda frequency: np.maximum(frequency, 1 / longest) ** -slope)


def _filtered(rng: np.random.Generator, size: int, response: Callable[[Field], Field]) -> Field:
    rows = np.fft.fftfreq(size)[:, np.newaxis]
    columns = np.fft.rfftfreq(size)[np.newaxis, :]
    weights = response(np.hypot(rows, columns))
    weights[0, 0] = 0.0
    spectrum = np.fft.rfft2(rng.standard_normal((size, size), dtype=np.float32))
    field = np.fft.irfft2(spectrum * weights, s=(size, size))
    return np.asarray(field / field.std(), np.float32)
