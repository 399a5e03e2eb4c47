"""Land cover of the demo scene: fraction of each surface in each pixel, and reflectance of the surfaces.

The reflectance values approximate, at the band centres of Sentinel-2, curves of the kind that these libraries
publish. They are neither measurements nor copies of single spectra:

* Meerdink, S.K., Hook, S.J., Roberts, D.A., Abbott, E.A. (2019): The ECOSTRESS spectral library
  version 1.0. Remote Sensing of Environment 230, 111196, which continues Baldridge, A.M. et al.
  (2009): The ASTER spectral library version 2.0. Remote Sensing of Environment 113, 711-715:
  water, broad-leaved trees, green and dry grass, soils (Ultisols and the like), construction
  materials (asphalt, concrete, tile, galvanised metal).
* Kokaly, R.F. et al. (2017): USGS Spectral Library Version 7. U.S. Geological Survey Data Series
  1035, https://doi.org/10.3133/ds1035: lawn and dry grass, sand, turbid and clear water.

Leaf spectra of the libraries are brighter than a canopy seen from space, where leaves shade each other.
Canopies are therefore lowered to the usual surface reflectance of humid tropical vegetation. For closed
forest this is about 2 % in red and 30 % in near infrared.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

import numpy as np
from scipy.ndimage import gaussian_filter

from ..arrays import BoolArray, Float32Array
from .layout import Layout, Unit
from .terrain import CELL, Field, fractal_field, smooth_field

BANDS: tuple[tuple[str, int], ...] = (
    ("B2", 492),
    ("B3", 560),
    ("B4", 665),
    ("B5", 704),
    ("B6", 741),
    ("B7", 783),
    ("B8", 833),
    ("B8A", 865),
    ("B11", 1614),
    ("B12", 2202),
)
"""Name and centre wavelength in nm of the ten bands of Sentinel-2A at 10 and 20 m."""
# Thick cloud is nearly white, and darker in bands in which ice absorbs.
_CLOUD_PERCENT: tuple[float, ...] = (56.0, 55.0, 56.0, 57.0, 58.0, 59.0, 60.0, 60.0, 44.0, 33.0)
CLOUD: Float32Array = np.divide(_CLOUD_PERCENT, 100, dtype=np.float32)
"""Reflectance of thick cloud, 0 to 1, shape (bands,)."""
CELLS_PER_PIXEL = 4
"""Side of a pixel in cells of the fine grid."""


class Cover(IntEnum):
    """Surface with one spectrum; the row of ``REFLECTANCE``."""

    TURBID_WATER = 0
    CLEAR_WATER = 1
    TREES = 2
    PALMS = 3
    SHRUBS = 4
    GRASS = 5
    CROP = 6
    DRY_GRASS = 7
    RED_SOIL = 8
    DARK_SOIL = 9
    SAND = 10
    TILE = 11
    METAL = 12
    CONCRETE = 13


# fmt: off
_PERCENT: dict[Cover, tuple[float, ...]] = {
    #                     B2    B3    B4    B5    B6    B7    B8    B8A   B11   B12
    Cover.TURBID_WATER: ( 6.5,  9.8, 10.6,  9.6,  6.0,  6.0,  5.0,  4.4,  1.2,  0.8),
    Cover.CLEAR_WATER:  ( 3.4,  4.0,  2.3,  1.9,  1.4,  1.3,  1.2,  1.1,  0.6,  0.4),
    Cover.TREES:        ( 2.0,  4.2,  2.1,  6.9, 21.0, 27.0, 29.0, 30.5, 13.5,  5.4),
    Cover.PALMS:        ( 2.3,  5.0,  2.5,  8.1, 23.0, 29.0, 31.0, 32.5, 14.8,  6.1),
    Cover.SHRUBS:       ( 2.8,  5.9,  3.6,  9.6, 21.5, 26.0, 28.0, 29.5, 17.2,  8.0),
    Cover.GRASS:        ( 3.6,  7.8,  4.7, 12.4, 25.5, 30.5, 33.0, 34.0, 20.5, 10.4),
    Cover.CROP:         ( 3.0,  7.0,  3.5, 11.0, 27.5, 35.0, 37.5, 38.5, 17.0,  8.0),
    Cover.DRY_GRASS:    ( 6.4,  9.4, 12.0, 15.4, 19.8, 22.4, 24.8, 26.8, 31.5, 21.0),
    Cover.RED_SOIL:     ( 5.0,  8.0, 13.0, 15.4, 17.0, 18.6, 20.0, 21.5, 30.0, 25.5),
    Cover.DARK_SOIL:    ( 3.6,  4.7,  5.8,  6.8,  7.9,  8.9, 10.0, 11.0, 15.0, 11.2),
    Cover.SAND:         (13.0, 17.0, 21.0, 23.0, 24.5, 26.0, 27.5, 28.5, 36.0, 33.0),
    Cover.TILE:         ( 6.0,  8.6, 15.0, 18.4, 20.0, 21.6, 23.0, 24.0, 31.0, 29.0),
    Cover.METAL:        (18.0, 19.5, 20.5, 21.0, 21.5, 22.0, 22.5, 22.7, 24.0, 22.0),
    Cover.CONCRETE:     (10.5, 12.0, 13.2, 13.8, 14.4, 15.0, 15.6, 16.0, 19.0, 17.2),
}
# fmt: on

REFLECTANCE: Float32Array = np.divide([_PERCENT[cover] for cover in Cover], 100, dtype=np.float32)
"""Reflectance of each surface, 0 to 1, shape (covers, bands)."""
Fractions = dict[Cover, Field]


def pixel_fractions(rng: np.random.Generator, layout: Layout) -> Float32Array:
    """Return the illuminated fraction of each surface in each pixel, shape (covers, rows, columns).

    The cells of a pixel are averaged, with some light from neighbouring pixels, as in a sensor. Edges, roads
    and houses are therefore mixed pixels. Fractions need not sum to 1, because they include light and
    shade of the canopy.

    Args:
        rng: Random generator.
        layout: Land use of the scene.
    """
    size = layout.units.shape[0]
    cells = np.zeros((len(Cover), size, size), np.float32)
    for unit, fractions in _unit_fractions(rng, layout):
        inside = layout.units == unit
        for cover, fraction in fractions.items():
            cells[cover][inside] = fraction[inside]
    _add_roads(cells, layout)
    return np.stack([_to_pixels(layer) for layer in cells])


def _unit_fractions(rng: np.random.Generator, layout: Layout) -> Iterator[tuple[Unit, Fractions]]:
    size = layout.units.shape[0]
    yield Unit.WATER, _water(rng, layout, size)
    yield Unit.FOREST, _forest(rng, size)
    yield Unit.PLANTATION, _plantation(rng, layout, size)
    yield Unit.FIELDS, _fields(rng, layout, size)
    yield Unit.SCRUB, _scrub(rng, size)
    yield Unit.TOWN, _town(rng, layout, size)
    yield Unit.BARE, _bare(rng, layout, size)


def _water(rng: np.random.Generator, layout: Layout, size: int) -> Fractions:
    silt = np.clip(np.where(layout.river.clear, 0.2, 0.85) + 0.12 * fractal_field(rng, size, 300), 0, 1)
    weed = np.where(layout.river.clear, np.clip(0.3 * smooth_field(rng, size, 14) - 0.25, 0, 0.6), 0)
    return {
        Cover.TURBID_WATER: silt * (1 - weed),
        Cover.CLEAR_WATER: (1 - silt) * (1 - weed),
        Cover.GRASS: weed,
    }


def _forest(rng: np.random.Generator, size: int) -> Fractions:
    """Return crowns of 15 to 40 m in light and shade, with some gaps."""
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


def _plantation(rng: np.random.Generator, layout: Layout, size: int) -> Fractions:
    """Return blocks of one age each, with rows of palms that appear as stripes, and roads between blocks."""
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


def _fields(rng: np.random.Generator, layout: Layout, size: int) -> Fractions:
    """Return parcels with hedges, each at its own stage from wet soil over green crop to stubble."""
    count = int(layout.parcels.max()) + 1
    mixes = rng.dirichlet((0.6, 0.28, 0.25, 0.16, 0.16, 0.08), count).astype(np.float32)[layout.parcels]
    ripple = _light(1 + 0.05 * smooth_field(rng, size, 3) + 0.06 * fractal_field(rng, size, 300))
    hedge = (layout.parcel_edge < 5) & (smooth_field(rng, size, 25) > -0.2)
    open_land = np.where(hedge, 0.25, 1.0)
    kinds = (Cover.CROP, Cover.GRASS, Cover.DRY_GRASS, Cover.RED_SOIL, Cover.DARK_SOIL, Cover.TURBID_WATER)
    fractions: Fractions = {kind: mixes[..., index] * open_land * ripple for index, kind in enumerate(kinds)}
    fractions[Cover.SHRUBS] = (1 - open_land) * 0.6
    fractions[Cover.TREES] = (1 - open_land) * 0.4
    return fractions


def _scrub(rng: np.random.Generator, size: int) -> Fractions:
    """Return clumps of bushes and young trees in grass, in all proportions."""
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


def _town(rng: np.random.Generator, layout: Layout, size: int) -> Fractions:
    """Return a grid of streets with roofs of three kinds and gardens, less dense towards the edge."""
    rows, columns = np.indices((size, size), np.float32) * CELL
    angle = rng.uniform(0, 0.6)
    along = (columns * np.cos(angle) + rows * np.sin(angle)) % 95
    across = (rows * np.cos(angle) - columns * np.sin(angle)) % 65
    street = (along < 10) | (across < 8)
    built = np.clip(0.12 + 0.42 * layout.density + 0.1 * smooth_field(rng, size, 8), 0.15, 0.8)
    random = rng.random((size, size), np.float32)
    # Roofs of one kind are clustered: estates of tile, rows of shops, sheds of metal.
    kind = np.clip(rng.random((size, size), np.float32) + 0.18 * smooth_field(rng, size, 5), 0, 1)
    house = ~street & (random < built)
    garden = ~street & ~house
    green = np.clip(0.65 + 0.2 * smooth_field(rng, size, 10), 0.1, 0.95)
    return {
        Cover.TILE: _fraction(house & (kind < 0.5)),
        Cover.METAL: _fraction(house & (kind > 0.88)),
        Cover.CONCRETE: _fraction(
            (house & (kind >= 0.5) & (kind <= 0.88)) | (street & (layout.density > 0.7))
        ),
        Cover.RED_SOIL: _fraction(street & (layout.density <= 0.7)) + garden * (1 - green),
        Cover.TREES: garden * green * 0.45,
        Cover.GRASS: garden * green * 0.55,
    }


def _bare(rng: np.random.Generator, layout: Layout, size: int) -> Fractions:
    """Return sand by the river and soil elsewhere, with wet tracks and some weeds."""
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


def _add_roads(cells: Float32Array, layout: Layout) -> None:
    """Add the roads in place, two cells wide, also across water."""
    road = layout.roads < 8
    cells[:, road] = 0
    cells[Cover.CONCRETE, road] = 0.7
    cells[Cover.RED_SOIL, road] = 0.3


def _light(field: Field) -> Field:
    """Return the illumination of a canopy, limited to a plausible range."""
    return np.clip(field, 0.45, 1.55)


def _fraction(mask: BoolArray) -> Field:
    return mask.astype(np.float32)


def _to_pixels(layer: Field) -> Field:
    size = layer.shape[0] // CELLS_PER_PIXEL
    blurred = gaussian_filter(layer, 0.3 * CELLS_PER_PIXEL)
    blocks = blurred.reshape(size, CELLS_PER_PIXEL, size, CELLS_PER_PIXEL)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float32)
