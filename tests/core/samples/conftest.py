"""Samples of made-up layers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.samples.samples import NO_GROUP, Samples

Array = npt.NDArray[np.int64]


def classes(count: int) -> tuple[LandCoverClass, ...]:
    return tuple(LandCoverClass(code + 1, f"Name {code}", "#112233") for code in range(count))


def squares(corners: list[tuple[int, int, int]], side: int = 5) -> Samples:
    """Return square polygons: (row, column, code) of each one's first pixel."""
    rows, columns, codes, groups = [], [], [], []
    for group, (row, column, code) in enumerate(corners):
        grid = np.mgrid[row : row + side, column : column + side].reshape(2, -1)
        rows.append(grid[0])
        columns.append(grid[1])
        codes.append(np.full(side * side, code))
        groups.append(np.full(side * side, group))
    parts = (np.concatenate(part).astype(np.int64) for part in (rows, columns, codes, groups))
    count = max(code for _, _, code in corners) + 1
    return Samples(*parts, classes(count), (1.0,) * count)


def scattered(count: int, size: int, class_count: int, seed: int = 0) -> Samples:
    """Return pixels of a label raster."""
    generator = np.random.default_rng(seed)
    place = generator.choice(size * size, size=count, replace=False)
    codes = np.concatenate([np.arange(class_count).repeat(2), generator.integers(0, class_count, count)])
    return Samples(
        (place // size).astype(np.int64),
        (place % size).astype(np.int64),
        codes[:count].astype(np.int64),
        np.full(count, NO_GROUP, dtype=np.int64),
        classes(class_count),
        (1.0,) * class_count,
    )


def distance(samples: Samples, some: Array, others: Array) -> int:
    """Return the least Chebyshev distance, by brute force."""
    down = np.abs(samples.rows[some][:, None] - samples.rows[others][None])
    across = np.abs(samples.columns[some][:, None] - samples.columns[others][None])
    return int(np.maximum(down, across).min(initial=10**9))


def from_image(image: Array) -> Samples:
    """Return all pixels of an image of codes, those below 0 left out."""
    rows, columns = np.nonzero(image >= 0)
    count = int(image.max()) + 1
    return Samples(
        rows.astype(np.int64),
        columns.astype(np.int64),
        image[rows, columns].astype(np.int64),
        np.full(len(rows), NO_GROUP, dtype=np.int64),
        classes(count),
        (1.0,) * count,
    )
