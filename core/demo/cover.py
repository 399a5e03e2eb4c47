"""What grows or stands on the land: the share of each surface in each pixel.

Neighbouring uses share their surfaces (forest, old palms and scrub are all mostly leaves), so that
a pixel's colour says less than the pattern around it: crowns, planting rows, clumps, parcels,
streets.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from ..arrays import BoolArray
from .layout import Layout, Unit
from .noise import Field, fractal_field, smooth_field
from .river import CELL
from .scene import Cover

CELLS_PER_PIXEL = 4
Shares = dict[Cover, Field]


def pixel_shares(rng: np.random.Generator, layout: Layout) -> NDArray[np.float32]:
    """Return the lit share of each surface, (covers, rows, columns) on the pixel grid.

    The cells of a pixel are averaged, with some light from its neighbours, as the sensor does; so
    edges, roads and houses are mixed pixels. Shares need not sum to one: they carry the light and
    shade of the canopy.
    """
    size = layout.units.shape[0]
    cells = np.zeros((len(Cover), size, size), np.float32)
    for unit, shares in _unit_shares(rng, layout):
        inside = layout.units == unit
        for cover, share in shares.items():
            cells[cover][inside] = share[inside]
    _add_roads(cells, layout)
    return np.stack([_to_pixels(layer) for layer in cells])


def _unit_shares(rng: np.random.Generator, layout: Layout) -> Iterator[tuple[Unit, Shares]]:
    size = layout.units.shape[0]
    yield Unit.WATER, _water(rng, layout, size)
    yield Unit.FOREST, _forest(rng, size)
    yield Unit.PLANTATION, _plantation(rng, layout, size)
    yield Unit.FIELDS, _fields(rng, layout, size)
    yield Unit.SCRUB, _scrub(rng, size)
    yield Unit.TOWN, _town(rng, layout, size)
    yield Unit.BARE, _bare(rng, layout, size)


def _water(rng: np.random.Generator, layout: Layout, size: int) -> Shares:
    silt = np.clip(np.where(layout.river.clear, 0.2, 0.85) + 0.12 * fractal_field(rng, size, 300), 0, 1)
    weed = np.where(layout.river.clear, np.clip(0.3 * smooth_field(rng, size, 14) - 0.25, 0, 0.6), 0)
    return {
        Cover.TURBID_WATER: silt * (1 - weed),
        Cover.CLEAR_WATER: (1 - silt) * (1 - weed),
        Cover.GRASS: weed,
    }


def _forest(rng: np.random.Generator, size: int) -> Shares:
    """Crowns of 15 to 40 m, lit and shaded, with some gaps."""
    light = _light(1 + 0.2 * smooth_field(rng, size, 3.0) + 0.1 * fractal_field(rng, size, 500))
    gaps = np.clip(0.5 * smooth_field(rng, size, 7) - 0.75, 0, 0.6)
    palms = np.clip(0.08 + 0.1 * fractal_field(rng, size, 400), 0, 0.5)
    trees = 1 - gaps - palms * (1 - gaps)
    return {
        Cover.TREES: trees * light,
        Cover.PALMS: palms * (1 - gaps) * light,
        Cover.SHRUBS: gaps * 0.7,
        Cover.GRASS: gaps * 0.3,
    }


def _plantation(rng: np.random.Generator, layout: Layout, size: int) -> Shares:
    """Blocks of one age each; rows a few palms wide, seen as stripes, and roads between blocks."""
    blocks = layout.blocks
    count = int(blocks.number.max()) + 1
    age = (0.4 + 0.6 * rng.beta(2.2, 1.0, count)).astype(np.float32)[blocks.number]
    period = rng.uniform(70, 95, count)[blocks.number]
    phase = rng.uniform(0, 2 * np.pi, count)[blocks.number]
    rows = np.sin(2 * np.pi * blocks.across / period + phase)
    canopy = np.clip(age + 0.2 * rows + 0.05 * smooth_field(rng, size, 2.5), 0.05, 1)
    light = _light(1 + 0.07 * rows + 0.06 * fractal_field(rng, size, 500))
    verge = layout.blocks.edge < 7
    canopy = np.where(verge, 0.1, canopy)
    ground = 1 - canopy
    soil = np.where(verge, 0.7, np.clip(0.35 + 0.2 * fractal_field(rng, size, 300), 0.05, 0.8))
    forestlike = np.clip(0.15 + 0.2 * fractal_field(rng, size, 600), 0, 0.8)
    return {
        Cover.PALMS: canopy * (1 - forestlike) * light,
        Cover.TREES: canopy * forestlike * light,
        Cover.GRASS: ground * (1 - soil) * 0.6,
        Cover.SHRUBS: ground * (1 - soil) * 0.4,
        Cover.RED_SOIL: ground * soil,
    }


def _fields(rng: np.random.Generator, layout: Layout, size: int) -> Shares:
    """Parcels, each at its own stage from wet soil over green crop to stubble, with hedges."""
    count = int(layout.parcels.max()) + 1
    mixes = rng.dirichlet((0.6, 0.28, 0.25, 0.16, 0.16, 0.08), count).astype(np.float32)[layout.parcels]
    ripple = _light(1 + 0.05 * smooth_field(rng, size, 3) + 0.06 * fractal_field(rng, size, 300))
    hedge = (layout.parcel_edge < 5) & (smooth_field(rng, size, 25) > -0.2)
    open_land = np.where(hedge, 0.25, 1.0)
    kinds = (Cover.CROP, Cover.GRASS, Cover.DRY_GRASS, Cover.RED_SOIL, Cover.DARK_SOIL, Cover.TURBID_WATER)
    shares: Shares = {kind: mixes[..., index] * open_land * ripple for index, kind in enumerate(kinds)}
    shares[Cover.SHRUBS] = (1 - open_land) * 0.6
    shares[Cover.TREES] = (1 - open_land) * 0.4
    return shares


def _scrub(rng: np.random.Generator, size: int) -> Shares:
    """Clumps of bushes and young trees in grass, in every mixture."""
    clumps = 1 / (1 + np.exp(-(1.8 * smooth_field(rng, size, 9) + 0.9 * fractal_field(rng, size, 400))))
    trees = np.clip(0.24 + 0.26 * smooth_field(rng, size, 6) + 0.12 * fractal_field(rng, size, 500), 0, 0.9)
    dry = np.clip(0.3 + 0.18 * fractal_field(rng, size, 500), 0, 0.7)
    light = _light(1 + 0.12 * smooth_field(rng, size, 3.5))
    soil = np.clip(0.12 * smooth_field(rng, size, 5) - 0.08, 0, 0.5)
    bush = clumps * (1 - soil)
    grass = (1 - clumps) * (1 - soil)
    return {
        Cover.SHRUBS: bush * (1 - trees) * light,
        Cover.TREES: bush * trees * light,
        Cover.GRASS: grass * (1 - dry),
        Cover.DRY_GRASS: grass * dry,
        Cover.RED_SOIL: soil,
    }


def _town(rng: np.random.Generator, layout: Layout, size: int) -> Shares:
    """Streets in a grid, roofs of three kinds, gardens; the fewer houses the farther out."""
    rows, columns = np.indices((size, size), np.float32) * CELL
    angle = rng.uniform(0, 0.6)
    along = (columns * np.cos(angle) + rows * np.sin(angle)) % 95
    across = (rows * np.cos(angle) - columns * np.sin(angle)) % 65
    street = (along < 10) | (across < 8)
    built = np.clip(0.12 + 0.42 * layout.density + 0.1 * smooth_field(rng, size, 8), 0.15, 0.8)
    lots = rng.random((size, size), np.float32)
    # Roofs of a kind stand together: estates of tile, rows of shops, sheds of metal.
    kind = np.clip(rng.random((size, size), np.float32) + 0.18 * smooth_field(rng, size, 5), 0, 1)
    house = ~street & (lots < built)
    garden = ~street & ~house
    green = np.clip(0.65 + 0.2 * smooth_field(rng, size, 10), 0.1, 0.95)
    return {
        Cover.TILE: _share(house & (kind < 0.5)),
        Cover.METAL: _share(house & (kind > 0.88)),
        Cover.CONCRETE: _share((house & (kind >= 0.5) & (kind <= 0.88)) | (street & (layout.density > 0.7))),
        Cover.RED_SOIL: _share(street & (layout.density <= 0.7)) + garden * (1 - green),
        Cover.TREES: garden * green * 0.45,
        Cover.GRASS: garden * green * 0.55,
    }


def _bare(rng: np.random.Generator, layout: Layout, size: int) -> Shares:
    """Sand by the river, soil elsewhere, with tracks of water and the first weeds."""
    sand = np.where(layout.river.bars, 0.8, np.clip(0.15 * fractal_field(rng, size, 200), 0, 0.4))
    weeds = np.clip(0.12 + 0.18 * fractal_field(rng, size, 200), 0, 0.7)
    wet = np.clip(0.25 + 0.3 * fractal_field(rng, size, 400), 0, 0.9)
    light = _light(1 + 0.1 * smooth_field(rng, size, 4) + 0.08 * fractal_field(rng, size, 300))
    soil = (1 - sand) * (1 - weeds)
    return {
        Cover.SAND: sand * (1 - weeds) * light,
        Cover.RED_SOIL: soil * (1 - wet) * light,
        Cover.DARK_SOIL: soil * wet * light,
        Cover.GRASS: weeds * 0.5,
        Cover.DRY_GRASS: weeds * 0.5,
    }


def _add_roads(cells: NDArray[np.float32], layout: Layout) -> None:
    """Lay the road, two cells wide, over everything, as a bridge over water too."""
    road = layout.roads < 8
    cells[:, road] = 0
    cells[Cover.CONCRETE, road] = 0.7
    cells[Cover.RED_SOIL, road] = 0.3


def _light(field: Field) -> Field:
    """Keep the canopy's light within what crowns and slopes can do."""
    return np.clip(field, 0.45, 1.55)


def _share(mask: BoolArray) -> Field:
    return mask.astype(np.float32)


def _to_pixels(layer: Field) -> Field:
    size = layer.shape[0] // CELLS_PER_PIXEL
    blurred = gaussian_filter(layer, 0.3 * CELLS_PER_PIXEL)
    blocks = blurred.reshape(size, CELLS_PER_PIXEL, size, CELLS_PER_PIXEL)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float32)
