"""Deep Land Cover: train and run land-cover models from the QGIS Processing Toolbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .plugin import DeepLandCoverPlugin


def classFactory(iface: QgisInterface | None) -> DeepLandCoverPlugin:
    """Return the plugin; ``iface`` is None in ``qgis_process``."""
    # Imported here so that the worker, which has no QGIS, can import this package.
    from .plugin import DeepLandCoverPlugin

    return DeepLandCoverPlugin(iface)
