"""QGIS without a screen, for the tools that write files from what the plugin registers there."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import QgsApplication

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def qgis_session() -> Iterator[None]:
    """Start QGIS with Processing in an empty profile; the checkout can be imported as ``deep_land_cover``.

    Providers that are registered within have to be removed within.
    """
    with tempfile.TemporaryDirectory() as profile:
        application = QgsApplication([], False, profile)
        application.initQgis()
        sys.path.append(os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"))
        # The checkout may have any name; this folder holds it under the package's own.
        sys.path.insert(0, str(ROOT / ".dev" / "plugins"))
        from processing.core.Processing import Processing

        Processing.initialize()
        yield
        # Python algorithms that outlive QGIS end the process with a crash.
        gc.collect()
        Processing.deinitialize()
        application.exitQgis()
