"""Samples from a raster of class values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import rasterio
from rasterio.errors import RasterioError

from ..classes import ClassScheme, classes_for_values
from ..errors import SampleError
from ..progress import Progress, RateMeter
from ..raster.class_raster import MOST_CLASSES, on_grid, read_class_values, too_many_values
from ..raster.dataset import cannot_read, open_dataset
from ..raster.grid import Grid
from ..raster.source import RasterSource
from ..raster.tiles import Tile
from ..stage import Stage
from .codes import encode
from .samples import NO_GROUP, Integers, Samples
from .thinning import drawn, share_to_keep
from .vector import LARGEST_VALUE

# About how many labels are held at a time.
_STRIP_PIXELS = 4_000_000


def samples_from_raster(
    source: RasterSource, grid: Grid, scheme: ClassScheme | None, seed: int, progress: Progress
) -> Samples:
    """Return labelled pixels of a label raster on the grid of the raster to learn from.

    The labels may have another grid or CRS: each pixel takes the nearest label. Nodata is
    unlabelled. The raster is read twice in strips, once to count and once to draw, so that
    memory does not grow with it; of a class with more than ``POOL_PER_CLASS`` pixels a share is
    drawn.

    Raises:
        RasterError: The raster does not exist or cannot be read.
        SampleError: It has no label where ``grid`` lies, or holds values that are no classes.
    """
    try:
        with open_dataset(source) as file, on_grid(file, source, grid, progress) as labels:
            if file.count > 1:
                progress.log(f"The label raster has {file.count} bands; the first one is used.", "warning")
            counts = _count(labels, source, Stage(progress, 0.0, 0.5))
            _check_counts(counts, source)
            return _draw(labels, source, counts, scheme, seed, Stage(progress, 0.5, 1.0))
    except RasterioError as error:
        raise cannot_read(source, error) from error


def _strips(
    labels: rasterio.DatasetReader, source: RasterSource, progress: Progress
) -> Iterator[tuple[Integers, Integers, Integers]]:
    """Yield rows, columns and values of the labelled pixels, strip by strip."""
    step = max(1, _STRIP_PIXELS // labels.width)
    meter = RateMeter(labels.width * labels.height, "pixels", "Reading the labels")
    for first in range(0, labels.height, step):
        progress.check_cancelled()
        tile = Tile(first, 0, min(step, labels.height - first), labels.width)
        values, labelled = read_class_values(labels, source, tile)
        rows, columns = np.nonzero(labelled)
        yield rows + first, columns, values[rows, columns]
        meter.add(tile.pixels)
        progress.update(meter.fraction, meter.text())


def _count(labels: rasterio.DatasetReader, source: RasterSource, progress: Progress) -> Counter[int]:
    counts: Counter[int] = Counter()
    for _, _, values in _strips(labels, source, progress):
        found, numbers = np.unique(values, return_counts=True)
        counts.update(dict(zip(found.tolist(), numbers.tolist(), strict=True)))
        if len(counts) > MOST_CLASSES:
            raise too_many_values(source)
    return counts


def _check_counts(counts: Counter[int], source: RasterSource) -> None:
    if not counts:
        raise SampleError(
            "The label raster has no labelled pixel where the input raster lies",
            where=str(source),
            advice="Check that both show the same place, and the nodata value of the labels.",
        )
    for value in counts:
        if abs(value) > LARGEST_VALUE:
            raise SampleError(
                f"The class value {value} is too big for a map",
                where=str(source),
                advice=f"Use values between -{LARGEST_VALUE} and {LARGEST_VALUE}.",
            )


def _draw(
    labels: rasterio.DatasetReader,
    source: RasterSource,
    counts: Counter[int],
    scheme: ClassScheme | None,
    seed: int,
    progress: Progress,
) -> Samples:
    values = sorted(counts)
    shares = np.array([share_to_keep(counts[value]) for value in values])
    parts = []
    for rows, columns, found in _strips(labels, source, progress):
        codes = encode(found, values)
        chosen = drawn(rows, columns, shares[codes], seed)
        parts.append((rows[chosen], columns[chosen], codes[chosen]))
    rows, columns, codes = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Samples(
        rows=rows,
        columns=columns,
        codes=codes,
        groups=np.full(len(rows), NO_GROUP, dtype=np.int64),
        classes=classes_for_values({value: "" for value in values}, scheme),
        stands_for=tuple(1.0 / float(share) for share in shares),
    )
