"""Demo scene as a sensor sees it: mixed reflectance, noise, clouds, and the true map below.

The reflectance values are approximations, read and rounded at the band centres of Sentinel-2, of the kind
of curves that these libraries publish; they are neither measurements nor copies of single spectra:

* Meerdink, S.K., Hook, S.J., Roberts, D.A., Abbott, E.A. (2019): The ECOSTRESS spectral library
  version 1.0. Remote Sensing of Environment 230, 111196, which continues Baldridge, A.M. et al.
  (2009): The ASTER spectral library version 2.0. Remote Sensing of Environment 113, 711-715:
  water, broad-leaved trees, green and dry grass, soils (Ultisols and the like), construction
  materials (asphalt, concrete, tile, galvanised metal).
* Kokaly, R.F. et al. (2017): USGS Spectral Library Version 7. U.S. Geological Survey Data Series
  1035, https://doi.org/10.3133/ds1035: lawn and dry grass, sand, turbid and clear water.

Leaf spectra of the libraries are brighter than a canopy seen from space, where leaves shade each other. The
canopies are therefore lowered to the usual surface reflectance of humid tropical vegetation: about 2 % in
red and 30 % in near infrared for closed forest.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .cover import CELLS_PER_PIXEL, pixel_shares
from .layout import CLASS_VALUES, Layout, Unit, make_layout
from .noise import Field, fractal_field, smooth_field

# Band name and centre in nm, Sentinel-2A: the ten bands at 10 and 20 m.
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
# Thick cloud: nearly white, darker where ice absorbs.
_CLOUD_PERCENT: tuple[float, ...] = (56.0, 55.0, 56.0, 57.0, 58.0, 59.0, 60.0, 60.0, 44.0, 33.0)
CLOUD: NDArray[np.float32] = np.divide(_CLOUD_PERCENT, 100, dtype=np.float32)
"""Shape (bands,), 0 to 1."""
SIZE = 320
PIXEL = 20.0
CRS = "EPSG:32748"
ORIGIN = (326000.0, 9828000.0)
"""Easting and northing of the top-left corner: by the Batang Hari, west of the city of Jambi."""
NODATA = 0
_SCALE = 10_000


class Cover(IntEnum):
    """A surface that is spectrally of one kind; the rows of ``REFLECTANCE``."""

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

REFLECTANCE: NDArray[np.float32] = np.divide([_PERCENT[cover] for cover in Cover], 100, dtype=np.float32)
"""Shape (covers, bands), 0 to 1."""


@dataclass(frozen=True)
class Scene:
    """A scene and its truth, all on the same pixel grid.

    Attributes:
        bands: (bands, rows, columns) uint16, reflectance x 10,000; 0 is nodata.
        classes: (rows, columns) uint8, the true class of each pixel, beneath the cloud too.
        units: (rows, columns) uint8, the land use behind the class.
        clear: (rows, columns), where neither cloud nor its edge is.
    """

    bands: NDArray[np.uint16]
    classes: NDArray[np.uint8]
    units: NDArray[np.uint8]
    clear: NDArray[np.bool_]


def make_scene(seed: int, size: int = SIZE) -> Scene:
    """Return the scene of ``seed``, with ``size`` rows and columns of 20 m."""
    rng = np.random.default_rng(seed)
    layout = make_layout(rng, size * CELLS_PER_PIXEL)
    reflectance = np.einsum("sb,sij->bij", REFLECTANCE, pixel_shares(rng, layout))
    reflectance = _vary(rng, reflectance.astype(np.float32))
    cloud = _cloud(rng, size)
    reflectance += (CLOUD[:, np.newaxis, np.newaxis] - reflectance) * np.clip(cloud, 0, 1)
    reflectance = _observe(rng, reflectance)
    bands = np.clip(np.round(reflectance * _SCALE), 1, 65535).astype(np.uint16)
    bands[:, cloud > 0.3] = NODATA
    units = _majority(layout)
    values = np.array([CLASS_VALUES[unit] for unit in Unit], np.uint8)
    return Scene(bands, values[units], units, cloud <= 0.01)


def _vary(rng: np.random.Generator, reflectance: Field) -> Field:
    """Let plants and soils differ from place to place: brightness, leaf area, moisture.

    Each acts on the bands where it does in nature: water in leaves and soil darkens the shortwave
    infrared, more leaves brighten the near infrared and darken red.
    """
    size = reflectance.shape[1]
    centres = np.array([centre for _, centre in BANDS], np.float32)
    near_infrared = ((centres > 730) & (centres < 1000)).astype(np.float32)
    shortwave = (centres > 1000).astype(np.float32)
    visible = (centres < 720).astype(np.float32)
    for strength, weights in (
        (0.035, np.ones_like(centres)),
        (0.05, near_infrared - 0.9 * visible),
        (0.06, shortwave + 0.25 * visible),
    ):
        field = 0.75 * fractal_field(rng, size, size / 3) + 0.55 * smooth_field(rng, size, 0.5)
        reflectance = reflectance * np.exp(strength * weights[:, np.newaxis, np.newaxis] * field)
    return reflectance


def _cloud(rng: np.random.Generator, size: int) -> Field:
    """Return the opacity, (size, size), of one cumulus: above 0.3 it is masked out, as in products."""
    rows, columns = np.indices((size, size), np.float32) / size
    row, column = rng.uniform(0.2, 0.8, 2)
    distance = np.hypot((rows - row) / 0.07, (columns - column) / 0.1)
    lumps = 0.42 * fractal_field(rng, size, size / 6, slope=1.8)
    return np.asarray(np.clip(1.6 - distance + lumps * (distance < 3), 0, None) ** 2, np.float32)


def _observe(rng: np.random.Generator, reflectance: Field) -> Field:
    """Add what atmospheric correction leaves: thin haze, bluer than white, and the sensor's noise."""
    size = reflectance.shape[1]
    centres = np.array([centre for _, centre in BANDS], np.float32)
    blueness = (centres / 492) ** -2.0
    haze = 0.005 + 0.0025 * smooth_field(rng, size, size / 8)
    noisy = reflectance + blueness[:, np.newaxis, np.newaxis] * haze
    noisy = noisy + rng.normal(0, 0.0012, reflectance.shape)
    return np.asarray(noisy * (1 + rng.normal(0, 0.012, reflectance.shape)), np.float32)


def _majority(layout: Layout) -> NDArray[np.uint8]:
    """Return the unit that fills most of each pixel, (rows, columns)."""
    size = layout.units.shape[0] // CELLS_PER_PIXEL
    cells = layout.units.reshape(size, CELLS_PER_PIXEL, size, CELLS_PER_PIXEL)
    counts = np.stack([(cells == unit).sum(axis=(1, 3)) for unit in Unit])
    return np.asarray(np.argmax(counts, axis=0), np.uint8)
