"""Training polygons of the demo scene, drawn inside areas of one land use, and their GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rasterio.warp import transform
from scipy.ndimage import binary_erosion, distance_transform_edt

from ..arrays import BoolArray, Float64Array
from ..classes import LandCoverClass
from .layout import CLASS_VALUES, Unit
from .scene import CRS, ORIGIN, PIXEL, Scene

# Number of polygons of each land use. Rare land use comes first, because it has the least space.
_POLYGON_COUNTS: dict[Unit, int] = {
    Unit.BARE: 9,
    Unit.TOWN: 9,
    Unit.WATER: 10,
    Unit.SCRUB: 11,
    Unit.FIELDS: 11,
    Unit.PLANTATION: 12,
    Unit.FOREST: 12,
}
# Distances between the centres of polygons in pixels, to try in this order.
_CENTRE_DISTANCES = (24.0, 19.0, 15.0, 12.0)
# Smallest and largest distance from a polygon's centre to its farthest corner, in pixels.
_RADII = (5.0, 10.0)
_CORNERS = 13


@dataclass(frozen=True)
class TrainingPolygon:
    """Training polygon.

    Attributes:
        unit: Land use inside the polygon.
        corners: Column and row of each corner in pixels, the first not repeated, shape (corners, 2).
    """

    unit: Unit
    corners: Float64Array

    @property
    def class_value(self) -> int:
        """Class value in the Jambi scheme."""
        return CLASS_VALUES[self.unit]


def draw_polygons(scene: Scene, seed: int) -> tuple[TrainingPolygon, ...]:
    """Return polygons spread over the cloud-free part of a scene, at least six per class.

    They keep a pixel away from other land use, as in careful digitizing, and a distance from each other, so
    that a split by polygons is realistic.

    Args:
        scene: Demo scene.
        seed: Seed of the polygons, 0 or more.
    """
    rng = np.random.default_rng((seed, 1))
    taken: list[tuple[float, float]] = []
    polygons = []
    for unit, wanted in _POLYGON_COUNTS.items():
        inner = _inside(scene, unit)
        for row, column in _centres(rng, inner, wanted, taken):
            polygons.append(TrainingPolygon(unit, _outline(rng, inner, row, column)))
    return tuple(polygons)


def _inside(scene: Scene, unit: Unit) -> BoolArray:
    """Return the cloud-free pixels of a land use without other land use next to them."""
    mask = binary_erosion(scene.units == unit, np.ones((3, 3))) & binary_erosion(scene.clear, iterations=3)
    mask[[0, -1], :] = False
    mask[:, [0, -1]] = False
    return np.asarray(mask)


def _centres(
    rng: np.random.Generator, inner: BoolArray, wanted: int, taken: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return up to ``wanted`` centres (row, column), those with most space first; add them to ``taken``."""
    room = distance_transform_edt(inner)
    centres: list[tuple[float, float]] = []
    for gap in _CENTRE_DISTANCES:
        for depth in (4.0, 2.0):
            spots = np.argwhere(room >= depth).astype(float) + 0.5
            for row, column in spots[rng.permutation(len(spots))]:
                if len(centres) == wanted:
                    return centres
                if all(np.hypot(row - r, column - c) >= gap for r, c in taken):
                    centres.append((row, column))
                    taken.append((row, column))
    return centres


def _outline(rng: np.random.Generator, inner: BoolArray, row: float, column: float) -> Float64Array:
    """Return corners around a centre, outwards to the edge of the land use, with digitizing errors."""
    longest = rng.uniform(*_RADII)
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
    """Return a GeoJSON FeatureCollection with the properties ``id``, ``class`` (the value) and ``name``.

    RFC 7946 requires longitude and latitude on WGS 84 and anticlockwise outer rings.

    Args:
        polygons: Training polygons.
        classes: Class of each class value.
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


def _ring(corners: Float64Array) -> list[list[float]]:
    east = ORIGIN[0] + corners[:, 0] * PIXEL
    north = ORIGIN[1] - corners[:, 1] * PIXEL
    if np.sum(east * np.roll(north, -1) - np.roll(east, -1) * north) < 0:
        east, north = east[::-1], north[::-1]
    longitudes, latitudes = transform(CRS, "EPSG:4326", east, north)
    # Seven decimals of a degree are about a centimetre.
    ring = [[round(x, 7), round(y, 7)] for x, y in zip(longitudes, latitudes, strict=True)]
    return [*ring, ring[0]]
