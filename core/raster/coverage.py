"""Pixels inside a polygon, tile by tile: by their centres, or as exact fractions of their areas.

A polygon is held as the edges of its rings in pixel coordinates, so that the cost of a tile depends on the
edges in its rows and not on the whole polygon.

>>> edges = polygon_edges(to_pixels(geometry, grid))
>>> inside = centres_inside(edges, tile)      # bool, shape (rows, columns)
>>> fraction = fractions_inside(edges, tile)  # float64, shape (rows, columns), 0 to 1
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import BoolArray, Float64Array, Int64Array
from .grid import Tile
from .rasterize import PixelGeometry

# Fractions that differ from 0 or 1 by less do so by rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class PolygonEdges:
    """Edges of a polygon in pixel coordinates: outer rings run one way, holes the other.

    Attributes:
        columns: Column of the start and the end of each edge, float64, shape (N, 2).
        rows: Row of the start and the end of each edge, float64, shape (N, 2).
        box: Pixels of the raster that the polygon's bounding box touches.
    """

    columns: Float64Array
    rows: Float64Array
    box: Tile

    def within(self, tile: Tile) -> Tile | None:
        """Return the part of a tile that the bounding box touches; None where it touches no pixel."""
        first, stop = max(tile.row, self.box.row), min(tile.row_stop, self.box.row_stop)
        left, right = max(tile.column, self.box.column), min(tile.column_stop, self.box.column_stop)
        return Tile(first, left, stop - first, right - left) if first < stop and left < right else None


def polygon_edges(shape: PixelGeometry) -> PolygonEdges:
    """Return the edges of a polygon or multipolygon.

    Args:
        shape: Polygon in pixel coordinates.
    """
    coordinates = shape.geometry["coordinates"]
    polygons = [coordinates] if shape.geometry["type"] == "Polygon" else coordinates
    rings = [
        _directed(np.asarray(ring, dtype=np.float64).reshape(-1, 2), is_hole=number > 0)
        for polygon in polygons
        for number, ring in enumerate(polygon)
        if len(ring) > 2
    ]
    starts = np.concatenate([np.zeros((0, 2)), *rings])
    stops = np.concatenate([np.zeros((0, 2)), *(np.roll(ring, -1, axis=0) for ring in rings)])
    (first, last), (left, right) = shape.rows, shape.columns
    return PolygonEdges(
        np.stack([starts[:, 0], stops[:, 0]], axis=1),
        np.stack([starts[:, 1], stops[:, 1]], axis=1),
        Tile(first, left, max(last - first, 0), max(right - left, 0)),
    )


def centres_inside(edges: PolygonEdges, tile: Tile) -> BoolArray:
    """Return whether the centre of each pixel of a tile lies inside a polygon, shape (rows, columns).

    A centre on an edge belongs to the polygon on its right or below it. So of polygons that share an edge
    exactly one has the pixel, and polygons that cover the map without gaps have each pixel once.

    Args:
        edges: Edges of the polygon.
        tile: Pixels, best within ``edges.within``, because the cost grows with the tile.
    """
    # The lower end first: an edge that two polygons share must give both the very same numbers.
    is_falling = edges.rows[:, 0] > edges.rows[:, 1]
    top, bottom = edges.rows.min(axis=1), edges.rows.max(axis=1)
    at_top = np.where(is_falling, edges.columns[:, 1], edges.columns[:, 0])
    at_bottom = np.where(is_falling, edges.columns[:, 0], edges.columns[:, 1])
    # Rows whose centres an edge crosses: top <= row + 0.5 < bottom.
    first = np.clip(np.ceil(top - 0.5), tile.row, tile.row_stop).astype(np.int64)
    stop = np.clip(np.ceil(bottom - 0.5), tile.row, tile.row_stop).astype(np.int64)
    edge, row = _spread(first, stop)
    slope = (at_bottom[edge] - at_top[edge]) / (bottom[edge] - top[edge])
    column = at_top[edge] + (row + 0.5 - top[edge]) * slope
    # First pixel whose centre is not left of the crossing.
    place = np.clip(np.ceil(column - 0.5), tile.column, tile.column_stop).astype(np.int64) - tile.column
    # A crossing turns inside to outside and outside to inside for all pixels to its right.
    crossings = np.zeros((tile.height, tile.width + 1), dtype=np.uint8)
    np.add.at(crossings, (row - tile.row, place), 1)
    crossings = np.add.accumulate(crossings[:, :-1], axis=1, dtype=np.uint8)
    crossings &= 1
    return crossings.view(np.bool_)


def fractions_inside(edges: PolygonEdges, tile: Tile) -> Float64Array:
    """Return the fraction of the area of each pixel of a tile that lies inside a polygon.

    Exact up to rounding: each edge is divided at the borders of the pixels, and the signed area between each
    piece and the right border of its pixel is added up from left to right, as in the rasterization of
    fonts. Areas that rings of one polygon cover twice are cut off at 1.

    Args:
        edges: Edges of the polygon.
        tile: Pixels, best within ``edges.within``, because the cost grows with the tile.

    Returns:
        Fractions from 0 to 1, shape (rows, columns).
    """
    top, bottom = edges.rows.min(axis=1), edges.rows.max(axis=1)
    touching = (bottom > tile.row) & (top < tile.row_stop) & (bottom > top)
    x, y = edges.columns[touching] - tile.column, edges.rows[touching] - tile.row
    x, y = _cut(y, x, float(tile.height))[::-1]
    # An edge left of the tile acts like one along its left border, an edge right of it not at all.
    x, y = _divided(x, y, float(tile.width))
    y, x = _divided(y, x, float(tile.height))
    middle = np.clip(x.mean(axis=1), 0.0, float(tile.width))
    cells = np.minimum(np.floor(middle), tile.width).astype(np.int64)
    rows = np.clip(np.floor(y.mean(axis=1)), 0, tile.height - 1).astype(np.int64)
    heights = y[:, 1] - y[:, 0]
    # Two more columns: what lies right of the tile, and the rest of its last column.
    width = tile.width + 2
    to_right = 1.0 - (middle - cells)
    place = rows * width + cells
    change = np.bincount(place, heights * to_right, minlength=tile.height * width)
    change += np.bincount(place + 1, heights * (1.0 - to_right), minlength=tile.height * width)
    fractions = np.abs(np.cumsum(change.reshape(tile.height, width), axis=1)[:, : tile.width])
    fractions[fractions < _ROUNDING] = 0.0
    fractions[fractions > 1.0 - _ROUNDING] = 1.0
    return fractions


def _directed(ring: Float64Array, is_hole: bool) -> Float64Array:
    """Return an open ring of vertices (N, 2), in the direction of outer rings or of holes."""
    if (ring[0] == ring[-1]).all():
        ring = ring[:-1]
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    signed = float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    return ring[::-1] if (signed < 0) != is_hole else ring


def _spread(first: Int64Array, stop: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Return each whole number of some half-open ranges, with the index of its range, both shape (M,)."""
    counts = np.maximum(stop - first, 0)
    index = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)
    return index, first[index] + within


def _cut(along: Float64Array, across: Float64Array, most: float) -> tuple[Float64Array, Float64Array]:
    """Return edges cut off below 0 and above ``most`` of one coordinate, which no edge has equal ends in."""
    start, stop = along[:, :1], along[:, 1:]
    kept = np.clip(along, 0.0, most)
    return kept, across[:, :1] + (kept - start) / (stop - start) * (across[:, 1:] - across[:, :1])


def _divided(along: Float64Array, across: Float64Array, most: float) -> tuple[Any, Any]:
    """Return edges divided at the whole numbers from 0 to ``most`` of one coordinate.

    Args:
        along: Coordinate of the start and the end of each edge, shape (N, 2).
        across: Other coordinate of both ends, shape (N, 2).
        most: Last whole number to divide at.
    """
    low, high = along.min(axis=1), along.max(axis=1)
    first = np.clip(np.floor(low) + 1, 0, most + 1).astype(np.int64)
    stop = np.clip(np.ceil(high), 0, most + 1).astype(np.int64)
    edge, number = _spread(first, stop)
    length = along[:, 1] - along[:, 0]
    at = (number - along[edge, 0]) / length[edge]
    # Positions of all ends along their edges, from 0 to 1, in order.
    count = len(along)
    edges = np.concatenate([np.arange(count), edge, np.arange(count)])
    places = np.concatenate([np.zeros(count), at, np.ones(count)])
    values = np.concatenate([along[:, 0], number.astype(np.float64), along[:, 1]])
    order = np.lexsort((places, edges))
    edges, places, values = edges[order], places[order], values[order]
    others = across[edges, 0] + places * (across[edges, 1] - across[edges, 0])
    # The ends as they are, so that neighbouring edges meet in the very same point.
    others = np.where(places == 1.0, across[edges, 1], others)
    same = edges[1:] == edges[:-1]
    return (
        np.stack([values[:-1][same], values[1:][same]], axis=1),
        np.stack([others[:-1][same], others[1:][same]], axis=1),
    )
