"""How much memory GDAL may use, how long it waits for servers, and which paths lead to servers.

The same options hold in the worker and, while QGIS itself opens a raster for us, in QGIS.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from types import MappingProxyType

NETWORK_OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        # Seconds. A slow line is no reason to give up, one that stands still is.
        "GDAL_HTTP_CONNECTTIMEOUT": "10",
        "GDAL_HTTP_LOW_SPEED_TIME": "30",
        "GDAL_HTTP_LOW_SPEED_LIMIT": "1",
        "GDAL_HTTP_TIMEOUT": "300",
        # For servers that are busy (429, 502, 503, 504) or close the connection.
        "GDAL_HTTP_MAX_RETRY": "2",
        "GDAL_HTTP_RETRY_DELAY": "1",
    }
)
"""GDAL's options for requests; without them it waits for ever (https://gdal.org/user/configoptions.html)."""

LISTING_OPTION = "GDAL_DISABLE_READDIR_ON_OPEN"
"""With ``TRUE``, files beside a raster are asked for by name.

That is for servers, whose folders may hold millions of files, or cannot be listed at all.
"""

CACHE_OPTION = "GDAL_CACHEMAX"
CACHE_MEGABYTES = "256"
"""GDAL's own default, a twentieth of the computer's memory, is 13 GB on a large server."""

_REMOTE = re.compile(
    r"""(^|/vsi\w+/|["':,{])(/vsi(curl|s3|gs|az|adls|oss|swift|webhdfs)(_streaming)?[/?]|(https?|s3|gs|az)://)"""
)


def bound_gdal() -> None:
    """Set the options for this process, unless the user has set them.

    GDAL reads them from the environment when it needs them first, in any thread.
    """
    for name, value in {CACHE_OPTION: CACHE_MEGABYTES, **NETWORK_OPTIONS}.items():
        os.environ.setdefault(name, value)


def is_remote(path: str) -> bool:
    """Whether reading the raster ``path`` asks a server, also where that is inside another name."""
    return _REMOTE.search(path) is not None
