"""Image of the demo scene: mixed reflectance, sensor noise, a cloud, and the true map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..arrays import BoolArray
from .cover import BANDS, CELLS_PER_PIXEL, CLOUD, REFLECTANCE, pixel_fractions
from .layout import CLASS_VALUES, Layout, Unit, make_layout
from .terrain import Field, fractal_field, smooth_field

SIZE = 320
"""Default side of a scene, in pixels."""
PIXEL = 20.0
"""Side of a pixel, in metres."""
CRS = "EPSG:32748"
ORIGIN = (326000.0, 9828000.0)
"""Easting and northing of the top-left corner in metres, at the Batang Hari west of the city of Jambi."""
NODATA = 0
_SCALE = 10_000


@dataclass(frozen=True)
class Scene:
    """Image and true map on one pixel grid.

    Attributes:
        bands: Reflectance times 10,000, 0 where nodata, uint16, shape (bands, rows, columns).
        classes: True class value of each pixel, also beneath the cloud, uint8, shape (rows, columns).
        units: Land use of each pixel, a value of ``Unit``, uint8, shape (rows, columns).
        clear: Whether each pixel is free of cloud and cloud edge, bool, shape (rows, columns).
    """

    bands: NDArray[np.uint16]
    classes: NDArray[np.uint8]
    units: NDArray[np.uint8]
    clear: BoolArray


def make_scene(seed: int, size: int = SIZE) -> Scene:
    """Return a scene.

    Args:
        seed: Seed of the scene, 0 or more.
        size: Side of the scene, in pixels of 20 m.
    """
    rng = np.random.default_rng(seed)
    layout = make_layout(rng, size * CELLS_PER_PIXEL)
    reflectance = np.einsum("sb,sij->bij", REFLECTANCE, pixel_fractions(rng, layout))
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
    """Return the reflectance with spatial variation of brightness, leaf area and moisture.

    Each acts on the bands as in nature. Water in leaves and soil darkens the shortwave infrared. A larger
    leaf area brightens the near infrared and darkens red.
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
    """Return the opacity of one cumulus cloud, shape (size, size). Above 0.3, pixels are nodata."""
    rows, columns = np.indices((size, size), np.float32) / size
    row, column = rng.uniform(0.2, 0.8, 2)
    distance = np.hypot((rows - row) / 0.07, (columns - column) / 0.1)
    lumps = 0.42 * fractal_field(rng, size, size / 6, slope=1.8)
    return np.asarray(np.clip(1.6 - distance + lumps * (distance < 3), 0, None) ** 2, np.float32)


def _observe(rng: np.random.Generator, reflectance: Field) -> Field:
    """Return the reflectance with residual haze, which is strongest in blue, and sensor noise."""
    size = reflectance.shape[1]
    centres = np.array([centre for _, centre in BANDS], np.float32)
    blueness = (centres / 492) ** -2.0
    haze = 0.005 + 0.0025 * smooth_field(rng, size, size / 8)
    noisy = reflectance + blueness[:, np.newaxis, np.newaxis] * haze
    noisy = noisy + rng.normal(0, 0.0012, reflectance.shape)
    return np.asarray(noisy * (1 + rng.normal(0, 0.012, reflectance.shape)), np.float32)


def _majority(layout: Layout) -> NDArray[np.uint8]:
    """Return the most frequent land use of each pixel, shape (rows, columns)."""
    size = layout.units.shape[0] // CELLS_PER_PIXEL
    cells = layout.units.reshape(size, CELLS_PER_PIXEL, size, CELLS_PER_PIXEL)
    counts = np.stack([(cells == unit).sum(axis=(1, 3)) for unit in Unit])
    return np.asarray(np.argmax(counts, axis=0), np.uint8)
