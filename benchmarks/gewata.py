"""The protocol of the Gewata figures: which labelled pixels train and which test, fold by fold.

Blocks from the top left, those with labels numbered in raster order, permuted by
``numpy.random.default_rng(seed)``; fold = position modulo 5. For each fold 18,000 labelled pixels are
drawn from the training blocks, none within the gap (32 rows or columns) of a held-out block, and
20,000 from the held-out ones, in natural proportions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter

FOLDS = 5
TRAINING, TEST = 18_000, 20_000
GAP = 32
"""Rows or columns that must lie between a training pixel and a held-out block."""
BLOCK = 100
WIDE_BLOCK = 300
THREE = (1, 5, 6)
"""Values of cropland, forest and wetland, whose mean F1 counts beside the overall accuracy."""

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Places:
    """Labelled pixels: rows, columns, class values and numbers of their blocks, each (N,)."""

    rows: Integers
    columns: Integers
    values: Integers
    blocks: Integers


def folds(
    labels: npt.NDArray[np.uint8], block: int, seed: int, gap: int = GAP
) -> Iterator[tuple[Places, Places]]:
    """Yield the training and the test pixels of each fold.

    Args:
        labels: Class values, 0 is unlabelled, shape (rows, columns).
        block: Rows and columns of a block.
        seed: Permutes the blocks, then draws the pixels.
        gap: Rows or columns between a training pixel and a held-out block.
    """
    generator = np.random.default_rng(seed)
    rows, columns = np.nonzero(labels)
    across = -(-labels.shape[1] // block)
    blocks = blocks_of(rows, columns, block, labels.shape[1])
    labelled = np.unique(blocks)
    fold_of = np.full(int(labelled.max()) + 1, -1)
    fold_of[generator.permutation(labelled)] = np.arange(len(labelled)) % FOLDS

    def drawn(allowed: npt.NDArray[np.bool_], count: int) -> Places:
        chosen = generator.choice(np.flatnonzero(allowed), count, replace=False)
        row, column = rows[chosen], columns[chosen]
        return Places(row, column, labels[row, column].astype(np.int64), blocks[chosen])

    for fold in range(FOLDS):
        held_out = np.zeros(labels.shape, dtype=np.uint8)
        for number in np.flatnonzero(fold_of == fold):
            top, left = number // across * block, number % across * block
            held_out[top : top + block, left : left + block] = 1
        near = maximum_filter(held_out, 2 * gap + 1, mode="constant")
        yield drawn(near[rows, columns] == 0, TRAINING), drawn(fold_of[blocks] == fold, TEST)


def blocks_of(rows: Integers, columns: Integers, block: int, width: int) -> Integers:
    """Return the number of the block of ``block`` pixels that each place lies in, in raster order (N,)."""
    return rows // block * -(-width // block) + columns // block
