"""The Processing provider: its algorithms, its settings and the one worker they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .i18n.translation import tr
from .icons import PROVIDER_ICON
from .parameters.settings import PROVIDER_NAME, make_settings, runtime_settings

if TYPE_CHECKING:
    from ..runtime.client import WorkerClient


PROVIDER_ID = "deeplandcover"


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
        return PROVIDER_ICON

    def versionInfo(self) -> str:
        from ..core import plugin_version

        return plugin_version()

    def supportedOutputRasterLayerExtensions(self) -> list[str]:
        # Maps are GeoTIFF: a `.png` must never receive their bytes.
        return ["tif", "tiff"]

    def supportedOutputVectorLayerExtensions(self) -> list[str]:
        from .layers.point_files import point_suffixes

        # Tables without geometry would lose the places of points.
        return [suffix.removeprefix(".") for suffix in point_suffixes()]

    def defaultVectorFileExtension(self, hasGeometry: bool = True) -> str:
        # Whatever the profile's default is: a shapefile shortens names, a table has no geometry.
        return "gpkg"

    def defaultRasterFileExtension(self) -> str:
        return "tif"

    def supportsNonFileBasedOutput(self) -> bool:
        return False

    def load(self) -> bool:
        """Add the settings and the algorithms."""
        ProcessingConfig.setGroupIcon(PROVIDER_NAME, self.icon())
        for setting in make_settings():
            ProcessingConfig.addSetting(setting)
            # Not readSettings(), which reads those of all algorithms of QGIS again.
            setting.read()
        self.refreshAlgorithms()
        return True

    def unload(self) -> None:
        """End the worker and take the settings back."""
        self.close_worker()
        for setting in make_settings():
            if setting.name in ProcessingConfig.settings:
                ProcessingConfig.removeSetting(setting.name)

    def loadAlgorithms(self) -> None:
        from .assessaccuracy import AssessAccuracy
        from .classareas import ClassAreas
        from .classifyfolder import ClassifyFolder
        from .classifyraster import ClassifyRaster
        from .cloudmask import CloudMask
        from .comparemaps import CompareMaps
        from .createdemo import CreateDemo
        from .exportmap import ExportMap
        from .generalisemap import GeneraliseMap
        from .importmodel import ImportModel
        from .inspectsamples import InspectSamples
        from .mapchange import MapChange
        from .maptrajectories import MapTrajectories
        from .modelinfo import ModelInfo
        from .mosaicmaps import MosaicMaps
        from .openproduct import OpenProduct
        from .recodemap import RecodeMap
        from .renameclasses import RenameClasses
        from .samplingdesign import SamplingDesign
        from .setupenvironment import SetupEnvironment
        from .smoothprobabilities import SmoothProbabilities
        from .stackfeatures import StackFeatures
        from .styleclassification import StyleClassification
        from .suggestsamples import SuggestSamples
        from .trainmodel import TrainModel
        from .vectorisemap import VectoriseMap

        for algorithm in (
            SetupEnvironment,
            CreateDemo,
            OpenProduct,
            CloudMask,
            StackFeatures,
            InspectSamples,
            TrainModel,
            ClassifyRaster,
            ClassifyFolder,
            GeneraliseMap,
            SmoothProbabilities,
            VectoriseMap,
            ClassAreas,
            StyleClassification,
            ExportMap,
            SuggestSamples,
            SamplingDesign,
            AssessAccuracy,
            CompareMaps,
            MapChange,
            MapTrajectories,
            ImportModel,
            ModelInfo,
            RenameClasses,
            RecodeMap,
            MosaicMaps,
        ):
            self.addAlgorithm(algorithm())
        # At first the registry does not know this provider yet, and so not what the models are made of.
        if QgsApplication.processingRegistry().providerById(PROVIDER_ID) is not None:
            self.add_example_models()

    def add_example_models(self) -> None:
        """Add the example models; the desktop does so when it has started, because it takes a while."""
        from .example_models import EXAMPLE_MODELS

        for model in EXAMPLE_MODELS:
            self.addAlgorithm(model())
        self.algorithmsLoaded.emit()

    @property
    def client(self) -> WorkerClient:
        """The worker's client, made when the first run needs it."""
        if self._client is None:
            # asyncio alone would double the time that QGIS takes to load the plugin.
            from ..runtime.client import WorkerClient

            self._client = WorkerClient(runtime_settings)
        return self._client

    @property
    def is_busy(self) -> bool:
        """Whether a run of this QGIS is in progress."""
        return self._client is not None and self._client.is_busy

    def close_worker(self) -> None:
        """End the worker process; the next run starts another."""
        if self._client is not None:
            self._client.close()
            self._client = None
