"""Which raster: what QGIS knows of a layer's source, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RasterSource:
    """A raster that the worker's GDAL can open.

    Attributes:
        path: File, ``/vsi…`` path or GDAL dataset name such as ``NETCDF:"a.nc":ndvi``.
        name: What the user calls it (the layer's name), for messages.
        nodata: The nodata value that the user set on the layer in QGIS, in addition to the file's own.
    """

    path: str
    name: str = ""
    nodata: float | None = None

    def __str__(self) -> str:
        """Return the path: what messages point at."""
        return self.path
