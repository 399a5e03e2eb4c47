"""Drawing a share of pixels, the same ones however the raster is cut into blocks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

POOL_PER_CLASS = 50_000
"""About how many samples of a class are drawn at most: far more than a network is trained with,
few enough to hold and to split in seconds, also for a map of a whole province."""

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def share_to_keep(count: float) -> float:
    """Return the share of ``count`` pixels of a class that keeps it at ``POOL_PER_CLASS``."""
    return min(1.0, POOL_PER_CLASS / count) if count > 0 else 1.0


def drawn(
    rows: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int64],
    shares: npt.NDArray[np.float64],
    seed: int,
) -> npt.NDArray[np.bool_]:
    """Return which pixels are drawn when each is with the probability ``shares``."""
    return np.asarray(lots(rows, columns, seed) < shares)


def lots(rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.float64]:
    """Return the lot of each pixel, 0 to 1: those with the lowest are drawn.

    A pixel's lot depends on its place and the seed only, so that a draw repeats whatever else
    there is to draw from: a fixed hash of them (the output function of SplitMix64, Steele et al.
    2014, https://doi.org/10.1145/2714064.2660195).
    """
    with np.errstate(over="ignore"):
        state = rows.astype(np.uint64) * _STEP + columns.astype(np.uint64)
        state = _mixed(_mixed(state) + np.uint64(seed % 2**63) * _STEP)
    return (state >> np.uint64(11)).astype(np.float64) / 2.0**53


def _mixed(state: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * _MIX_1
    state = (state ^ (state >> np.uint64(27))) * _MIX_2
    return state ^ (state >> np.uint64(31))
