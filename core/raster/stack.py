"""Band stack: bands of one or several rasters on one grid, mirrored at its edges."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rasterio.crs import CRS

from ..arrays import Float32Array
from ..errors import BandMismatchError
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

# Pixels that are read for a look at a raster without overviews.
_MOST_COARSE = 200_000_000


class Layer(Protocol):
    """A raster of a stack: on the stack's own grid, or brought onto it."""

    source: RasterSource
    grid: Grid
    band_names: tuple[str, ...]
    nodata: float | None
    block_size: tuple[int, int]
    notes: tuple[str, ...]

    def read(self, window: Tile, positions: Sequence[int]) -> Float32Array:
        """Return values of the bands at ``positions``, NaN where invalid."""

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the raster is made of."""

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
) -> BandStack:
    """Open INPUT and EXTRA_INPUTS as one stack, and log what there is to say about them.

    Raises:
        RasterError: See ``open_stack``; or the first raster's place is unknown.
        OutputError: ``output``, which is about to be written, is read from.
        ParameterError: ``resampling``, ``band_names`` or ``bands`` cannot be understood.
    """
    with ExitStack() as opened:
        stack = opened.enter_context(
            open_stack(
                source, extra_inputs=extra_inputs, resampling=resampling, band_names=band_names, bands=bands
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
) -> BandStack:
    """Open a raster for reading, with the bands of other rasters behind its own.

    Args:
        source: What to open; it defines the grid.
        onto: Read it on this grid instead, by nearest neighbour, wherever its own pixels lie; for
            mask rasters. Pixels of the grid that the raster does not cover are NaN.
        extra_inputs: Rasters that are brought onto the grid while they are read. Where one does not
            cover the grid, its bands are NaN.
        resampling: How; see ``parse_resampling``. A raster on the very same grid needs none.
        band_names: The user's names for the bands, see ``renamed_bands``.
        bands: Which bands the stack has, and in which order, see ``chosen_bands``.

    Raises:
        RasterError: A raster does not exist, cannot be opened, has no bands, lies outside the grid, or
            where the grid cannot be reached from because one of the two has no CRS.
        ParameterError: ``resampling``, ``band_names`` or ``bands`` cannot be understood.
    """
    chosen = parse_resampling(resampling, len(extra_inputs))
    with ExitStack() as opened:

        def on_grid(other: RasterSource, grid: Grid, how: str) -> Layer:
            file = open_band_file(other)
            opened.callback(file.close)
            return file if _lies_on(file.grid, grid) else AlignedFile(file, grid, how)

        if onto is not None:
            first = on_grid(source, onto, "nearest")
        else:
            first = file = open_band_file(source)
            opened.callback(file.close)
            if extra_inputs:
                file.require_crs()
        extras = [on_grid(extra, first.grid, how) for extra, how in zip(extra_inputs, chosen, strict=True)]
        stack = BandStack([first, *extras], band_names, bands)
        opened.pop_all()
    return stack


class BandStack:
    """An open stack of bands; a context manager. Not for use by two threads at once.

    Attributes:
        source: Where its first raster comes from.
        grid: The grid of the first raster, which all bands are read on.
        all_bands: The names of all bands of the rasters. A name that comes again, also in another
            raster, gets a number by its position: ``B2``, ``B2 (2)``; so the same rasters in the
            same order have the same names. The user's names are over these.
        own_bands: How many of these are the first raster's.
        band_names: The bands that were chosen, in their order: those that are read.
        nodata: The nodata value of the first raster, for the reader.
        block_size: Rows and columns of the first raster's blocks.
        notes: What the user should know about how the rasters were understood, whole sentences.
        alignments: How each raster on another grid is brought onto this one, whole sentences.
    """

    def __init__(self, layers: Sequence[Layer], band_names: str = "", bands: str = "") -> None:
        """Name the bands and choose among them; see ``renamed_bands`` and ``chosen_bands``.

        Raises:
            ParameterError: ``band_names`` or ``bands`` cannot be understood.
        """
        self._layers = tuple(layers)
        first = self._layers[0]
        self.source, self.grid, self.nodata = first.source, first.grid, first.nodata
        self.block_size = first.block_size
        self.own_bands = len(first.band_names)
        self.all_bands = renamed_bands(band_names, joined_names([layer.band_names for layer in self._layers]))
        self.band_names = chosen_bands(bands, self.all_bands)
        origins = [
            (layer, position)
            for layer, item in enumerate(self._layers)
            for position in range(len(item.band_names))
        ]
        # Which layer a band comes from, and its position there.
        self._origins = [origins[self.all_bands.index(name)] for name in self.band_names]
        self.notes = tuple(note for layer in self._layers for note in layer.notes)
        self.alignments = tuple(
            Text(
                "{raster} is brought onto the grid of {first} ({resampling}).",
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
        """Refuse a stack whose place on the earth is unknown.

        Raises:
            RasterError: Its first raster has no CRS, is placed by ground control points only, or not
                at all.
        """
        first = self._layers[0]
        if isinstance(first, BandFile):
            first.require_crs()

    def roles(self, band_roles: str) -> dict[str, str]:
        """Return role to band name for the chosen bands.

        They are guessed from all bands, because a few of them may look like another sensor's.

        Args:
            band_roles: The user's ``role=band`` pairs, see ``parse_roles``.

        Raises:
            ParameterError: They cannot be understood.
        """
        return roles_within(parse_roles(band_roles, self.all_bands, self.own_bands), self.band_names)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the rasters are made of, each once."""
        return tuple(dict.fromkeys(file for layer in self._layers for file in layer.files))

    def reads_from(self, path: Path) -> bool:
        """Whether ``path`` is one of the files that the rasters are made of, such as the source of a VRT."""
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

        The ranges may reach outside the raster, where it is mirrored without repeating the edge,
        as often as needed. Only the pixels that are needed are read.

        Args:
            row_start: First row.
            row_stop: First row that is not read; columns alike.
            column_start: First column.
            column_stop: First column that is not read.
            bands: Names, in the order wanted; None is all.

        Raises:
            RasterError: A file cannot be read there; it is damaged.
            BandMismatchError: There is no band of such a name.
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
        """Return a look at own bands, ``shape`` rows and columns: nearest pixels, NaN where invalid.

        None where that would take long: a large raster without overviews, or one that must be warped.
        """
        first = self._layers[0]
        if not isinstance(first, BandFile) or (window.pixels > _MOST_COARSE and not first.has_overviews):
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


def mirrored(start: int, stop: int, size: int) -> NDArray[np.int64]:
    """Return the positions inside ``0 … size - 1`` that stand for ``start … stop - 1``.

    A triangular wave: 0 1 2 3 2 1 0 1 … for size 4, the same as numpy's ``reflect`` padding.
    """
    period = max(2 * (size - 1), 1)
    phase = np.arange(start, stop) % period
    return np.minimum(phase, period - phase) if size > 1 else np.zeros_like(phase)


def _lies_on(grid: Grid, onto: Grid) -> bool:
    same_crs = not grid.crs or not onto.crs or CRS.from_wkt(grid.crs) == CRS.from_wkt(onto.crs)
    return same_crs and grid.has_pixels_of(onto)
