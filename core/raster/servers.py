"""What to tell of a raster on a server that cannot be read."""

from __future__ import annotations

import re

from ..errors import RasterError
from .source import RasterSource

# As GDAL 3.10 and as older ones write it.
_CODE = re.compile(r"http response code(?: on .*)?: (\d+)$")
_CHECK_CONNECTION = "Check the address and the connection, and try again later."
_MISSING = ("404", "410")
_REFUSED = ("401", "403")
_CREDENTIALS = ("access denied", "aws_secret_access_key", "credentials")


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
            f"The server does not let the raster be read: {said}",
            where=str(source),
            advice="Check the address, and the credentials in the environment variables that GDAL knows, "
            "such as AWS_ACCESS_KEY_ID or GDAL_HTTP_USERPWD.",
        )
    if code == "0" or "timed out" in lower or "too slow" in lower:
        return RasterError(
            "The raster's server does not answer",
            where=str(source),
            advice=_CHECK_CONNECTION,
        )
    if code or lower.startswith("curl error"):
        return RasterError(
            f"The raster's server cannot be used: {said}", where=str(source), advice=_CHECK_CONNECTION
        )
    return RasterError(
        f"The raster cannot be opened: {said}",
        where=str(source),
        advice="Check the address, and that it leads to a raster in a format that GDAL reads.",
    )


def broke_off(source: RasterSource) -> RasterError:
    """Return what to tell of a raster on a server that was opened and then failed."""
    return RasterError(
        "The raster could not be read to its end: its server stopped delivering it, or its file is damaged",
        where=str(source),
        advice="Check the connection and run again, or copy the raster to this computer and use that.",
    )
