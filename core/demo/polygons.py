"""Training polygons of the demo scene, drawn inside the true classes, and their GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.warp import transform
from scipy.ndimage import binary_erosion, distance_transform_edt

from ..arrays import BoolArray
from ..classes import LandCoverClass
from .layout import CLASS_VALUES, Unit
from .scene import CRS, ORIGIN, PIXEL, Scene

# Crops get polygons of both of their textures. Rare land first: it has the least choice of places.
_WANTED: dict[Unit, int] = {
    Unit.BARE: 9,
    Unit.TOWN: 9,
    Unit.WATER: 10,
    Unit.SCRUB: 11,
    Unit.FIELDS: 11,
    Unit.PLANTATION: 12,
    Unit.FOREST: 12,
}
_GAPS = (24.0, 19.0, 15.0, 12.0)
"""Pixels between the centres of polygons: as far apart as there is room for."""
_REACH = (5.0, 10.0)
"""Pixels from a polygon's centre to its farthest corner, least and most."""
_CORNERS = 13


@dataclass(frozen=True)
class TrainingPolygon:
    """One polygon; ``corners`` is (corners, 2) column and row in pixels, the first not repeated."""

    unit: Unit
    corners: NDArray[np.float64]

    @property
    def class_value(self) -> int:
        """Class value in the Jambi scheme."""
        return CLASS_VALUES[self.unit]


def draw_polygons(scene: Scene, seed: int) -> tuple[TrainingPolygon, ...]:
    """Return polygons spread over the clear part of ``scene``, at least six of each class.

    They keep a pixel away from other land, since nobody digitises a mixed edge, and away from
    each other, so that a split by polygon is a fair one.
    """
    rng = np.random.default_rng((seed, 1))
    taken: list[tuple[float, float]] = []
    polygons = []
    for unit, wanted in _WANTED.items():
        inner = _inside(scene, unit)
        for row, column in _places(rng, inner, wanted, taken):
            polygons.append(TrainingPolygon(unit, _outline(rng, inner, row, column)))
    return tuple(polygons)


def _inside(scene: Scene, unit: Unit) -> BoolArray:
    """Return the clear pixels that are ``unit`` and have no other land beside them."""
    mask = binary_erosion(scene.units == unit, np.ones((3, 3))) & binary_erosion(scene.clear, iterations=3)
    mask[[0, -1], :] = False
    mask[:, [0, -1]] = False
    return np.asarray(mask)


def _places(
    rng: np.random.Generator, inner: BoolArray, wanted: int, taken: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Choose up to ``wanted`` centres (row, column), roomy ones first; adds them to ``taken``."""
    room = distance_transform_edt(inner)
    found: list[tuple[float, float]] = []
    for gap in _GAPS:
        for depth in (4.0, 2.0):
            spots = np.argwhere(room >= depth).astype(float) + 0.5
            for row, column in spots[rng.permutation(len(spots))]:
                if len(found) == wanted:
                    return found
                if all(np.hypot(row - r, column - c) >= gap for r, c in taken):
                    found.append((row, column))
                    taken.append((row, column))
    return found


def _outline(rng: np.random.Generator, inner: BoolArray, row: float, column: float) -> NDArray[np.float64]:
    """Return corners around a centre: outwards until the land changes, with an unsteady hand."""
    longest = rng.uniform(*_REACH)
    turn = rng.uniform(0, 2 * np.pi)
    slimness = rng.uniform(0, 0.5)
    angles = turn + (np.arange(_CORNERS) + rng.uniform(-0.25, 0.25, _CORNERS)) * 2 * np.pi / _CORNERS
    corners = []
    for angle in angles:
        reach = longest * (1 - slimness * abs(np.sin(angle - turn)))
        steps = np.arange(0, reach, 0.25)
        rows = np.clip(row + np.sin(angle) * steps, 0, inner.shape[0] - 1).astype(int)
        columns = np.clip(column + np.cos(angle) * steps, 0, inner.shape[1] - 1).astype(int)
        free = inner[rows, columns]
        length = steps[int(np.argmin(free)) - 1] if not free.all() else reach
        length = max(0.8, length * rng.uniform(0.78, 0.98))
        corners.append((column + np.cos(angle) * length, row + np.sin(angle) * length))
    return np.array(corners)


def to_geojson(polygons: Sequence[TrainingPolygon], classes: Mapping[int, LandCoverClass]) -> str:
    """Return a FeatureCollection with the properties ``id``, ``class`` (the value) and ``name``.

    RFC 7946 wants longitude and latitude on WGS 84, whatever the raster's CRS, and outer rings
    that run anticlockwise.
    """
    features = [
        {
            "type": "Feature",
            "id": number,
            "properties": {
                "id": number,
                "class": polygon.class_value,
                "name": classes[polygon.class_value].name,
            },
            "geometry": {"type": "Polygon", "coordinates": [_ring(polygon.corners)]},
        }
        for number, polygon in enumerate(polygons, start=1)
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


def _ring(corners: NDArray[np.float64]) -> list[list[float]]:
    east = ORIGIN[0] + corners[:, 0] * PIXEL
    north = ORIGIN[1] - corners[:, 1] * PIXEL
    if np.sum(east * np.roll(north, -1) - np.roll(east, -1) * north) < 0:
        east, north = east[::-1], north[::-1]
    longitudes, latitudes = transform(CRS, "EPSG:4326", east, north)
    # Seven decimals of a degree are about a centimetre.
    ring = [[round(x, 7), round(y, 7)] for x, y in zip(longitudes, latitudes, strict=True)]
    return [*ring, ring[0]]
