"""The Processing provider: its algorithms, its settings and the one worker they share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..runtime.settings import RuntimeSettings
from .translation import tr

if TYPE_CHECKING:
    from ..runtime.client import WorkerClient

PROVIDER_ID = "deeplandcover"
PROVIDER_NAME = "Deep Land Cover"
ICON_FOLDER = Path(__file__).parent.parent / "resources" / "icons"
PYTHON_SETTING = "DEEP_LAND_COVER_PYTHON"
IDLE_SETTING = "DEEP_LAND_COVER_IDLE_MINUTES"
IDLE_MINUTES = 10


class DeepLandCoverProvider(QgsProcessingProvider):
    """Lists the algorithms and owns the WorkerClient."""

    def __init__(self) -> None:
        super().__init__()
        self._client: WorkerClient | None = None

    def id(self) -> str:
        return PROVIDER_ID

    def name(self) -> str:
        return PROVIDER_NAME

    def longName(self) -> str:
        return tr("Deep Land Cover: train and run land-cover models")

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return str(ICON_FOLDER / "icon.svg")

    def versionInfo(self) -> str:
        from ..core.version import plugin_version

        return plugin_version()

    def supportedOutputRasterLayerExtensions(self) -> list[str]:
        # Maps are GeoTIFF: a `.png` must never receive their bytes.
        return ["tif", "tiff"]

    def defaultRasterFileExtension(self) -> str:
        return "tif"

    def supportsNonFileBasedOutput(self) -> bool:
        return False

    def load(self) -> bool:
        """Add the settings and the algorithms."""
        ProcessingConfig.setGroupIcon(PROVIDER_NAME, self.icon())
        for setting in _settings():
            ProcessingConfig.addSetting(setting)
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self) -> None:
        """End the worker and take the settings back."""
        self.close_worker()
        for name in (PYTHON_SETTING, IDLE_SETTING):
            if name in ProcessingConfig.settings:
                ProcessingConfig.removeSetting(name)

    def loadAlgorithms(self) -> None:
        from .classifyraster import ClassifyRaster
        from .createdemo import CreateDemo
        from .modelinfo import ModelInfo
        from .setupenvironment import SetupEnvironment
        from .trainmodel import TrainModel

        for algorithm in (SetupEnvironment, CreateDemo, TrainModel, ClassifyRaster, ModelInfo):
            self.addAlgorithm(algorithm())

    @property
    def client(self) -> WorkerClient:
        """The worker's client, made when the first run needs it."""
        if self._client is None:
            # asyncio alone would double the time that QGIS takes to load the plugin.
            from ..runtime.client import WorkerClient

            self._client = WorkerClient(runtime_settings)
        return self._client

    def close_worker(self) -> None:
        """End the worker process; the next run starts another."""
        if self._client is not None:
            self._client.close()
            self._client = None


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


def _settings() -> list[Setting]:
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
