"""Training pixels: a record of the pixels that a model's labels cover, and their overlap with a reference.

A model and its maps hold the record, so that an assessment finds out whether a reference is the training data
itself. It is a set of hashes of row and column on the training grid. Positions cannot be read from it.

>>> record = record_pixels(grid, samples.rows, samples.columns)
>>> overlap_of("map.tif", [record], map_grid, rows, columns)   # TrainingOverlap(shared=12, checked=300)
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from rasterio.crs import CRS
from rasterio.errors import CRSError
from rasterio.warp import transform
from scipy.ndimage import maximum_filter

from ..arrays import BoolArray, Int64Array
from ..models.card import TRAINING_PIXELS_VERSION, TrainingPixels
from ..raster.grid import Grid, by_tile
from ..text import Text
from ..values import from_plain
from .draw import position_hash
from .samples import Samples

MAX_PIXELS = 50_000
"""Largest number of hashes in a record, which takes less than 200 kB. Of more pixels, it has the smallest.

A pixel outside the training is taken for one of its pixels in 1 of 86,000 cases at most.
"""
MAX_OVERLAP = 0.01
"""Fraction of the reference on training pixels from which on the figures are said to be too high."""
_HASHES = 2**32
# Any number, so that the smallest hashes are not the samples that training draws.
_SEED = 7_350_233
# Largest size of a record that is unpacked, in bytes.
_MAX_BYTES = 4 * MAX_PIXELS

Hashes = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class TrainingOverlap:
    """Reference units on training pixels of the model of a map.

    Attributes:
        map: User's name of the map.
        shared: Number of units on training pixels.
        checked: Number of units that could be checked; 0 where the training pixels are not known.
        is_drawn: Whether ‘Sampling design’ drew the units from the whole map. They meet training pixels in
            proportion to their area, so the figures are of the whole map and not too high.
    """

    map: str
    shared: int
    checked: int
    is_drawn: bool = False

    @property
    def is_large(self) -> bool:
        """Whether the figures of the map are too high because of the overlap."""
        return not self.is_drawn and self.checked > 0 and self.shared >= MAX_OVERLAP * self.checked

    def sentence(self, unit: str) -> Text:
        """Return a sentence on the overlap.

        Args:
            unit: Kind of the reference units, in the singular.
        """
        if not self.checked:
            return Text(
                "It is not known whether the reference overlaps the training samples of {map}: the map does "
                "not name them, because an earlier version or another program made it or changed it.",
                map=self.map,
            )
        values = {"shared": self.shared, "checked": self.checked, "unit": unit, "map": self.map}
        if self.is_drawn and self.shared:
            return Text(
                "{shared:,} of {checked:,} reference {unit}s lie on training pixels of {map}. They are part "
                "of the sample of the whole map, so the figures are not too high because of them.",
                **values,
            )
        if not self.is_large:
            return Text(
                "{shared:,} of {checked:,} reference {unit}s lie on training pixels of {map}.", **values
            )
        return Text(
            "{shared:,} of {checked:,} reference {unit}s lie on training pixels of {map}, so its figures are "
            "too high. Use a reference that is independent of the training samples, such as points of "
            "Sampling design.",
            **values,
        )


def record_pixels(grid: Grid, rows: Int64Array, columns: Int64Array) -> TrainingPixels:
    """Return the record of some pixels.

    Args:
        grid: Training grid.
        rows: Row of each pixel, int64, shape (N,).
        columns: Column of each pixel, int64, shape (N,).
    """
    return _packed(grid.crs, grid.transform, np.unique(_hashes(rows, columns)), _HASHES)


def united(records: Sequence[TrainingPixels | None]) -> TrainingPixels | None:
    """Return the record of the training pixels of several models.

    Args:
        records: Record of each model, at least one; None where it is not known.

    Returns:
        None where a record is not known, or where they are of different grids.
    """
    known = [(record, hashes) for record in records if record and (hashes := _unpacked(record)) is not None]
    if len(known) < len(records) or len({(item.crs, item.transform) for item, _ in known}) > 1:
        return None
    (first, _), limit = known[0], min(record.limit for record, _ in known)
    hashes = np.unique(np.concatenate([item for _, item in known]))
    return _packed(first.crs, first.transform, hashes[hashes < limit], limit)


def parse_records(text: str) -> tuple[TrainingPixels, ...]:
    """Return the records in JSON text, of each model that a map was made with.

    Args:
        text: Record as ``core.values.to_plain`` writes it, or a list of them; empty for none.

    Returns:
        Nothing where this version cannot read one of the records.
    """
    try:
        content = json.loads(text) if text else []
        items = content if isinstance(content, list) else [content]
        records = tuple(from_plain(TrainingPixels, item) for item in items)
    except (ValueError, TypeError):
        # Another program wrote an item of this name.
        return ()
    return records if all(record.version == TRAINING_PIXELS_VERSION for record in records) else ()


class TrainingMarks:
    """Look-up of pixels of a map among the training pixels of its models.

    Args:
        name: User's name of the map.
        records: Record of the training pixels of each model; empty where they are not known.
        grid: Grid of the map.
    """

    def __init__(self, name: str, records: Sequence[TrainingPixels], grid: Grid) -> None:
        self._name = name
        self._grid = grid
        unpacked = [(record, _unpacked(record)) for record in records]
        known = [(record, hashes) for record, hashes in unpacked if hashes is not None]
        # A part of the records would hide an overlap with the others.
        self._records = known if len(known) == len(unpacked) else []
        self._shared = self._checked = 0

    @property
    def overlap(self) -> TrainingOverlap:
        """Overlap of all pixels so far."""
        return TrainingOverlap(self._name, self._shared, self._checked)

    def add(self, rows: Int64Array, columns: Int64Array) -> None:
        """Look up pixels of the map.

        Args:
            rows: Row of each pixel in the map, int64, shape (N,).
            columns: Column of each pixel, int64, shape (N,).
        """
        if not self._records or not len(rows):
            return
        is_checked, is_shared = np.ones(len(rows), dtype=np.bool_), np.zeros(len(rows), dtype=np.bool_)
        for record, marked in self._records:
            places = _on_training_grid(rows, columns, self._grid, record, keep_all=True)
            hashes = _hashes(*places)
            # Pixels that do not lie on the earth have no place.
            is_checked &= (hashes < record.limit) & ~((places[0] == -1) & (places[1] == -1))
            is_shared |= np.isin(hashes, marked)
        self._checked += int(np.count_nonzero(is_checked))
        self._shared += int(np.count_nonzero(is_checked & is_shared))


def known_samples(record: TrainingPixels, grid: Grid, samples: Samples, distance: int) -> BoolArray:
    """Return whether a model was trained on samples, or on pixels beside them, bool, shape (N,).

    Pixels of one polygon are alike, so that all of them are known if one is. A record of many pixels is of a
    part of them. Samples that it cannot tell, and polygons of which no pixel is of that part, count as known.

    Args:
        record: Record of the training pixels; all samples count as known where it is damaged.
        grid: Grid of the samples.
        samples: Samples to look up.
        distance: Distance in rows and in columns, in pixels, from which on a pixel is not beside a sample.
    """
    hashes, known = _unpacked(record), np.zeros(len(samples), dtype=np.bool_)
    if hashes is None:
        return ~known
    rows, columns, reach = samples.rows, samples.columns, max(distance, 1) - 1
    for members in by_tile(rows, columns):
        top, left = int(rows[members].min()) - reach, int(columns[members].min()) - reach
        shape = int(rows[members].max()) + reach + 1 - top, int(columns[members].max()) + reach + 1 - left
        around = np.indices(shape).reshape(2, -1)
        places = _on_training_grid(around[0] + top, around[1] + left, grid, record, keep_all=True)
        near = maximum_filter(np.isin(_hashes(*places), hashes).reshape(shape), 2 * reach + 1)
        known[members] = near[rows[members] - top, columns[members] - left]
    places = _on_training_grid(rows, columns, grid, record, keep_all=True)
    is_told = _hashes(*places) < record.limit
    if not samples.has_areas:
        return known | ~is_told
    groups = samples.groups
    return np.isin(groups, groups[known]) | ~np.isin(groups, groups[is_told])


def overlap_of(
    name: str,
    records: Sequence[TrainingPixels],
    grid: Grid,
    rows: Int64Array,
    columns: Int64Array,
    is_drawn: bool = False,
) -> TrainingOverlap:
    """Return the overlap of reference pixels with the training pixels of a map's models.

    Args:
        name: User's name of the map.
        records: Record of the training pixels of each model; empty where they are not known.
        grid: Grid of the map.
        rows: Row of each reference pixel in the map, int64, shape (N,).
        columns: Column of each reference pixel, int64, shape (N,).
        is_drawn: Whether ‘Sampling design’ drew the reference pixels.
    """
    marks = TrainingMarks(name, records, grid)
    marks.add(rows, columns)
    return replace(marks.overlap, is_drawn=is_drawn)


def large_overlaps(overlaps: Sequence[TrainingOverlap], unit: str) -> tuple[Text, ...]:
    """Return a warning for each map whose figures are too high because of its overlap.

    Args:
        overlaps: Overlap of each map.
        unit: Kind of the reference units, in the singular.
    """
    return tuple(item.sentence(unit) for item in overlaps if item.is_large)


def _hashes(rows: Int64Array, columns: Int64Array) -> Hashes:
    """Return a hash of each pixel, uint32, shape (N,)."""
    return (position_hash(rows, columns, _SEED) * _HASHES).astype(np.uint32)


def _packed(
    crs: str, transform: tuple[float, float, float, float, float, float], hashes: Hashes, limit: int
) -> TrainingPixels:
    """Return the record of sorted hashes, which are all below a limit."""
    kept = hashes
    if len(hashes) > MAX_PIXELS:
        kept, limit = hashes[:MAX_PIXELS], int(hashes[MAX_PIXELS])
    differences = np.diff(kept, prepend=np.uint32(0)).astype("<u4")
    packed = base64.b64encode(zlib.compress(differences.tobytes(), 9)).decode("ascii")
    return TrainingPixels(crs, transform, len(hashes), limit, packed)


def _unpacked(record: TrainingPixels) -> Hashes | None:
    """Return the sorted hashes of a record; None where it is damaged."""
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(base64.b64decode(record.hashes, validate=True), _MAX_BYTES)
        differences = np.frombuffer(content, dtype="<u4")
    except (binascii.Error, zlib.error, ValueError):
        return None
    return np.cumsum(differences, dtype=np.uint32)


def _on_training_grid(
    rows: Int64Array, columns: Int64Array, grid: Grid, record: TrainingPixels, keep_all: bool = False
) -> tuple[Int64Array, Int64Array]:
    """Return row and column on the training grid of the centres of a map's pixels that lie on the earth.

    With ``keep_all``, those of other pixels are -1, so that all pixels have a place.
    """
    if grid.transform == record.transform and grid.crs == record.crs:
        return rows, columns
    centres = (rows.astype(np.float64) + 0.5, columns.astype(np.float64) + 0.5)
    x, y = grid.position(*centres)
    try:
        source, target = CRS.from_wkt(grid.crs), CRS.from_wkt(record.crs)
        if source != target:
            x, y = (np.asarray(values, dtype=np.float64) for values in transform(source, target, x, y))
    except CRSError:
        # Without a CRS, only the numbers can be compared.
        pass
    is_placed = np.isfinite(x) & np.isfinite(y)
    row, column = Grid(1, 1, record.transform, record.crs).place(x[is_placed], y[is_placed])
    placed = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
    if not keep_all:
        return placed
    whole: tuple[Int64Array, Int64Array] = np.full(rows.shape, -1), np.full(rows.shape, -1)
    for target, values in zip(whole, placed, strict=True):
        target[is_placed] = values
    return whole
