"""Source of a raster: the parts of a QGIS layer's source as plain values. Light: QGIS imports this module."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

_REMOTE = re.compile(
    r"""(^|/vsi\w+/|["':,{])(/vsi(curl|s3|gs|az|adls|oss|swift|webhdfs)(_streaming)?[/?]|(https?|s3|gs|az)://)"""
)


def is_remote(path: str) -> bool:
    """Whether reading the raster ``path`` asks a server, also where that is inside another name."""
    return _REMOTE.search(path) is not None


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

    @property
    def title(self) -> str:
        """What to call it where its place does not matter: the layer's name, else the file's."""
        # What follows the question mark of an address may be a secret, and titles are written into files.
        path = self.path.partition("?")[0] if is_remote(self.path) else self.path
        return self.name or PurePath(path).name

    def __str__(self) -> str:
        """Return the path: what messages point at."""
        return self.path
