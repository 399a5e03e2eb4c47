"""Cloud masks: rasters of 0 where a pixel is masked and 1 where it is clear, as MASK takes them.

>>> rows = quality_rows(layer, classes, window)
>>> fraction = write_cloud_mask(Path("mask.tif"), grid, buffered(rows, 2), items, progress)

A mask is made in strips of whole rows from top to bottom, so that its size does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.ndimage import binary_dilation

from ..arrays import BoolArray
from ..classes import LandCoverClass
from ..marks import CLOUD_MASK, KIND_ITEM
from ..progress import Progress, RateMeter
from ..raster.grid import Grid, Tile
from ..raster.quality import NO_DATA, QualityClass, QualityLayer, holds
from ..raster.stack import Layer
from ..raster.writer import open_map
from ..text import untranslated

MASKED = LandCoverClass(0, untranslated("masked"), "#D95F02")
CLEAR = LandCoverClass(1, untranslated("clear"), "#D9EAD3")
"""Classes of a cloud mask. Pixels without a measurement are nodata."""
_STRIP_PIXELS = 4_000_000


@dataclass(frozen=True, eq=False)
class MaskRows:
    """Strip of whole rows.

    Attributes:
        masked: Whether each pixel is masked, shape (rows, columns).
        valid: Whether each pixel has a measurement, shape (rows, columns).
    """

    masked: BoolArray
    valid: BoolArray


def quality_rows(
    layer: Layer, kind: QualityLayer, classes: Sequence[QualityClass], window: Tile
) -> Iterator[MaskRows]:
    """Yield the strips of a quality raster.

    Args:
        layer: Open quality raster.
        kind: Kind of the quality raster.
        classes: Classes to mask.
        window: Pixels of the layer's grid to read.

    Raises:
        RasterError: The file is damaged.
    """
    nothing = [item for item in kind.classes if item.name == NO_DATA]
    step = max(1, _STRIP_PIXELS // window.width)
    for row in range(window.row, window.row_stop, step):
        height = min(step, window.row_stop - row)
        values = layer.read(Tile(row, window.column, height, window.width), [0])[0]
        codes = np.nan_to_num(values, nan=0.0).astype(np.int64)
        valid = np.isfinite(values) & ~holds(nothing, codes)
        yield MaskRows(holds(classes, codes) & valid, valid)


def buffered(strips: Iterable[MaskRows], radius: int) -> Iterator[MaskRows]:
    """Yield strips in which the masked pixels have grown by a number of pixels.

    A pixel is masked where a masked one lies within ``radius`` steps to the four neighbours.

    Args:
        strips: Strips from top to bottom.
        radius: Number of steps; 0 changes nothing.
    """
    if radius <= 0:
        yield from strips
        return
    # Rows that still count for later ones, of which the first ``done`` have been yielded.
    held: MaskRows | None = None
    done = 0

    def grown(rows: MaskRows, stop: int) -> MaskRows:
        masked = binary_dilation(rows.masked, iterations=radius)
        valid = rows.valid[done:stop]
        return MaskRows(masked[done:stop] & valid, valid)

    for strip in strips:
        held = (
            strip
            if held is None
            else MaskRows(
                np.concatenate([held.masked, strip.masked]), np.concatenate([held.valid, strip.valid])
            )
        )
        stop = len(held.masked) - radius
        if stop > done:
            yield grown(held, stop)
            first = max(stop - radius, 0)
            held = MaskRows(held.masked[first:], held.valid[first:])
            done = stop - first
    if held is not None and done < len(held.masked):
        yield grown(held, len(held.masked))


def write_cloud_mask(
    path: Path, grid: Grid, strips: Iterable[MaskRows], items: Mapping[str, str], progress: Progress
) -> float:
    """Write a cloud mask, and return the fraction of the valid pixels that are masked.

    Args:
        path: Path of the GeoTIFF.
        grid: Grid of the mask.
        strips: Strips that cover the grid from top to bottom.
        items: Further metadata items.
        progress: Progress reporter.

    Raises:
        RasterError: A raster cannot be read.
        OutputError: The disk is full, or the file cannot be written there.
        RunCancelled: The user cancelled.
    """
    metadata = {**items, KIND_ITEM: CLOUD_MASK}
    meter = RateMeter(grid.window.pixels, "pixels", "Writing the cloud mask")
    row = 0
    with open_map(path, grid, (MASKED, CLEAR), progress, metadata, title="Cloud mask") as writer:
        for strip in strips:
            progress.check_cancelled()
            values = np.where(strip.masked, MASKED.value, CLEAR.value)
            tile = Tile(row, 0, *strip.valid.shape)
            writer.write(tile, np.where(strip.valid, values, writer.nodata))
            row += tile.height
            meter.add(tile.pixels)
            progress.update(meter.fraction, meter.text())
        masked, clear = writer.counts[MASKED.value], writer.counts[CLEAR.value]
    fraction = masked / max(masked + clear, 1)
    progress.log(
        "{fraction:.1%} of {pixels:,} pixels with data are masked.", fraction=fraction, pixels=masked + clear
    )
    return fraction
