"""Training polygons as GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rasterio.warp import transform

from ..classes import LandCoverClass
from .polygons import TrainingPolygon
from .scene import CRS, ORIGIN, PIXEL


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
