"""What the raster holds under the samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from ..progress import Progress, RateMeter
from ..raster.stack import BandStack
from .samples import Integers, Mask, Samples

FloatArray = npt.NDArray[np.float32]

# Rows and columns of the squares in which samples are read together.
_TILE = 512


def read_centres(stack: BandStack, samples: Samples, progress: Progress) -> FloatArray:
    """Return the band values (N, bands) of the samples' pixels, NaN where invalid."""
    values = np.empty((len(samples), len(stack.band_names)), dtype=np.float32)
    meter = RateMeter(len(samples), "samples", "Reading the raster under the samples")
    for members in by_tile(samples.rows, samples.columns):
        progress.check_cancelled()
        rows, columns = samples.rows[members], samples.columns[members]
        top, left = int(rows.min()), int(columns.min())
        tile = stack.read(top, int(rows.max()) + 1, left, int(columns.max()) + 1)
        values[members] = tile[:, rows - top, columns - left].T
        meter.add(len(members))
        progress.update(meter.fraction, meter.text())
    return values


def drop_invalid(
    samples: Samples, values: FloatArray, bands: Sequence[str], progress: Progress
) -> tuple[Samples, tuple[str, ...]]:
    """Return the samples on valid pixels and the bands that are valid under some sample.

    A pixel is invalid where no band has a value. What is dropped is counted in the log.

    Args:
        samples: The samples.
        values: Their band values, from ``read_centres``.
        bands: The names of the bands.
        progress: For the log.
    """
    valid: Mask = np.isfinite(values)
    dead = [name for name, alive in zip(bands, np.asarray(valid.any(axis=0)), strict=True) if not alive]
    if dead and len(dead) < len(bands):
        progress.log(
            f"Left out of the model, because they are nodata under every sample: {', '.join(dead)}.",
            "warning",
        )
    usable: Mask = np.asarray(valid.any(axis=1))
    dropped = int(np.count_nonzero(~usable))
    if dropped:
        progress.log(f"Dropped {dropped:,} samples on pixels without valid values.", "warning")
    return samples.subset(usable), tuple(name for name in bands if name not in dead)


def by_tile(rows: Integers, columns: Integers) -> Iterator[Integers]:
    """Yield the indices of the samples of one square of the raster after the other, row by row."""
    if not len(rows):
        return
    tile_columns = columns // _TILE
    number = (rows // _TILE) * (int(tile_columns.max()) + 1) + tile_columns
    order = np.argsort(number, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(number[order])) + 1)
