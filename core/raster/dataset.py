"""Raster datasets: open a file with rasterio and check that it can be used.

Each reason why it cannot is an error of its own, also for files on servers.
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import rasterio.errors
from rasterio.transform import Affine
from rasterio.windows import Window

from ..errors import RasterError
from ..text import Text, untranslated
from .gdal import LISTING_OPTION, set_gdal_options
from .grid import Grid
from .source import QgisRaster, RasterSource, broke_off, cannot_reach, is_remote

# Largest difference of a pixel in two versions of GDAL: of whole numbers (lossy compression), of others.
_LOSSY_STEPS, _LOSSY_FRACTION = 2.0, 0.01
_ROUNDING = 1e-5
_NO_TRANSFORM = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def open_dataset(source: RasterSource) -> Any:
    """Return the open rasterio dataset.

    Raises:
        RasterError: The raster does not exist, cannot be opened, has no bands or complex numbers, its
            file is shorter than its header says, or QGIS reads something else in it (``in_qgis``).
    """
    set_gdal_options()
    try:
        with warnings.catch_warnings(), _without_listing_on_servers(source):
            # ``check_place`` reports a raster without georeferencing where it matters.
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            dataset = rasterio.open(source.path)
    except rasterio.errors.RasterioError as error:
        raise _cannot_open(source, error) from error
    try:
        _check_bands(dataset, source)
        _check_length(dataset, source)
        if source.in_qgis is not None:
            _check_equal(dataset, source, source.in_qgis)
    except BaseException:
        dataset.close()
        raise
    return dataset


def grid_of(dataset: Any) -> Grid:
    """Return the grid of an open rasterio dataset."""
    transform: Affine = dataset.transform
    a, b, c, d, e, f = (float(value) for value in tuple(transform)[:6])
    crs = dataset.crs.to_wkt() if dataset.crs else ""
    return Grid(dataset.width, dataset.height, (a, b, c, d, e, f), crs)


def check_place(dataset: Any, source: RasterSource) -> None:
    """Require a position on the earth.

    Raises:
        RasterError: The raster has no CRS, has ground control points only, or has no transform from
            pixels to its CRS.
    """
    grid = grid_of(dataset)
    # rasterio returns this transform where the file has none. No map begins at (0, 0) and runs south-up
    # in pixels of one unit.
    has_transform = grid.transform != _NO_TRANSFORM
    points, _ = dataset.gcps
    if points and not has_transform:
        raise RasterError(
            "The raster has ground control points only, and no transform from pixels to coordinates",
            where=str(source),
            advice="Georeference it first (gdalwarp, or Raster > Georeferencer) and run again.",
        )
    if not grid.crs:
        raise RasterError(
            "The raster has no coordinate reference system",
            where=str(source),
            advice="Assign one (Raster > Projections > Assign Projection) and run again.",
        )
    a, b, _, d, e, _ = grid.transform
    area = a * e - b * d
    if not has_transform or area == 0 or not math.isfinite(area):
        raise RasterError(
            "The raster has a coordinate reference system but no position in it",
            where=str(source),
            advice="Georeference it first (gdal_edit -a_ullr, or Raster > Georeferencer) and run again.",
        )


def cannot_read(source: RasterSource, error: Exception) -> RasterError:
    """Return the error for a raster that was opened and then could not be read."""
    if type(error.__cause__).__name__ in ("CPLE_OpenFailedError", "CPLE_HttpResponseError"):
        return RasterError(
            "A source file of the raster cannot be opened: {reason}",
            where=str(source),
            advice="Restore that file, or create the raster again.",
            reason=error.__cause__,
        )
    if is_remote(source.path):
        return broke_off(source)
    return RasterError(
        "The raster cannot be read: its file may be damaged or incomplete",
        where=str(source),
        advice="Download or copy the file again.",
    )


def _has_driver(name: str) -> bool:
    with rasterio.Env() as environment:
        return name in environment.drivers()


def _without_listing_on_servers(source: RasterSource) -> AbstractContextManager[object]:
    if not is_remote(source.path) or LISTING_OPTION in os.environ:
        return nullcontext()
    environment: AbstractContextManager[object] = rasterio.Env(**{LISTING_OPTION: "TRUE"})
    return environment


def _check_bands(dataset: Any, source: RasterSource) -> None:
    if dataset.count == 0:
        parts = ", ".join(dataset.subdatasets[:5])
        raise RasterError(
            "The raster has no bands",
            where=str(source),
            advice=(
                Text("Choose one of its subdatasets: {parts}.", parts=parts)
                if parts
                else "Choose another raster."
            ),
        )
    if any(name.startswith("complex") for name in dataset.dtypes):
        raise RasterError(
            "The raster holds complex numbers, which cannot be used for training or classification",
            where=str(source),
            advice="Compute amplitude or intensity, and phase if needed, and use these as bands.",
        )


def _check_length(dataset: Any, source: RasterSource) -> None:
    """Reject an ENVI file that is shorter than its header says.

    GDAL takes such a file for a sparse one and reads zeros beyond its end (``RawRasterBand::AccessBlock``
    in ``rawdataset.cpp``). All other drivers report an error.
    """
    if dataset.driver != "ENVI":
        return
    header = dataset.tags(ns="ENVI")
    data = Path(source.path)
    if header.get("file_compression", "0") != "0" or not data.is_file():
        return
    values = sum(np.dtype(name).itemsize for name in dataset.dtypes) * dataset.width * dataset.height
    if data.stat().st_size < int(header.get("header_offset", 0)) + values:
        raise RasterError(
            "The file of the raster is incomplete: it is shorter than its header says",
            where=str(source),
            advice="Download or copy the file again.",
        )


def _check_equal(dataset: Any, source: RasterSource, in_qgis: QgisRaster) -> None:
    """Reject a raster that QGIS reads differently: another format, size, data type or pixel.

    Raises:
        RasterError: The sentence gives both readings.
    """
    pairs: list[tuple[str, str]] = []
    if _family(dataset.driver) != _family(in_qgis.driver):
        pairs.append((Text("the format {driver}", driver=in_qgis.driver), untranslated(dataset.driver)))
    size = (dataset.width, dataset.height, dataset.count)
    if size != (in_qgis.width, in_qgis.height, len(in_qgis.dtypes)):
        pairs.append((_size(in_qgis.width, in_qgis.height, len(in_qgis.dtypes)), _size(*size)))
    elif tuple(dataset.dtypes) != in_qgis.dtypes:
        pairs.append((", ".join(in_qgis.dtypes), ", ".join(dataset.dtypes)))
    if not pairs:
        pairs = list(_other_pixels(dataset, in_qgis))
    if pairs:
        qgis, worker = pairs[0]
        raise RasterError(
            "QGIS and the worker read the raster differently, because each uses its own GDAL. In QGIS: "
            "{qgis}. In the worker: {worker}",
            where=str(source),
            advice="Convert it with QGIS (Raster > Conversion > Translate, or gdal_translate) to a GeoTIFF "
            "and use that.",
            qgis=qgis,
            worker=worker,
        )


def _family(driver: str) -> str:
    # JPEG 2000 has several drivers, which read the same pixels.
    return driver[:3].upper() if driver.upper().startswith("JP2") else driver


def _size(width: int, height: int, bands: int) -> str:
    form = "{width:,} x {height:,} pixels, {bands} bands"
    return Text(
        "{width:,} x {height:,} pixels, 1 band" if bands == 1 else form,
        width=width,
        height=height,
        bands=bands,
    )


def _other_pixels(dataset: Any, in_qgis: QgisRaster) -> Iterator[tuple[str, str]]:
    """Yield both readings of each pixel in which they differ."""
    for band, values in zip(in_qgis.bands, in_qgis.values, strict=True):
        for (row, column), value in zip(in_qgis.positions, values, strict=True):
            try:
                raw = float(dataset.read(band, window=Window(column, row, 1, 1))[0, 0])
            except rasterio.errors.RasterioError:
                # A damaged file has a sentence of its own where its pixels are needed.
                return
            if not _is_same(value, raw, np.issubdtype(np.dtype(dataset.dtypes[band - 1]), np.integer)):
                shown = Text("nodata") if value is None else untranslated(f"{value:g}")
                yield (
                    Text(
                        "{value} in band {band}, row {row}, column {column}",
                        value=shown,
                        band=band,
                        row=row,
                        column=column,
                    ),
                    untranslated(f"{raw:g}"),
                )


def _is_same(value: float | None, raw: float, is_integer: bool) -> bool:
    if value is None or not math.isfinite(raw):
        return value is None and not math.isfinite(raw)
    # Decoders of lossy compression round differently from version to version.
    tolerance = _LOSSY_STEPS + _LOSSY_FRACTION * abs(value) if is_integer else _ROUNDING * abs(value)
    return abs(value - raw) <= tolerance


def _cannot_open(source: RasterSource, error: Exception) -> RasterError:
    if source.in_qgis is not None and not _has_driver(source.in_qgis.driver):
        return RasterError(
            "The raster is of the format {driver}, which QGIS can read and the worker cannot",
            where=str(source),
            advice="Convert it to a GeoTIFF (Raster > Conversion > Translate, or gdal_translate INPUT "
            "OUTPUT.tif) and use that.",
            driver=source.in_qgis.driver,
        )
    if is_remote(source.path):
        return cannot_reach(source, str(error))
    if not source.path.startswith("/vsi") and ":" not in source.path[2:] and not Path(source.path).exists():
        return RasterError(
            "There is no such raster", where=str(source), advice="Check the path, or choose another raster."
        )
    return RasterError(
        "The raster cannot be opened: {reason}",
        where=str(source),
        advice="Choose a raster in a format that GDAL reads, for example GeoTIFF.",
        reason=str(error).rstrip("."),
    )


def all_files(dataset: rasterio.DatasetReader) -> tuple[str, ...]:
    """Return the files that make up a dataset, also those of virtual rasters within a virtual one.

    GDAL names the direct sources of a virtual raster only.

    Args:
        dataset: Open dataset.
    """
    found = dict.fromkeys(dataset.files)
    inner = [name for name in found if name != dataset.name and name.lower().endswith(".vrt")]
    while inner:
        try:
            with rasterio.open(inner.pop()) as source:
                new = [name for name in source.files if name not in found]
        except rasterio.errors.RasterioIOError:
            # The dataset itself cannot be read then, which is told where it is read.
            continue
        found |= dict.fromkeys(new)
        inner += [name for name in new if name.lower().endswith(".vrt")]
    return tuple(found)
