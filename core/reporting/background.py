"""A picture of the ground under the samples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..raster.roles import parse_roles
from ..raster.stack import BandStack
from ..raster.tiles import Tile
from ..samples.samples import Integers
from .sample_map import window_around
from .training_report import Background

# Rows and columns of the picture at most; more would not be seen on the page.
_MOST_SIDE = 1200
# Share of the pixels at either end that may be over- and underexposed.
_CLIPPED = 2.0
_NODATA_GREY = 225


def read_background(
    stack: BandStack, band_roles: str, rows: Integers, columns: Integers
) -> Background | None:
    """Return the raster around samples in natural colours where its bands are known, else in grey.

    None where that would take long: a large raster without overviews.

    Args:
        stack: The open raster.
        band_roles: The user's ``role=band`` pairs.
        rows: Rows of the samples (N,).
        columns: Columns (N,).

    Raises:
        RasterError: The raster cannot be read there.
    """
    grid = stack.grid
    around = window_around(rows, columns)
    row, column = max(0, around.row), max(0, around.column)
    window = Tile(
        row, column, min(around.row_stop, grid.height) - row, min(around.column_stop, grid.width) - column
    )
    roles = parse_roles(band_roles, stack.band_names, stack.own_bands)
    own = stack.band_names[: stack.own_bands]
    bands = [roles[role] for role in ("red", "green", "blue") if roles.get(role) in own]
    if len(bands) < 3:
        bands = [stack.band_names[0]]
    shrink = max(1.0, max(window.height, window.width) / _MOST_SIDE)
    shape = max(1, round(window.height / shrink)), max(1, round(window.width / shrink))
    values = stack.read_coarsely(window, shape, bands)
    if values is None:
        return None
    picture = np.stack([_stretched(band) for band in values])
    picture = np.repeat(picture, 3, axis=0) if len(bands) == 1 else picture
    picture[:, ~np.isfinite(values).all(axis=0)] = _NODATA_GREY
    return Background(np.ascontiguousarray(picture.transpose(1, 2, 0)), window)


def _stretched(band: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    valid = band[np.isfinite(band)]
    if not len(valid):
        return np.zeros(band.shape, dtype=np.uint8)
    low, high = np.percentile(valid, [_CLIPPED, 100 - _CLIPPED])
    scaled = (np.nan_to_num(band, nan=low) - low) / max(float(high - low), 1e-12)
    return np.asarray(np.clip(255 * scaled, 0, 255), dtype=np.uint8)
