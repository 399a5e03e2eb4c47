"""Maps of agreement with the reference, and of local accuracy in square blocks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array, csr_array

from ..arrays import BoolArray, Float64Array, Int64Array
from ..classes import LandCoverClass, class_label
from ..maps.strips import strips
from ..marks import AGREEMENT, KIND_ITEM, LOCAL_ACCURACY
from ..progress import Progress
from ..raster.class_raster import ClassRaster
from ..raster.grid import Grid
from ..raster.probability_raster import open_probabilities
from ..raster.writer import open_map
from ..text import Text
from .confusion_matrix import ConfusionMatrix

_BOTH, _FIRST, _SECOND, _NONE = "#1A7F37", "#0072B2", "#E69F00", "#B42318"
MIN_REFERENCES = 10
"""Smallest number of reference units in a block for which its accuracy is given."""
# Mean number of reference units in a block whose side is chosen automatically.
_MEAN_REFERENCES = 30


def write_agreement(
    path: Path, maps: Sequence[ClassRaster], reference: ClassRaster | None, progress: Progress
) -> dict[str, int]:
    """Write a map of agreement and return the number of pixels of each of its classes.

    With a reference raster, the classes say which of two maps is right, or how many of several. Without
    one, they say how many maps have the same class.

    Args:
        path: GeoTIFF to write.
        maps: Maps, all on the grid of the first.
        reference: Reference raster on the same grid; None without a reference raster.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the map cannot be written.
        RasterError: A raster cannot be read.
    """
    classes = _classes([raster.source.title for raster in maps], reference is not None)
    with open_map(path, maps[0].grid, classes, progress, {KIND_ITEM: AGREEMENT}) as writer:
        for tile in strips(maps[0], progress, Text("Comparing the maps")):
            read = [raster.read(tile) for raster in (*maps, *([reference] if reference else []))]
            valid: BoolArray = np.logical_and.reduce([has_class for _values, has_class in read])
            values = np.stack([layer for layer, _has_class in read])
            codes = _correct_codes(values) if reference else _agreement_codes(values)
            writer.write(tile, np.where(valid, codes, writer.nodata))
        counts = dict(writer.counts)
    return {item.name: counts[item.value] for item in classes}


def _correct_codes(values: Int64Array) -> Int64Array:
    """Return the agreement codes of maps (maps + 1, rows, columns), the last of which is the reference."""
    hits = values[:-1] == values[-1]
    if len(hits) == 2:
        # Both 3, first alone 1, second alone 2, none 0.
        return np.asarray(hits[0] + 2 * hits[1], dtype=np.int64)
    return np.asarray(hits.sum(axis=0), dtype=np.int64)


def _agreement_codes(values: Int64Array) -> Int64Array:
    """Return the number of maps (maps, rows, columns) that have the most frequent class of a pixel."""
    same = [np.sum(values == layer, axis=0) for layer in values]
    return np.asarray(np.max(same, axis=0), dtype=np.int64)


def _classes(names: Sequence[str], has_reference: bool) -> tuple[LandCoverClass, ...]:
    number = len(names)
    if has_reference and number == 2:
        return (
            LandCoverClass(0, Text("Neither is right"), _NONE),
            LandCoverClass(1, Text("Only {map} is right", map=names[0]), _FIRST),
            LandCoverClass(2, Text("Only {map} is right", map=names[1]), _SECOND),
            LandCoverClass(3, Text("Both are right"), _BOTH),
        )
    if has_reference:
        words = (
            [Text("Wrong"), Text("Right")]
            if number == 1
            else [
                Text("{count} of {total} are right", count=count, total=number) for count in range(number + 1)
            ]
        )
        return tuple(LandCoverClass(count, word, _mixed(count / number)) for count, word in enumerate(words))
    return tuple(
        LandCoverClass(
            count,
            Text("All differ")
            if count == 1
            else Text("All agree")
            if count == number
            else Text("{count} of {total} agree", count=count, total=number),
            _mixed((count - 1) / max(number - 1, 1)),
        )
        for count in range(1, number + 1)
    )


def _mixed(fraction: float) -> str:
    """Return a colour from red (0) through yellow to green (1)."""
    stops = np.array([[180, 35, 24], [240, 200, 80], [26, 127, 55]], dtype=np.float64)
    levels = [np.interp(fraction, [0.0, 0.5, 1.0], stops[:, band]) for band in range(3)]
    return "#" + "".join(f"{round(float(level)):02X}" for level in levels)


@dataclass(frozen=True, eq=False)
class BlockCounts:
    """Confusion matrices of square blocks.

    Attributes:
        numbers: Number of each block, counted along the rows of the grid of blocks, shape (blocks,).
        side: Side of the blocks in pixels.
        counts: Confusion matrix of each block in reference units, shape (blocks, classes * classes).
        weights: Confusion matrix of each block in weights of the units, same shape.
    """

    numbers: Int64Array
    side: int
    counts: csr_array
    weights: csr_array


def count_by_block(
    rows: Int64Array,
    columns: Int64Array,
    cells: Int64Array,
    weights: Float64Array,
    size: int,
    side: int,
    grid: Grid,
) -> BlockCounts:
    """Return the confusion matrices of the blocks that reference units lie in.

    Args:
        rows: Row of each unit in the map, shape (N,).
        columns: Column of each unit, shape (N,).
        cells: Cell of each unit in the confusion matrix, reference code * classes + map code, shape (N,).
        weights: Weight of each unit, shape (N,).
        size: Number of cells of the matrix.
        side: Side of the blocks in pixels; 0 gives a block about thirty units.
        grid: Grid of the map.
    """
    if not side:
        side = math.ceil(math.sqrt(_MEAN_REFERENCES * grid.width * grid.height / len(rows)))
        side = min(side, max(grid.width, grid.height))
    across = grid.coarsened(side).width
    numbers, members = np.unique(rows // side * across + columns // side, return_inverse=True)
    counts = [
        coo_array((values, (members, cells)), shape=(len(numbers), size)).tocsr()
        for values in (np.ones(len(rows)), weights)
    ]
    return BlockCounts(numbers, side, *counts)


def write_local_accuracy(
    path: Path, blocks: BlockCounts, classes: Sequence[LandCoverClass], grid: Grid, progress: Progress
) -> None:
    """Write a raster with one pixel per block: overall accuracy, and user's and producer's of each class.

    A figure based on fewer than ``MIN_REFERENCES`` reference units of the block is nodata.

    Args:
        path: GeoTIFF to write.
        blocks: Confusion matrices of the blocks.
        classes: Classes in the order of the matrices.
        grid: Grid of the map.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the raster cannot be written there.
    """
    coarse = grid.coarsened(blocks.side)
    names = ["Overall accuracy"]
    names += [f"User's accuracy of {class_label(item)}" for item in classes]
    names += [f"Producer's accuracy of {class_label(item)}" for item in classes]
    figures = local_accuracies(blocks, len(classes))
    with open_probabilities(path, coarse, names, "float32", progress, {KIND_ITEM: LOCAL_ACCURACY}) as writer:
        for band, values in enumerate(figures):
            image = np.full(coarse.width * coarse.height, np.nan, dtype=np.float32)
            image[blocks.numbers] = values
            writer.write(coarse.window, band, image.reshape(coarse.height, coarse.width))
    known = int(np.count_nonzero(np.isfinite(figures[0])))
    progress.log(
        "Local accuracy in blocks of {side} pixels: {known:,} of {blocks:,} blocks with "
        "references have {least} or more.",
        side=blocks.side,
        known=known,
        blocks=len(blocks.numbers),
        least=MIN_REFERENCES,
    )


def local_accuracies(blocks: BlockCounts, classes: int) -> Float64Array:
    """Return overall, user's and producer's accuracies, shape (1 + 2 * classes, blocks).

    They are NaN where they are based on fewer than ``MIN_REFERENCES`` reference units.
    """
    counts, weights = (
        ConfusionMatrix(np.asarray(item.todense()).reshape(-1, classes, classes))
        for item in (blocks.counts, blocks.weights)
    )
    overall, users, producers = weights.overall_accuracy, weights.users_accuracy, weights.producers_accuracy
    overall[counts.reference_totals.sum(axis=-1) < MIN_REFERENCES] = np.nan
    users[counts.predicted_totals < MIN_REFERENCES] = np.nan
    producers[counts.reference_totals < MIN_REFERENCES] = np.nan
    return np.concatenate([overall[None], users.T, producers.T])
