"""Raster source: the path, name and nodata value of a QGIS layer as plain values; and server errors.

Light: QGIS imports this module.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePath

from ..errors import RasterError

_REMOTE = re.compile(
    r"""(^|/vsi\w+/|["':,{])(/vsi(curl|s3|gs|az|adls|oss|swift|webhdfs)(_streaming)?[/?]|(https?|s3|gs|az)://)"""
)
# Form of GDAL 3.10, and of older versions.
_CODE = re.compile(r"http response code(?: on .*)?: (\d+)$")
_CHECK_CONNECTION = "Check the address and the connection, and try again later."
_NOT_FOUND_CODES = ("404", "410")
_DENIED_CODES = ("401", "403")
_DENIED_PHRASES = ("access denied", "aws_secret_access_key", "credentials")


def is_remote(path: str) -> bool:
    """Return whether a raster path, or one nested in a dataset name, is read from a server."""
    return _REMOTE.search(path) is not None


@dataclass(frozen=True)
class QgisRaster:
    """A raster as the GDAL of QGIS reads it, which the worker's GDAL must confirm.

    QGIS and the worker have a GDAL each. Another version may read a file differently (signed bytes in a
    virtual raster, for example), so that a map would be made of other values than those on the screen.

    Attributes:
        driver: Short name of the format's driver, such as ``GTiff``.
        width: Number of columns.
        height: Number of rows.
        dtypes: Data type of each band by its name in NumPy.
        bands: Numbers of the bands whose pixels were read, from 1.
        positions: Row and column of the pixels that were read, from 0.
        values: Stored value of each of these pixels, band by band; None where it is not finite.
    """

    driver: str
    width: int
    height: int
    dtypes: tuple[str, ...]
    bands: tuple[int, ...] = ()
    positions: tuple[tuple[int, int], ...] = ()
    values: tuple[tuple[float | None, ...], ...] = ()


@dataclass(frozen=True)
class RasterSource:
    """A raster that the worker's GDAL can open.

    Attributes:
        path: File path, ``/vsi…`` path or GDAL dataset name such as ``NETCDF:"a.nc":ndvi``.
        name: Name of the layer in QGIS, for messages; empty where there is none.
        nodata: Nodata value that the user set on the layer in QGIS, in addition to the file's own.
        in_qgis: Raster as QGIS reads it; None where QGIS has not. It does not identify the source.
        nodata_values: Further values that are nodata in all bands, by NODATA_VALUES.
    """

    path: str
    name: str = ""
    nodata: float | None = None
    in_qgis: QgisRaster | None = field(default=None, repr=False, compare=False)
    nodata_values: tuple[float, ...] = ()

    @property
    def title(self) -> str:
        """Name of the layer, else file name without folder."""
        # Titles are written into files, and the query of a URL may hold a secret.
        path = self.path.partition("?")[0] if is_remote(self.path) else self.path
        return self.name or PurePath(path).name

    def __str__(self) -> str:
        """Return the path, which messages give as the place of an error."""
        return self.path


def cannot_reach(source: RasterSource, reason: str) -> RasterError:
    """Return the error for a raster on a server that cannot be opened.

    Args:
        source: Source of the raster.
        reason: Error message of GDAL.
    """
    reason = reason.strip().rstrip(".")
    lower = reason.lower()
    answer = _CODE.search(lower)
    code = answer[1] if answer else ""
    if code in _NOT_FOUND_CODES or "does not exist in the file system" in lower:
        return RasterError(
            "There is no such raster on the server", where=str(source), advice="Check the address."
        )
    if code in _DENIED_CODES or any(words in lower for words in _DENIED_PHRASES):
        return RasterError(
            "The server denies access to the raster: {reason}",
            where=str(source),
            advice="Check the address, and the credentials in the environment variables that GDAL knows, "
            "such as AWS_ACCESS_KEY_ID or GDAL_HTTP_USERPWD.",
            reason=reason,
        )
    if code == "0" or "timed out" in lower or "too slow" in lower:
        return RasterError(
            "The server of the raster does not answer",
            where=str(source),
            advice=_CHECK_CONNECTION,
        )
    if code or lower.startswith("curl error"):
        return RasterError(
            "The server of the raster reports an error: {reason}",
            where=str(source),
            advice=_CHECK_CONNECTION,
            reason=reason,
        )
    return RasterError(
        "The raster cannot be opened: {reason}",
        where=str(source),
        advice="Check the address. It must lead to a raster in a format that GDAL reads.",
        reason=reason,
    )


def broke_off(source: RasterSource) -> RasterError:
    """Return the error for a raster on a server that was opened and then could not be read."""
    return RasterError(
        "The raster could not be read completely: its server stopped responding, or its file is damaged",
        where=str(source),
        advice="Check the connection and run again, or copy the raster to this computer and use that.",
    )
