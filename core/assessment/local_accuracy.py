"""How right a map is where: shares of the references in square blocks of ground."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array, csr_array

from ..classes import LandCoverClass, class_label
from ..progress import Progress
from ..raster.grid import Grid
from ..raster.shares import open_shares
from ..samples.samples import Floats, Integers
from .scores import ratio

FEWEST_REFERENCES = 10
"""Of fewer references in a block its accuracy says nothing."""

# What a block of points holds on average, where nobody says how wide it shall be.
_USUAL_REFERENCES = 30


@dataclass(frozen=True, eq=False)
class BlockTally:
    """References by block.

    Attributes:
        numbers: Which block each row is, counted along the rows of the grid of blocks (blocks,).
        side: Of a block, in pixels.
        counts: References (blocks, classes * classes), map classes first.
        weights: What they stand for, alike.
    """

    numbers: Integers
    side: int
    counts: csr_array
    weights: csr_array


def tally_blocks(
    rows: Integers, columns: Integers, cells: Integers, weights: Floats, size: int, side: int, grid: Grid
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
    with open_shares(path, coarse, names, "float32", progress) as writer:
        for band, values in enumerate(shares):
            image = np.full(coarse.width * coarse.height, np.nan, dtype=np.float32)
            image[tally.numbers] = values
            writer.write(coarse.window, band, image.reshape(coarse.height, coarse.width))
    known = int(np.count_nonzero(np.isfinite(shares[0])))
    progress.log(
        f"Local accuracy in blocks of {tally.side} pixels: {known:,} of {len(tally.numbers):,} blocks with "
        f"references have {FEWEST_REFERENCES} or more."
    )


def local_shares(tally: BlockTally, classes: int) -> Floats:
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
