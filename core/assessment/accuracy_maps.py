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
from ..progress import Progress
from ..raster.class_raster import ClassRaster
from ..raster.grid import Grid
from ..raster.probability_raster import open_probabilities
from ..raster.writer import open_map
from .confusion_matrix import ratio
from .cross_tabulation import strips

_BOTH, _FIRST, _SECOND, _NONE = "#1A7F37", "#0072B2", "#E69F00", "#B42318"
FEWEST_REFERENCES = 10
"""Of fewer references in a block its accuracy says nothing."""
# What a block of points holds on average, where nobody says how wide it shall be.
_USUAL_REFERENCES = 30


def write_agreement(
    path: Path, maps: Sequence[ClassRaster], reference: ClassRaster | None, progress: Progress
) -> dict[str, int]:
    """Write a map of agreement and return its classes and their pixels.

    With a reference raster: which of two maps is right, or how many of several. Without: how many
    maps say the same.

    Args:
        path: The GeoTIFF.
        maps: All on the grid of the first.
        reference: On the same grid; None where the reference is no raster.
        progress: For the log.

    Raises:
        OutputError: The disk is full, or the map cannot be written.
        RasterError: A raster cannot be read.
    """
    classes = _classes([raster.source.title for raster in maps], reference is not None)
    with open_map(path, maps[0].grid, classes, progress) as writer:
        for tile in strips(maps[0], progress, "Comparing the maps"):
            read = [raster.read(tile) for raster in (*maps, *([reference] if reference else []))]
            valid: BoolArray = np.logical_and.reduce([has_class for _values, has_class in read])
            values = np.stack([found for found, _has_class in read])
            codes = _right(values) if reference else _alike(values)
            writer.write(tile, np.where(valid, codes, writer.nodata))
        counts = dict(writer.counts)
    return {item.name: counts[item.value] for item in classes}


def _right(values: Int64Array) -> Int64Array:
    """Return the codes of maps (maps + 1, rows, columns) whose last one is the truth."""
    hits = values[:-1] == values[-1]
    if len(hits) == 2:
        # Both 3, first alone 1, second alone 2, none 0.
        return np.asarray(hits[0] + 2 * hits[1], dtype=np.int64)
    return np.asarray(hits.sum(axis=0), dtype=np.int64)


def _alike(values: Int64Array) -> Int64Array:
    """Return how many maps (maps, rows, columns) say what most of them say."""
    same = [np.sum(values == layer, axis=0) for layer in values]
    return np.asarray(np.max(same, axis=0), dtype=np.int64)


def _classes(names: Sequence[str], has_reference: bool) -> tuple[LandCoverClass, ...]:
    number = len(names)
    if has_reference and number == 2:
        return (
            LandCoverClass(0, "Neither is right", _NONE),
            LandCoverClass(1, f"Only {names[0]} is right", _FIRST),
            LandCoverClass(2, f"Only {names[1]} is right", _SECOND),
            LandCoverClass(3, "Both are right", _BOTH),
        )
    if has_reference:
        words = (
            ["Wrong", "Right"]
            if number == 1
            else [f"{count} of {number} are right" for count in range(number + 1)]
        )
        return tuple(LandCoverClass(count, word, _mixed(count / number)) for count, word in enumerate(words))
    return tuple(
        LandCoverClass(
            count,
            "All differ" if count == 1 else "All agree" if count == number else f"{count} of {number} agree",
            _mixed((count - 1) / max(number - 1, 1)),
        )
        for count in range(1, number + 1)
    )


def _mixed(share: float) -> str:
    """Return a colour from red through yellow to green."""
    stops = np.array([[180, 35, 24], [240, 200, 80], [26, 127, 55]], dtype=np.float64)
    levels = [np.interp(share, [0.0, 0.5, 1.0], stops[:, band]) for band in range(3)]
    return "#" + "".join(f"{round(float(level)):02X}" for level in levels)


@dataclass(frozen=True, eq=False)
class BlockTally:
    """References by block.

    Attributes:
        numbers: Which block each row is, counted along the rows of the grid of blocks (blocks,).
        side: Of a block, in pixels.
        counts: References (blocks, classes * classes), map classes first.
        weights: What they stand for, alike.
    """

    numbers: Int64Array
    side: int
    counts: csr_array
    weights: csr_array


def tally_blocks(
    rows: Int64Array,
    columns: Int64Array,
    cells: Int64Array,
    weights: Float64Array,
    size: int,
    side: int,
    grid: Grid,
) -> BlockTally:
    """Return references (N,) by block.

    Args:
        rows: Rows in the map.
        columns: Columns.
        cells: Cell of the confusion matrix of each, map classes first.
        weights: What each stands for.
        size: Cells of the matrix.
        side: Of a block in pixels; 0 gives a block about thirty references.
        grid: Of the map.
    """
    if not side:
        side = math.ceil(math.sqrt(_USUAL_REFERENCES * grid.width * grid.height / len(rows)))
        side = min(side, max(grid.width, grid.height))
    across = grid.coarsened(side).width
    numbers, members = np.unique(rows // side * across + columns // side, return_inverse=True)
    tallies = [
        coo_array((values, (members, cells)), shape=(len(numbers), size)).tocsr()
        for values in (np.ones(len(rows)), weights)
    ]
    return BlockTally(numbers, side, *tallies)


def write_local_accuracy(
    path: Path, tally: BlockTally, classes: Sequence[LandCoverClass], grid: Grid, progress: Progress
) -> None:
    """Write a raster with a pixel a block: overall accuracy, and user's and producer's of each class.

    Blocks with fewer than ``FEWEST_REFERENCES`` references that count for a figure are nodata.

    Args:
        path: The GeoTIFF.
        tally: References by block.
        classes: In the order of the matrix.
        grid: Of the map.
        progress: Is told of the temporary file.

    Raises:
        OutputError: The disk is full, or the raster cannot be written there.
    """
    coarse = grid.coarsened(tally.side)
    names = ["Overall accuracy"]
    names += [f"User's accuracy of {class_label(item)}" for item in classes]
    names += [f"Producer's accuracy of {class_label(item)}" for item in classes]
    shares = local_shares(tally, len(classes))
    with open_probabilities(path, coarse, names, "float32", progress) as writer:
        for band, values in enumerate(shares):
            image = np.full(coarse.width * coarse.height, np.nan, dtype=np.float32)
            image[tally.numbers] = values
            writer.write(coarse.window, band, image.reshape(coarse.height, coarse.width))
    known = int(np.count_nonzero(np.isfinite(shares[0])))
    progress.log(
        "Local accuracy in blocks of {side} pixels: {known:,} of {n_numbers:,} blocks with "
        "references have {fewest_references} or more.",
        side=tally.side,
        known=known,
        n_numbers=len(tally.numbers),
        fewest_references=FEWEST_REFERENCES,
    )


def local_shares(tally: BlockTally, classes: int) -> Float64Array:
    """Return overall, user's and producer's accuracies (1 + 2 * classes, blocks); NaN of too few."""
    shape = (-1, classes, classes)
    counts, weights = (np.asarray(item.todense()).reshape(shape) for item in (tally.counts, tally.weights))
    hits = np.diagonal(weights, axis1=1, axis2=2)
    overall = ratio(hits.sum(axis=1), weights.sum(axis=(1, 2)))
    users, producers = ratio(hits, weights.sum(axis=2)), ratio(hits, weights.sum(axis=1))
    overall[counts.sum(axis=(1, 2)) < FEWEST_REFERENCES] = np.nan
    users[counts.sum(axis=2) < FEWEST_REFERENCES] = np.nan
    producers[counts.sum(axis=1) < FEWEST_REFERENCES] = np.nan
    return np.concatenate([overall[None], users.T, producers.T])
