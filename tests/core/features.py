"""Labelled features on the pixels of ``make_raster``, in files as QGIS's part hands them over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..conftest import NORTH_UP

Feature = dict[str, Any]
PIXEL, LEFT, TOP = NORTH_UP[0], NORTH_UP[2], NORTH_UP[5]


def polygon(row: float, column: float, rows: float, columns: float, value: object, **more: object) -> Feature:
    """Return a rectangle of pixels of one class."""
    left, top = LEFT + PIXEL * column, TOP - PIXEL * row
    right, bottom = left + PIXEL * columns, top - PIXEL * rows
    ring = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]
    return {"geometry": {"type": "Polygon", "coordinates": [ring]}, "class": value, **more}


def point(row: float, column: float, value: object, **more: object) -> Feature:
    """Return the centre of a pixel and its class."""
    place = [LEFT + PIXEL * (column + 0.5), TOP - PIXEL * (row + 0.5)]
    return {"geometry": {"type": "Point", "coordinates": place}, "class": value, **more}


def write_features(path: Path, features: Iterable[Feature]) -> str:
    """Write features, each a line; unless they say so, they have no name and a group of their own."""
    with path.open("w", encoding="utf-8") as file:
        for number, item in enumerate(features):
            file.write(json.dumps({"name": None, "group": number, **item}) + "\n")
    return str(path)
