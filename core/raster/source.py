"""Source of a raster: the parts of a QGIS layer's source as plain values, and errors of servers.

Light: QGIS imports this module.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from ..errors import RasterError

_REMOTE = re.compile(
    r"""(^|/vsi\w+/|["':,{])(/vsi(curl|s3|gs|az|adls|oss|swift|webhdfs)(_streaming)?[/?]|(https?|s3|gs|az)://)"""
)
# As GDAL 3.10 and as older ones write it.
_CODE = re.compile(r"http response code(?: on .*)?: (\d+)$")
_CHECK_CONNECTION = "Check the address and the connection, and try again later."
_MISSING = ("404", "410")
_REFUSED = ("401", "403")
_CREDENTIALS = ("access denied", "aws_secret_access_key", "credentials")


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


def cannot_reach(source: RasterSource, said: str) -> RasterError:
    """Return what to tell of a raster on a server that cannot be opened.

    Args:
        source: The raster.
        said: What GDAL said.
    """
    said = said.strip().rstrip(".")
    lower = said.lower()
    answer = _CODE.search(lower)
    code = answer[1] if answer else ""
    if code in _MISSING or "does not exist in the file system" in lower:
        return RasterError(
            "There is no such raster on the server", where=str(source), advice="Check the address."
        )
    if code in _REFUSED or any(words in lower for words in _CREDENTIALS):
        return RasterError(
            "The server does not let the raster be read: {reason}",
            where=str(source),
            advice="Check the address, and the credentials in the environment variables that GDAL knows, "
            "such as AWS_ACCESS_KEY_ID or GDAL_HTTP_USERPWD.",
            reason=said,
        )
    if code == "0" or "timed out" in lower or "too slow" in lower:
        return RasterError(
            "The raster's server does not answer",
            where=str(source),
            advice=_CHECK_CONNECTION,
        )
    if code or lower.startswith("curl error"):
        return RasterError(
            "The raster's server cannot be used: {reason}",
            where=str(source),
            advice=_CHECK_CONNECTION,
            reason=said,
        )
    return RasterError(
        "The raster cannot be opened: {reason}",
        where=str(source),
        advice="Check the address, and that it leads to a raster in a format that GDAL reads.",
        reason=said,
    )


def broke_off(source: RasterSource) -> RasterError:
    """Return what to tell of a raster on a server that was opened and then failed."""
    return RasterError(
        "The raster could not be read to its end: its server stopped delivering it, or its file is damaged",
        where=str(source),
        advice="Check the connection and run again, or copy the raster to this computer and use that.",
    )
