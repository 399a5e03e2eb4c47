"""Band stack: bands of one or several rasters on one grid, mirrored at its edges.

>>> with open_stack(RasterSource("scene.tif"), extra_inputs=[RasterSource("dem.tif")]) as stack:
...     stack.band_names                                           # ("B2", "B3", "B4", "Band 1")
...     stack.read(-1, 256, -1, 256, bands=["B4", "Band 1"])       # float32 (2, 257, 257)
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Protocol

import numpy as np
from rasterio.crs import CRS

from ..arrays import Float32Array, Int64Array
from ..errors import BandMismatchError, ParameterError
from ..files import overwrites_input
from ..options import parse_resampling
from ..progress import Progress
from ..text import Text
from .band_file import BandFile, open_band_file
from .bands import chosen_bands, joined_names, renamed_bands
from .grid import Grid, Tile
from .roles import parse_roles, roles_within
from .source import RasterSource
from .warp import AlignedFile

# Largest window that is reduced without overviews.
_MAX_COARSE_PIXELS = 200_000_000


class Layer(Protocol):
    """Raster of a stack, on the stack's grid or warped to it.

    Attributes:
        source: Source of the raster.
        grid: Grid that it is read on.
        band_names: Name of each band.
        nodata: Nodata value, for information; None without one.
        block_size: Rows and columns of the file's blocks, in pixels.
        notes: Sentences for the user on how the file was interpreted.
    """

    source: RasterSource
    grid: Grid
    band_names: tuple[str, ...]
    nodata: float | None
    block_size: tuple[int, int]
    notes: tuple[str, ...]

    def read(self, window: Tile, positions: Sequence[int]) -> Float32Array:
        """Return values of shape (bands, rows, columns); NaN where invalid.

        Args:
            window: Pixels of the grid to read.
            positions: Positions of the bands in ``band_names``, from 0, in output order.
        """

    @property
    def files(self) -> tuple[str, ...]:
        """Paths of the files that make up the raster."""

    def close(self) -> None:
        """Close the file."""


def open_inputs(
    source: RasterSource,
    extra_inputs: Sequence[RasterSource],
    resampling: str,
    output: Path,
    progress: Progress,
    *,
    band_names: str = "",
    bands: str = "",
    band_roles: str = "",
    nodata_values: Sequence[float] = (),
) -> BandStack:
    """Open INPUT and EXTRA_INPUTS as one stack, and log notes on how they are read.

    Args:
        source: Source of the first raster, which defines the grid.
        extra_inputs: Sources of further rasters.
        resampling: Resampling method of each further raster, see ``parse_resampling``.
        output: Path of the file that the run will write.
        progress: Progress reporter.
        band_names: New names for the bands, see ``renamed_bands``.
        bands: Selected bands, see ``chosen_bands``.
        band_roles: Roles that the user gives to bands, see ``parse_roles``.
        nodata_values: Values that are nodata in all rasters, in addition to those of the files.

    Raises:
        RasterError: A raster cannot be opened or warped to the grid (``open_stack``), or the first
            one has no position on the earth.
        OutputError: The stack reads from ``output``.
        ParameterError: ``resampling``, ``band_names``, ``bands`` or ``band_roles`` is malformed.
    """
    unused = tuple(nodata_values)
    source = replace(source, nodata_values=unused)
    extra_inputs = [replace(item, nodata_values=unused) for item in extra_inputs]
    with ExitStack() as opened:
        stack = opened.enter_context(
            open_stack(
                source,
                extra_inputs=extra_inputs,
                resampling=resampling,
                band_names=band_names,
                bands=bands,
                band_roles=band_roles,
            )
        )
        stack.require_crs()
        if stack.reads_from(output):
            raise overwrites_input(output)
        opened.pop_all()
    for note in stack.notes:
        progress.log(note, "warning")
    for sentence in stack.alignments:
        progress.log(sentence)
    return stack


def open_stack(
    source: RasterSource,
    onto: Grid | None = None,
    extra_inputs: Sequence[RasterSource] = (),
    resampling: str = "auto",
    band_names: str = "",
    bands: str = "",
    band_roles: str = "",
) -> BandStack:
    """Open a raster for reading, followed by the bands of further rasters.

    The user's names win over a mark in the file: where ``band_names``, ``bands`` or ``band_roles`` fit only
    with the bands that are marked as alpha, these are measurements.

    Args:
        source: Source of the first raster, which defines the grid.
        onto: Grid to read the first raster on instead, by nearest neighbour; for mask rasters. Pixels
            that the raster does not cover are NaN.
        extra_inputs: Sources of rasters that are warped to the grid while they are read. Pixels that
            they do not cover are NaN.
        resampling: Resampling method of each further raster, see ``parse_resampling``. A raster on
            the same grid is not resampled.
        band_names: New names for the bands, see ``renamed_bands``.
        bands: Selected bands in their order, see ``chosen_bands``.
        band_roles: Roles that the user gives to bands, see ``parse_roles``.

    Raises:
        RasterError: A raster does not exist, cannot be opened, has no bands, lies outside the grid, or
            cannot be warped to it because one of the two has no CRS.
        ParameterError: ``resampling``, ``band_names``, ``bands`` or ``band_roles`` is malformed.
    """
    methods = parse_resampling(resampling, len(extra_inputs))

    def opened(alpha_is_data: bool) -> BandStack:
        return _opened(source, onto, extra_inputs, methods, band_names, bands, band_roles, alpha_is_data)

    try:
        return opened(False)
    except _AlphaError as error:
        try:
            return opened(True)
        except ParameterError:
            raise error.reason from None


class _AlphaError(Exception):
    """Names that do not fit the bands of rasters of which some are marked as alpha."""

    def __init__(self, reason: ParameterError) -> None:
        self.reason = reason
        super().__init__(str(reason))


def _opened(
    source: RasterSource,
    onto: Grid | None,
    extra_inputs: Sequence[RasterSource],
    methods: Sequence[str],
    band_names: str,
    bands: str,
    band_roles: str,
    alpha_is_data: bool,
) -> BandStack:
    files: list[BandFile] = []
    with ExitStack() as opened:

        def band_file(other: RasterSource) -> BandFile:
            file = open_band_file(other, alpha_is_data)
            opened.callback(file.close)
            files.append(file)
            return file

        def on_grid(other: RasterSource, grid: Grid, how: str) -> Layer:
            file = band_file(other)
            return file if _lies_on(file.grid, grid) else AlignedFile(file, grid, how)

        if onto is not None:
            first = on_grid(source, onto, "nearest")
        else:
            first = file = band_file(source)
            if extra_inputs:
                file.require_crs()
        extras = [on_grid(extra, first.grid, how) for extra, how in zip(extra_inputs, methods, strict=True)]
        try:
            stack = BandStack([first, *extras], band_names, bands)
            stack.roles(band_roles)
        except ParameterError as error:
            if any(file.has_alpha for file in files):
                raise _AlphaError(error) from error
            raise
        opened.pop_all()
    return stack


class BandStack:
    """Open stack of bands and context manager. Not safe for use by two threads at once.

    Attributes:
        source: Source of the first raster.
        grid: Grid of the first raster, on which all bands are read.
        all_bands: Names of all bands after the user's renaming. A repeated name gets a number
            (``B2``, ``B2 (2)``), so that the same rasters in the same order have the same names.
        own_bands: Number of bands of the first raster.
        band_names: Names of the selected bands in their order: those that are read.
        nodata: Nodata value of the first raster, for information; None without one.
        block_size: Rows and columns of the first raster's blocks, in pixels.
        notes: Sentences for the user on how the rasters were interpreted.
        alignments: Sentences for the user on each raster that is warped to the grid.
        names_extras: Whether each band of the further rasters has a name of its own in its file.
    """

    def __init__(self, layers: Sequence[Layer], band_names: str = "", bands: str = "") -> None:
        """Rename and select bands.

        Args:
            layers: Open rasters on one grid.
            band_names: New names for the bands, see ``renamed_bands``.
            bands: Selected bands in their order, see ``chosen_bands``.

        Raises:
            ParameterError: ``band_names`` or ``bands`` is malformed.
        """
        self._layers = tuple(layers)
        first = self._layers[0]
        self.source, self.grid, self.nodata = first.source, first.grid, first.nodata
        self.block_size = first.block_size
        self.own_bands = len(first.band_names)
        self.all_bands = renamed_bands(band_names, joined_names([layer.band_names for layer in self._layers]))
        self.band_names = chosen_bands(bands, self.all_bands)
        written = [name.casefold() for layer in self._layers for name in layer.band_names]
        self.names_extras = not band_names and all(
            written.count(name) == 1 for name in written[self.own_bands :]
        )
        origins = [
            (layer, position)
            for layer, item in enumerate(self._layers)
            for position in range(len(item.band_names))
        ]
        # Number of the layer that each band comes from, and the band's position in it.
        self._origins = [origins[self.all_bands.index(name)] for name in self.band_names]
        self.notes = tuple(note for layer in self._layers for note in layer.notes)
        self.alignments = tuple(
            Text(
                "{raster} is resampled to the grid of {first} ({resampling}).",
                raster=layer.source,
                first=first.source,
                resampling=layer.resampling,
            )
            for layer in self._layers[1:]
            if isinstance(layer, AlignedFile)
        )

    def __enter__(self) -> BandStack:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        for layer in self._layers:
            layer.close()

    def require_crs(self) -> None:
        """Require a position on the earth.

        Raises:
            RasterError: The first raster has no CRS, has ground control points only, or no position
                at all.
        """
        first = self._layers[0]
        if isinstance(first, BandFile):
            first.require_crs()

    @property
    def items(self) -> dict[str, str]:
        """Metadata items of the first raster by name."""
        first = self._layers[0]
        return first.items if isinstance(first, BandFile) else {}

    def roles(self, band_roles: str) -> dict[str, str]:
        """Return the band name of each role, for the selected bands.

        Roles are guessed from all bands, because a selection may look like the bands of another sensor.

        Args:
            band_roles: ``role=band`` pairs that override the guess, see ``parse_roles``.

        Raises:
            ParameterError: ``band_roles`` is malformed.
        """
        return roles_within(parse_roles(band_roles, self.all_bands, self.own_bands), self.band_names)

    def bands_by_raster(self, bands: Sequence[str]) -> list[tuple[str, list[str]]]:
        """Return the title of each raster with the names of its bands among ``bands``, without empty ones."""
        positions = self._positions(bands)
        groups = [
            [self.band_names[position] for position in positions if self._origins[position][0] == number]
            for number in range(len(self._layers))
        ]
        return [
            (layer.source.title, names) for layer, names in zip(self._layers, groups, strict=True) if names
        ]

    @property
    def files(self) -> tuple[str, ...]:
        """Paths of the files that make up the rasters, each once."""
        return tuple(dict.fromkeys(file for layer in self._layers for file in layer.files))

    def reads_from(self, path: Path) -> bool:
        """Return whether a path is one of the files that make up the rasters, such as the source of a VRT."""
        return path.exists() and any(Path(file).exists() and path.samefile(file) for file in self.files)

    def read(
        self,
        row_start: int,
        row_stop: int,
        column_start: int,
        column_stop: int,
        bands: Sequence[str] | None = None,
    ) -> Float32Array:
        """Return values of shape (bands, rows, columns); NaN where invalid.

        The ranges may reach outside the raster. There it is mirrored without repeating the edge pixel,
        as often as needed. Only the pixels that are needed are read.

        Args:
            row_start: First row to read; may be negative.
            row_stop: Row after the last row to read.
            column_start: First column to read; may be negative.
            column_stop: Column after the last column to read.
            bands: Names of the bands in output order; None reads all selected bands.

        Raises:
            RasterError: A file is damaged at these pixels.
            BandMismatchError: The stack has no band of such a name.
        """
        rows = mirrored(row_start, row_stop, self.grid.height)
        columns = mirrored(column_start, column_stop, self.grid.width)
        first_row, first_column = int(rows.min()), int(columns.min())
        window = Tile(
            first_row, first_column, int(rows.max()) - first_row + 1, int(columns.max()) - first_column + 1
        )
        values = self._read_window(window, self._positions(bands))
        is_inside = min(row_start, column_start) >= 0
        if is_inside and row_stop <= self.grid.height and column_stop <= self.grid.width:
            return values
        return values[:, (rows - first_row)[:, None], (columns - first_column)[None, :]]

    def read_coarsely(
        self, window: Tile, shape: tuple[int, int], bands: Sequence[str]
    ) -> Float32Array | None:
        """Return bands of the first raster reduced to ``shape`` by nearest neighbour.

        Args:
            window: Pixels to read, inside the raster.
            shape: Rows and columns of the result.
            bands: Names of bands of the first raster, in output order.

        Returns:
            Values of shape (bands, *shape), NaN where invalid; None where reading would take long
            (more than 200 million pixels without overviews, or a raster that is warped).
        """
        first = self._layers[0]
        if not isinstance(first, BandFile) or (
            window.pixels > _MAX_COARSE_PIXELS and not first.has_overviews
        ):
            return None
        return first.read_coarsely(window, self._positions(bands), shape)

    def _positions(self, bands: Sequence[str] | None) -> list[int]:
        if bands is None:
            return list(range(len(self.band_names)))
        missing = [name for name in bands if name not in self.band_names]
        if missing:
            raise BandMismatchError(
                "The raster has no band {band!r}",
                where=str(self.source),
                advice="It has: {bands}.",
                band=missing[0],
                bands=", ".join(self.band_names),
            )
        return [self.band_names.index(name) for name in bands]

    def _read_window(self, window: Tile, positions: Sequence[int]) -> Float32Array:
        values = np.empty((len(positions), window.height, window.width), dtype=np.float32)
        for number, layer in enumerate(self._layers):
            wanted = [
                order for order, position in enumerate(positions) if self._origins[position][0] == number
            ]
            if wanted:
                values[wanted] = layer.read(window, [self._origins[positions[order]][1] for order in wanted])
        return values


def mirrored(start: int, stop: int, size: int) -> Int64Array:
    """Return the position in ``0 … size - 1`` that each of ``start … stop - 1`` is mirrored to.

    A triangular wave (0 1 2 3 2 1 0 1 … for size 4), as in ``numpy.pad`` with mode ``reflect``.

    Args:
        start: First position; may be negative.
        stop: Position after the last one.
        size: Number of positions that exist.
    """
    period = max(2 * (size - 1), 1)
    phase = np.arange(start, stop) % period
    return np.minimum(phase, period - phase) if size > 1 else np.zeros_like(phase)


def _lies_on(grid: Grid, onto: Grid) -> bool:
    same_crs = not grid.crs or not onto.crs or CRS.from_wkt(grid.crs) == CRS.from_wkt(onto.crs)
    return same_crs and grid.has_pixels_of(onto)
