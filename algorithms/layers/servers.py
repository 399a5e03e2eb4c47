"""Rasters on servers, while QGIS itself opens them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from osgeo import gdal

from ...core.errors import RasterError
from ...core.raster.gdal import NETWORK_OPTIONS
from ...core.raster.source import RasterSource, cannot_reach


@contextmanager
def bounded_waiting() -> Iterator[None]:
    """Let the GDAL of QGIS give up on a server that does not answer, in this thread only.

    It would wait for ever, and QGIS with it.
    """
    ours = {name: value for name, value in NETWORK_OPTIONS.items() if gdal.GetConfigOption(name) is None}
    for name, value in ours.items():
        gdal.SetThreadLocalConfigOption(name, value)
    try:
        yield
    finally:
        for name in ours:
            gdal.SetThreadLocalConfigOption(name, None)


def why_unreachable(path: str) -> RasterError:
    """Return why QGIS could not open the raster ``path`` on a server; called right after it tried."""
    # A server that did not answer is not asked again, for that takes as long once more.
    said = gdal.GetLastErrorMsg()
    if not said:
        gdal.PushErrorHandler("CPLQuietErrorHandler")
        try:
            gdal.Open(path)
            said = gdal.GetLastErrorMsg()
        except RuntimeError as error:
            # Where another plugin has called gdal.UseExceptions().
            said = str(error)
        finally:
            gdal.PopErrorHandler()
    return cannot_reach(RasterSource(path), said)
