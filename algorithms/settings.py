"""The provider's settings in Processing's options, and what the runtime gets of them."""

from __future__ import annotations

from pathlib import Path

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsApplication

from ..runtime.settings import RuntimeSettings
from .translation import tr

PROVIDER_NAME = "Deep Land Cover"
PYTHON_SETTING = "DEEP_LAND_COVER_PYTHON"
IDLE_SETTING = "DEEP_LAND_COVER_IDLE_MINUTES"
IDLE_MINUTES = 10


def runtime_settings() -> RuntimeSettings:
    """Return what the runtime needs to know of QGIS, as plain values."""
    from ..runtime.interpreter import host_python

    minutes = ProcessingConfig.getSetting(IDLE_SETTING)
    return RuntimeSettings(
        python=str(ProcessingConfig.getSetting(PYTHON_SETTING) or "").strip(),
        environment_folder=Path(QgsApplication.qgisSettingsDirPath()) / "deep_land_cover" / "environment",
        host_python=host_python(),
        idle_seconds=60.0 * float(IDLE_MINUTES if minutes is None else minutes),
    )


def make_settings() -> list[Setting]:
    """Return the entries for Processing's options, under the provider."""
    return [
        Setting(
            PROVIDER_NAME,
            PYTHON_SETTING,
            tr("Python interpreter (empty: the plugin's own environment)"),
            "",
            valuetype=Setting.FILE,
        ),
        Setting(
            PROVIDER_NAME,
            IDLE_SETTING,
            tr("Minutes after which an idle worker process ends"),
            IDLE_MINUTES,
            valuetype=Setting.INT,
        ),
    ]
