"""Hand-over of a dataset to the worker: the name in the form of its driver, and what QGIS reads in it.

The worker has a working folder and a GDAL of its own. So names go over with whole paths, and with a few
pixels that its GDAL must read alike (``core.raster.dataset``).
"""

from __future__ import annotations

import math
import os
import re
import struct
from pathlib import Path, PurePath

from osgeo import gdal
from qgis.core import QgsProviderRegistry

from ...core.raster.source import QgisRaster, is_remote
from ...core.text import untranslated
from ..parameters.outputs import absolute

# For example NETCDF:"a.nc":ndvi or SENTINEL2_L2A:MTD_MSIL2A.xml:60m:EPSG_32632. One letter is a drive.
_DATASET_NAME = re.compile(r"[A-Za-z0-9_]{2,}:.+", re.DOTALL)
_BORDER = re.compile(r'[":,]')
_ARCHIVE = re.compile(r"((?:/vsi(?:zip|tar|gzip|7z|rar)/)+)(?=[^/{])(.+)", re.DOTALL)
# Drivers whose names are written in quotes, in which a path may hold colons and blanks.
_QUOTING = ("NETCDF", "HDF5", "HDF4_SDS", "HDF4_EOS", "ZARR")
# Data types of GDAL whose names in NumPy differ in more than capitals. rasterio's GDAL widens half floats.
_DTYPES = {
    "Byte": "uint8",
    "Float16": "float32",
    "CInt16": "complex_int16",
    "CInt32": "complex_int32",
    "CFloat32": "complex64",
    "CFloat64": "complex128",
}
# Places that are compared, as fractions of height and width.
_FRACTIONS = (
    (1 / 2, 1 / 2),
    *((row, column) for row in (1 / 6, 5 / 6) for column in (1 / 6, 5 / 6)),
    *((1 / 2, 1 / 6), (1 / 2, 5 / 6), (1 / 6, 1 / 2), (5 / 6, 1 / 2)),
)
_MAX_DECODED_PIXELS = 64_000_000
_MAX_BANDS = 4


def whole_name(name: str) -> str:
    """Return a dataset name with whole paths, in the form that its driver reads.

    Files are looked for within the name: between its colons, commas and quotes, and behind ``/vsizip/``. What
    else stands there is kept, also whether the path is quoted: Sentinel-2's driver reads no quotes.

    Args:
        name: Path of a file or folder, ``/vsi…`` path or dataset name, relative to this process.
    """
    if os.path.exists(name):
        return absolute(name)
    archive = _ARCHIVE.fullmatch(name)
    if archive:
        return archive[1] + _inside_archive(archive[2])
    if not _DATASET_NAME.fullmatch(name):
        return name
    borders = [-1, *(match.start() for match in _BORDER.finditer(name)), len(name)]
    for length in range(len(borders) - 1, 0, -1):
        for first in range(len(borders) - length):
            start, stop = borders[first] + 1, borders[first + length]
            if start < stop and os.path.exists(name[start:stop]):
                return _with_path(name[:start], absolute(name[start:stop]), name[stop:])
    return name


def qgis_raster(name: str) -> QgisRaster | None:
    """Return what the GDAL of QGIS reads in a dataset; None where it does not open it.

    Few pixels are read: none where a block is so large that one pixel takes long, one from a server.

    Args:
        name: Name of the dataset, as the worker will open it.
    """
    dataset = _opened(name)
    return None if dataset is None else _seen(dataset, is_remote(name))


def parts_of(name: str) -> list[str]:
    """Return the names of the rasters in a container of several; empty where it is none.

    Args:
        name: Name of the container: a file, an archive or a dataset name.
    """
    listed = [item.uri() for item in QgsProviderRegistry.instance().querySublayers(name)]
    # netCDF lists the file itself among its parts.
    return [uri for uri in listed if not uri.rstrip('"').endswith(name)]


def product_parts(name: str) -> list[str]:
    """Return the names of the rasters in an unpacked Sentinel-2 product; empty where it is none.

    GDAL is asked, and not QGIS, which opens all parts and may crash over one whose images are missing.

    Args:
        name: Folder of the product, or its metadata file ``MTD_MSI….xml``.
    """
    files = sorted(Path(name).glob("MTD_MSI*.xml")) if os.path.isdir(name) else [Path(name)]
    if not files or not files[0].name.startswith("MTD_MSI") or not files[0].is_file():
        return []
    dataset = _opened(str(files[0]))
    return [] if dataset is None else [part for part, _title in dataset.GetSubDatasets()]


def _opened(name: str) -> gdal.Dataset | None:
    """Return the open dataset without messages of GDAL; None where it cannot be opened."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        return gdal.Open(name)
    except RuntimeError:
        # Where another plugin has called gdal.UseExceptions().
        return None
    finally:
        gdal.PopErrorHandler()


def _with_path(head: str, path: str, tail: str) -> str:
    is_quoted = head.endswith('"')
    quote = '"' if not is_quoted and head.upper().startswith(_QUOTING) else ""
    return f"{head}{quote}{path}{quote}{tail}"


def _inside_archive(path: str) -> str:
    """Return the path of an archive and of a file in it, with the whole path of the archive."""
    for folder in (path, *map(str, PurePath(path).parents)):
        if os.path.isfile(folder):
            return absolute(folder) + path[len(folder) :]
    return path


def _seen(dataset: gdal.Dataset, is_on_server: bool) -> QgisRaster:
    count = dataset.RasterCount
    bands = [dataset.GetRasterBand(number) for number in range(1, count + 1)]
    dtypes = tuple(map(_dtype, bands))
    chosen = tuple(sorted({*range(1, min(count, _MAX_BANDS) + 1), *((count,) if count else ())}))
    places = _places(dataset, len(chosen), is_on_server)
    if any(dtypes[number - 1].startswith("complex") for number in chosen):
        places = ()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        values = tuple(
            tuple(_value(bands[number - 1], dtypes[number - 1], *place) for place in places)
            for number in chosen
        )
    except (RuntimeError, TypeError):
        # Damaged pixels, for which the worker has the sentence.
        places, values = (), tuple(() for _number in chosen)
    finally:
        gdal.PopErrorHandler()
    width, height = dataset.RasterXSize, dataset.RasterYSize
    return QgisRaster(dataset.GetDriver().ShortName, width, height, dtypes, chosen, places, values)


def _dtype(band: gdal.Band) -> str:
    name = gdal.GetDataTypeName(band.DataType)
    # Before GDAL 3.7 there was no type for them.
    if name == "Byte" and band.GetMetadataItem("PIXELTYPE", "IMAGE_STRUCTURE") == "SIGNEDBYTE":
        return untranslated("int8")
    return _DTYPES.get(name, name.lower())


def _places(dataset: gdal.Dataset, bands: int, is_on_server: bool) -> tuple[tuple[int, int], ...]:
    if not bands:
        return ()
    width, height = dataset.GetRasterBand(1).GetBlockSize()
    count = 1 if is_on_server else _MAX_DECODED_PIXELS // max(width * height * bands, 1)
    rows, columns = dataset.RasterYSize, dataset.RasterXSize
    places = [(int(row * rows), int(column * columns)) for row, column in _FRACTIONS[:count]]
    return tuple(dict.fromkeys(places))


def _value(band: gdal.Band, dtype: str, row: int, column: int) -> float | None:
    (value,) = struct.unpack("d", band.ReadRaster(column, row, 1, 1, buf_type=gdal.GDT_Float64))
    if not math.isfinite(value):
        return None
    return value - 256 if dtype == "int8" and value > 127 else value
