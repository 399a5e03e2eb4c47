"""Layout of the demo scene: the true land use, on a grid finer than the scene's pixels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..arrays import BoolArray
from .terrain import CELL, Field, River, cell_centres, distance_to, fractal_field, make_river, smooth_field

Labels = NDArray[np.int32]


class Unit(IntEnum):
    """Type of land use."""

    WATER = 0
    FOREST = 1
    PLANTATION = 2
    FIELDS = 3
    SCRUB = 4
    TOWN = 5
    BARE = 6


CLASS_VALUES: dict[Unit, int] = {
    Unit.WATER: 0,
    Unit.FOREST: 1,
    Unit.PLANTATION: 4,
    Unit.FIELDS: 4,
    Unit.SCRUB: 5,
    Unit.TOWN: 6,
    Unit.BARE: 7,
}
"""Class value of each type of land use in the Jambi scheme.

Its class Crops/Agriculture contains estates and fields, as in the study: one class with two textures.
"""


@dataclass(frozen=True)
class Blocks:
    """Oil-palm estate of rectangular blocks between harvesting roads. Each array has shape (size, size).

    Attributes:
        number: Number of each cell's block.
        edge: Distance of each cell to the nearest edge of its block, in metres.
        across: Position of each cell across the planting rows, in metres.
    """

    number: Labels
    edge: Field
    across: Field


@dataclass(frozen=True)
class Layout:
    """Land use of a scene on the fine grid. Each array has shape (size, size).

    Attributes:
        units: Land use of each cell, a value of ``Unit``.
        river: Water bodies.
        blocks: Blocks of estates, defined for all cells.
        parcels: Number of each cell's field parcel, defined for all cells.
        parcel_edge: Distance of each cell to the nearest edge of its parcel, in metres.
        roads: Distance of each cell to the nearest road, in metres.
        density: Density of buildings, 0 to about 1.
    """

    units: NDArray[np.uint8]
    river: River
    blocks: Blocks
    parcels: Labels
    parcel_edge: Field
    roads: Field
    density: Field


def make_layout(rng: np.random.Generator, size: int) -> Layout:
    """Return the land use of a scene.

    Args:
        rng: Random generator.
        size: Side of the scene, in cells of the fine grid.
    """
    river = make_river(rng, size)
    blocks = _make_blocks(rng, size)
    parcels, parcel_edge = _make_parcels(rng, size)
    towns = _town_centres(rng, river, size)
    roads = _road_distance(rng, towns, size)
    density = _town_density(rng, towns, roads, size)
    units = _zones(rng, river, blocks, parcels, size)
    units[_cleared(rng, units, blocks, size)] = Unit.BARE
    units[density > 0.5] = Unit.TOWN
    units[river.bars] = Unit.BARE
    units[river.clear | river.turbid] = Unit.WATER
    return Layout(units, river, blocks, parcels, parcel_edge, roads, density)


def _zones(
    rng: np.random.Generator, river: River, blocks: Blocks, parcels: Labels, size: int
) -> NDArray[np.uint8]:
    """Return the land use with the highest score: fields near the river, forest north, estates south."""
    extent = size * CELL
    north = np.clip(river.northness / (0.35 * extent), -1, 1)
    far = np.clip(river.distance / 1300, 0, 1)
    forest = 0.75 * fractal_field(rng, size, size * 0.6, slope=2.3) + 0.7 * north + 0.85 * far
    estate = 0.75 * fractal_field(rng, size, size * 0.6, slope=2.3) - 0.7 * north + 0.75 * far + 0.15
    fields = 0.7 * fractal_field(rng, size, size * 0.5) + 1.7 - 2.2 * far
    scrub = 0.95 * fractal_field(rng, size, size * 0.4, slope=2.3) + 0.5
    # Estates and fields have straight edges, because a block or parcel has one land use.
    scores = np.stack([forest, _mean_of(estate, blocks.number), _mean_of(fields, parcels), scrub])
    kinds = np.array([Unit.FOREST, Unit.PLANTATION, Unit.FIELDS, Unit.SCRUB], np.uint8)
    return np.asarray(kinds[np.argmax(scores, axis=0)])


def _cleared(rng: np.random.Generator, units: NDArray[np.uint8], blocks: Blocks, size: int) -> BoolArray:
    """Return the bare land: blocks cleared for replanting, open-cast pits and new clearings."""
    x, y = cell_centres(size)
    estate = units == Unit.PLANTATION
    cleared = estate & (rng.random(int(blocks.number.max()) + 1) < 0.09)[blocks.number]
    ragged = 0.35 * fractal_field(rng, size, 160)
    wild = np.argwhere((units == Unit.FOREST) | (units == Unit.SCRUB)) * CELL
    for _ in range(6):
        row, column = wild[int(rng.integers(len(wild)))]
        radius = rng.uniform(110, 260)
        cleared |= np.hypot(x - column, y - row) / radius + ragged < 1
    return np.asarray(cleared)


def _make_blocks(rng: np.random.Generator, size: int, length: float = 520, width: float = 300) -> Blocks:
    along, across = _rotated(rng.uniform(0.12, 0.4), size)
    column, row = np.floor(along / length), np.floor(across / width)
    number = ((row - row.min()) * (np.ptp(column) + 1) + column - column.min()).astype(np.int32)
    edge_along = length / 2 - np.abs(along - (column + 0.5) * length)
    edge_across = width / 2 - np.abs(across - (row + 0.5) * width)
    return Blocks(number, np.minimum(edge_along, edge_across).astype(np.float32), across)


def _make_parcels(rng: np.random.Generator, size: int) -> tuple[Labels, Field]:
    """Return Voronoi parcels of about 90 by 150 metres, and the distance to their edges in metres."""
    along, across = _rotated(rng.uniform(-0.5, -0.2), size)
    long, wide = 150.0, 90.0
    grid = np.stack(
        np.meshgrid(
            np.arange(along.min() / long - 1, along.max() / long + 2),
            np.arange(across.min() / wide - 1, across.max() / wide + 2),
        ),
        axis=-1,
    ).reshape(-1, 2)
    seeds = grid + rng.uniform(-0.32, 0.32, grid.shape)
    cells = np.stack([along / long, across / wide], axis=-1).reshape(-1, 2)
    distances, numbers = cKDTree(seeds).query(cells, k=2)
    edge = (distances[:, 1] - distances[:, 0]) / 2 * wide
    return numbers[:, 0].reshape(size, size).astype(np.int32), edge.reshape(size, size).astype(np.float32)


def _town_centres(rng: np.random.Generator, river: River, size: int) -> list[tuple[float, float, float]]:
    """Return (x, y, radius) of towns near the river, the largest first, in metres."""
    extent = size * CELL
    centres: list[tuple[float, float, float]] = []
    radii = (520.0, 330.0, 270.0, 250.0, 220.0, 210.0, 200.0, 190.0)
    for radius in radii:
        low, high = (260, 420) if not centres else (320, 1500)
        for _ in range(200):
            x, y = rng.uniform(0.06 * extent, 0.94 * extent, 2)
            is_apart = all(np.hypot(x - a, y - b) > 0.16 * extent for a, b, _ in centres)
            if is_apart and low < river.distance[int(y / CELL), int(x / CELL)] < high:
                centres.append((x, y, radius))
                break
    return centres


def _road_distance(rng: np.random.Generator, towns: list[tuple[float, float, float]], size: int) -> Field:
    """Return the distance to the nearest road in metres. Each town is joined to its nearest older town."""
    extent = size * CELL
    stops = [(x, y) for x, y, _ in towns]
    stops += [(-200.0, rng.uniform(0.3, 0.7) * extent), (extent + 200, rng.uniform(0.3, 0.7) * extent)]
    pieces = []
    for number, (x0, y0) in enumerate(stops[1:], start=1):
        x1, y1 = min(stops[: min(number, len(towns))], key=lambda stop: np.hypot(stop[0] - x0, stop[1] - y0))
        length = float(np.hypot(x1 - x0, y1 - y0))
        position = np.linspace(0, 1, max(2, int(length / CELL * 1.5)))
        bow = np.sin(np.pi * position) * rng.uniform(-0.12, 0.12) * length
        bow += np.sin(3 * np.pi * position) * rng.uniform(-0.03, 0.03) * length
        east = x0 + (x1 - x0) * position - bow * (y1 - y0) / length
        south = y0 + (y1 - y0) * position + bow * (x1 - x0) / length
        pieces.append(np.stack([east, south], axis=1))
    return distance_to(np.concatenate(pieces), size)[0]


def _town_density(
    rng: np.random.Generator, towns: list[tuple[float, float, float]], roads: Field, size: int
) -> Field:
    """Return the density of buildings, which decreases outwards in towns and along parts of the roads."""
    x, y = cell_centres(size)
    ragged = fractal_field(rng, size, 160, slope=1.9)
    density = np.zeros((size, size), np.float32)
    for east, south, radius in towns:
        density = np.maximum(density, 1.1 - 0.6 * np.hypot(x - east, y - south) / radius)
    ribbon = 0.9 - 0.4 * roads / 45
    density = np.maximum(density, np.where(smooth_field(rng, size, 60) > 0.35, ribbon, 0))
    return np.asarray(density + 0.15 * ragged, np.float32)


def _rotated(angle: float, size: int) -> tuple[Field, Field]:
    x, y = cell_centres(size)
    return x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)


def _mean_of(score: Field, number: Labels) -> Field:
    """Return ``score`` averaged over the cells with the same number."""
    flat = number.ravel()
    count = np.maximum(np.bincount(flat), 1)
    return np.asarray((np.bincount(flat, weights=score.ravel()) / count)[number], np.float32)
