"""QGIS's database of coordinate reference systems, which another program may have hidden."""

from __future__ import annotations

import os

from osgeo import gdal, osr

from ...core.errors import ParameterError

_VARIABLES = ("PROJ_DATA", "PROJ_LIB")


def check_projections() -> None:
    """Refuse to work where QGIS has the database of another program, and so knows no CRS.

    Layers then seem to have no coordinate reference system, which the user cannot mend by setting one.

    Raises:
        ParameterError: The sentence names the environment variable.
    """
    given = [name for name in _VARIABLES if os.environ.get(name)]
    if given and not _knows_degrees():
        raise ParameterError(
            "QGIS cannot read its database of coordinate reference systems, because {variable} points to "
            "that of another program",
            where=os.environ[given[0]],
            advice="Remove this environment variable, and start QGIS again.",
            variable=given[0],
        )


def _knows_degrees() -> bool:
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        return osr.SpatialReference().ImportFromEPSG(4326) == 0
    except RuntimeError:
        # Where another plugin has called osr.UseExceptions().
        return False
    finally:
        gdal.PopErrorHandler()
