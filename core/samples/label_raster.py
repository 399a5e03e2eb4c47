"""Samples from a raster of class values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import numpy as np
import numpy.typing as npt
import rasterio
from affine import Affine
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from ..classes import ClassScheme, classes_for_values
from ..errors import SampleError
from ..progress import Progress
from ..raster.dataset import cannot_read, open_dataset
from ..raster.grid import Grid
from ..raster.source import RasterSource
from .codes import encode
from .samples import NO_GROUP, Integers, Samples
from .thinning import drawn, share_to_keep
from .vector import LARGEST_VALUE

# About how many labels are held at a time.
_STRIP_PIXELS = 4_000_000
# No legend has more classes; a raster with more values shows something else.
_MOST_CLASSES = 256
# Grids whose corners are this near, in pixels, are the same.
_SAME_PLACE = 0.01


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
        with _on_grid(source, grid, progress) as labels:
            counts = _count(labels, source, progress)
            _check_counts(counts, source)
            return _draw(labels, source, counts, scheme, seed, progress)
    except RasterioError as error:
        raise cannot_read(source, error) from error


@contextmanager
def _on_grid(source: RasterSource, grid: Grid, progress: Progress) -> Iterator[rasterio.DatasetReader]:
    with ExitStack() as stack:
        labels = stack.enter_context(open_dataset(source))
        if labels.count > 1:
            progress.log(f"The label raster has {labels.count} bands; the first one is used.", "warning")
        crs = CRS.from_wkt(grid.crs)
        same_crs = labels.crs is None or labels.crs == crs
        if same_crs and _is_same_grid(labels, grid):
            yield labels
            return
        if labels.crs is None:
            raise SampleError(
                "The label raster has no coordinate system and not the input's grid",
                where=str(source),
                advice="Assign its coordinate system.",
            )
        progress.log("The label raster has another grid: each pixel takes the nearest label.")
        nodata = source.nodata if source.nodata is not None else labels.nodata
        yield stack.enter_context(
            WarpedVRT(
                labels,
                crs=crs,
                transform=Affine(*grid.transform),
                width=grid.width,
                height=grid.height,
                resampling=Resampling.nearest,
                src_nodata=nodata,
                nodata=nodata,
                # Without a nodata value only an alpha band tells what lies outside the labels.
                add_alpha=nodata is None,
            )
        )


def _is_same_grid(labels: rasterio.DatasetReader, grid: Grid) -> bool:
    if (labels.width, labels.height) != (grid.width, grid.height):
        return False
    a, b, c, d, e, f = tuple(labels.transform)[:6]
    other = Grid(labels.width, labels.height, (a, b, c, d, e, f), "")
    corners = ((0, 0), (grid.height, 0), (0, grid.width), (grid.height, grid.width))
    return all(
        abs(found - expected) < _SAME_PLACE
        for corner in corners
        for found, expected in zip(grid.place(*other.position(*corner)), corner, strict=True)
    )


def _strips(
    labels: rasterio.DatasetReader, source: RasterSource, progress: Progress
) -> Iterator[tuple[Integers, Integers, npt.NDArray[np.integer]]]:
    """Yield rows, columns and values of the labelled pixels, strip by strip."""
    step = max(1, _STRIP_PIXELS // labels.width)
    for first in range(0, labels.height, step):
        progress.check_cancelled()
        window = Window(0, first, labels.width, min(step, labels.height - first))
        values = labels.read(1, window=window)
        labelled = labels.read_masks(1, window=window) > 0
        if source.nodata is not None:
            labelled &= values != source.nodata
        if np.issubdtype(values.dtype, np.floating):
            labelled &= np.isfinite(values)
            _check_whole(values[labelled], source)
        rows, columns = np.nonzero(labelled)
        yield rows + first, columns, values[rows, columns].astype(np.int64)


def _check_whole(values: npt.NDArray[np.floating], source: RasterSource) -> None:
    broken = values[values != np.round(values)]
    if len(broken):
        raise SampleError(
            f"The label raster holds {broken[0]:g}, which is no class value",
            where=str(source),
            advice="Choose a raster of whole numbers, one a class.",
        )


def _count(labels: rasterio.DatasetReader, source: RasterSource, progress: Progress) -> Counter[int]:
    counts: Counter[int] = Counter()
    for _, _, values in _strips(labels, source, progress):
        found, numbers = np.unique(values, return_counts=True)
        counts.update(dict(zip(found.tolist(), numbers.tolist(), strict=True)))
        if len(counts) > _MOST_CLASSES:
            raise SampleError(
                f"The label raster holds more than {_MOST_CLASSES} different values, so it is no class map",
                where=str(source),
                advice="Choose a raster of class values.",
            )
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
