"""One QGIS for all tests of the algorithms, and small data made with its own GDAL."""

from __future__ import annotations

import gc
import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HAS_QGIS = importlib.util.find_spec("qgis") is not None

if HAS_QGIS:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("DEEP_LAND_COVER_PYTHON", str(ROOT / ".dev" / "env" / "bin" / "python"))
    from osgeo import gdal, osr
    from qgis.core import (
        Qgis,
        QgsApplication,
        QgsCoordinateReferenceSystem,
        QgsCoordinateTransform,
        QgsFeature,
        QgsGeometry,
        QgsProcessingContext,
        QgsProcessingFeedback,
        QgsProject,
        QgsRectangle,
        QgsVectorLayer,
    )

    gdal.UseExceptions()
else:
    collect_ignore_glob = ["test_*.py", "exportmap"]

# Upper left corner of the test scene in EPSG:32748 and its pixel size, in metres.
LEFT, TOP, PIXEL = 300_000.0, 9_820_000.0, 20.0
BANDS = ("B02", "B03", "B04", "B08")
# Reflectance × 10,000 of the two halves of the scene: water on the left, forest on the right.
HALVES = ((600, 500, 300, 100), (300, 600, 400, 3500))
# The folders of a user, relative to the home.
FOLDERS = {"XDG_DATA_HOME": ".local/share", "XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache"}
# Class values of the training polygons.
WATER, FOREST = 3, 17
# The smallest network, which is trained in less than a second.
QUICK = {
    "ARCHITECTURE": "multiscale",
    "EPOCHS": 2,
    "MAX_PER_CLASS": 60,
    "DEVICE": "cpu",
    "INDICES": ["NDVI"],
}
# Ten times as long, for what only a network of patches has.
RESNET = {
    **QUICK,
    "ARCHITECTURE": "resnet18",
    "PATCH_SIZE": 8,
    "STEM": "standard",
    "EPOCHS": 1,
    "BATCH_SIZE": 16,
    "LEARNING_RATE": 0.001,
    "SCHEDULE": "constant",
}


@dataclass
class Run:
    """What came of an algorithm."""

    succeeded: bool
    results: dict = field(default_factory=dict)
    log: str = ""


@pytest.fixture(scope="session")
def plugin(tmp_path_factory):
    """The plugin, loaded as QGIS does it, in a profile of its own."""
    # Tests may run in several processes, which would share the settings of one home.
    home = tmp_path_factory.mktemp("home")
    os.environ["HOME"] = str(home)
    for name, folder in FOLDERS.items():
        os.environ[name] = str(home / folder)
    application = QgsApplication([], True, str(tmp_path_factory.mktemp("profile")))
    application.initQgis()
    sys.path.append(os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"))
    from processing.core.Processing import Processing

    Processing.initialize()
    import deep_land_cover

    plugin = deep_land_cover.classFactory(None)
    plugin.initProcessing()
    yield plugin
    QgsProject.instance().clear()
    plugin.unload()
    # Python algorithms that outlive QGIS end the process with a crash (exit code 139).
    gc.collect()
    Processing.deinitialize()
    application.exitQgis()


@pytest.fixture(autouse=True)
def clean_project(plugin):
    yield
    QgsProject.instance().clear()


@pytest.fixture(scope="session")
def algorithm(plugin):
    """Return a fresh instance of the algorithm with this name."""

    def create(name):
        instance = QgsApplication.processingRegistry().createAlgorithmById(f"deeplandcover:{name}")
        assert instance is not None, name
        return instance

    return create


@pytest.fixture(scope="session")
def run(algorithm):
    """Check and run an algorithm as Processing does."""

    def run(name, parameters, context=None, feedback=None):
        instance = algorithm(name)
        if context is None:
            context = QgsProcessingContext()
            context.setProject(QgsProject.instance())
        feedback = feedback or QgsProcessingFeedback(False)
        fine, problem = instance.checkParameterValues(parameters, context)
        if not fine:
            return Run(False, log=problem)
        results, succeeded = instance.run(parameters, context, feedback)
        return Run(succeeded, results, feedback.textLog())

    return run


@pytest.fixture(scope="session")
def make_raster():
    """Write a GeoTIFF; ``value(band, row, column)`` gives the pixels."""

    def make(path, value, bands=BANDS, rows=60, columns=80, crs="EPSG:32748", nodata=None, type=None):
        driver = gdal.GetDriverByName("GTiff")
        dataset = driver.Create(str(path), columns, rows, len(bands), type or gdal.GDT_UInt16)
        dataset.SetGeoTransform((LEFT, PIXEL, 0.0, TOP, 0.0, -PIXEL))
        if crs:
            reference = osr.SpatialReference()
            reference.SetFromUserInput(crs)
            dataset.SetProjection(reference.ExportToWkt())
        for number, name in enumerate(bands):
            band = dataset.GetRasterBand(number + 1)
            band.SetDescription(name)
            if nodata is not None:
                band.SetNoDataValue(nodata)
            pixels = bytearray()
            for row in range(rows):
                for column in range(columns):
                    pixels += int(value(number, row, column)).to_bytes(2, "little")
            band.WriteRaster(0, 0, columns, rows, bytes(pixels), buf_type=gdal.GDT_UInt16)
        dataset.FlushCache()
        return str(path)

    return make


@pytest.fixture(scope="session")
def scene(tmp_path_factory, make_raster):
    """A raster of 60 × 80 pixels: water on the left half, forest on the right, with texture."""

    def value(band, row, column):
        texture = (row * 7919 + column * 104_729 + band * 1299) % 61
        return HALVES[column >= 40][band] + texture

    return make_raster(tmp_path_factory.mktemp("scene") / "scene.tif", value)


@pytest.fixture(scope="session")
def quick():
    """Parameters of a training that takes less than a second."""
    return dict(QUICK)


@pytest.fixture(scope="session")
def resnet():
    """Parameters of a training of a ResNet18 that takes seconds."""
    return dict(RESNET)


@pytest.fixture(scope="session")
def box():
    """Return the ground rectangle of a block of pixels."""
    return _box


def _box(row, column, height, width):
    return QgsRectangle(
        LEFT + column * PIXEL,
        TOP - (row + height) * PIXEL,
        LEFT + (column + width) * PIXEL,
        TOP - row * PIXEL,
    )


def in_degrees(geometry):
    """Return a geometry of the scene's CRS in EPSG:4326."""
    scene, degrees = QgsCoordinateReferenceSystem("EPSG:32748"), QgsCoordinateReferenceSystem("EPSG:4326")
    moved = QgsGeometry(geometry)
    moved.transform(QgsCoordinateTransform(scene, degrees, QgsProject.instance()))
    return moved


@pytest.fixture(scope="session")
def make_layer(plugin):
    """Make a memory layer from rows of (geometry, *attributes)."""

    def make(rows, fields="class:int", kind="Polygon", crs="EPSG:32748", name="samples"):
        declared = "&".join(f"field={field}" for field in fields.split(",") if field)
        layer = QgsVectorLayer(f"{kind}?crs={crs}&{declared}", name, "memory")
        assert layer.isValid()
        features = []
        for geometry, *attributes in rows:
            feature = QgsFeature(layer.fields())
            feature.setGeometry(geometry)
            feature.setAttributes(attributes)
            features.append(feature)
        assert layer.dataProvider().addFeatures(features)[0]
        layer.updateExtents()
        return layer

    return make


@pytest.fixture(scope="session")
def training_rows():
    """Six polygons a half, of water and of forest."""
    rows = []
    for number in range(6):
        rows.append((QgsGeometry.fromRect(_box(2 + 9 * number, 5, 6, 12)), WATER, "Water"))
        rows.append((QgsGeometry.fromRect(_box(2 + 9 * number, 60, 6, 12)), FOREST, "Forest"))
    return rows


@pytest.fixture
def samples(make_layer, training_rows):
    """The training polygons as a memory layer."""
    return make_layer(training_rows, "class:int,name:string(20)")


@pytest.fixture(scope="session")
def trained_once(made_once, run, scene, make_layer, training_rows):
    """Return a function that trains a model of the scene, once for all of pytest-xdist's processes."""

    def trained(name, parameters):
        def make(folder):
            layer = make_layer(training_rows, "class:int,name:string(20)")
            labels = {"SAMPLES": layer, "CLASS_FIELD": "class", "NAME_FIELD": "name"}
            output = str(folder / "model.safetensors")
            done = run("trainmodel", {**parameters, **labels, "INPUT": scene, "OUTPUT": output})
            assert done.succeeded, done.log
            return done.results["OUTPUT"]

        return made_once(name, make)

    return trained


@pytest.fixture(scope="session")
def model(trained_once):
    """A ResNet18 of the scene."""
    return trained_once("resnet", RESNET)


@pytest.fixture(scope="session")
def quick_model(trained_once):
    """A multi-scale network of the scene, which maps it in less than a second."""
    return trained_once("multiscale", QUICK)


@pytest.fixture(scope="session")
def checkpoint(made_once, make_raster, scene):
    """A network of the scene that another program trained and saved."""

    def make(folder):
        labels = make_raster(
            folder / "labels.tif", lambda _band, _row, column: 3 + (column >= 40), bands=("class",)
        )
        script, python = ROOT / "tests" / "plain_torch.py", os.environ["DEEP_LAND_COVER_PYTHON"]
        path = str(folder / "checkpoint.pth")
        subprocess.run(
            [python, str(script), "train", scene, labels, path, "8"], check=True, capture_output=True
        )
        return path

    return made_once("checkpoint", make)


@pytest.fixture(scope="session")
def demo_without_project(made_once, run):
    """The results of the demo outside a project, and what it would load; not to be written into."""

    def make(folder):
        context = QgsProcessingContext()
        done = run("createdemo", {"OUTPUT_FOLDER": str(folder)}, context)
        assert done.succeeded, done.log
        return done.results, list(context.layersToLoadOnCompletion())

    return made_once("demo_without_project", make)


@pytest.fixture
def sample_layers(make_layer):
    """Water in one layer and forest in another, with a field of sites."""
    # Larger fields of water: MAX_PER_CLASS takes a smaller share of them.
    rows = (2, 14, 26, 38, 50)
    water = [(QgsGeometry.fromRect(_box(row, 8, 6, 6)), 1, "Air", f"site {row}") for row in rows]
    forest = [(QgsGeometry.fromRect(_box(row, 64, 4, 4)), 2, "Hutan", f"site {row}") for row in rows]
    fields = "class:int,name:string(20),site:string(20)"
    return make_layer(water, fields), make_layer(forest, fields)


@pytest.fixture
def train(run, scene, tmp_path):
    """Train for an epoch on few samples of the scene and return the run."""

    def train(samples, name="model.safetensors", context=None, **parameters):
        quick = {**QUICK, "EPOCHS": 1, "MAX_PER_CLASS": 20}
        inputs = {"INPUT": scene, "SAMPLES": samples, "CLASS_FIELD": "class", "OUTPUT": str(tmp_path / name)}
        return run("trainmodel", {**quick, **inputs, **parameters}, context)

    return train


@pytest.fixture
def classify(run, scene, model, tmp_path):
    """Classify the scene and return the run."""

    def classify(**parameters):
        defaults = {"INPUT": scene, "MODEL": model, "OUTPUT": str(tmp_path / "map.tif"), "DEVICE": "cpu"}
        return run("classifyraster", {**defaults, **parameters})

    return classify


@pytest.fixture
def messages(plugin):
    """Warnings of QGIS."""
    found = []

    def keep(message, tag, level):
        if level in (Qgis.MessageLevel.Warning, Qgis.MessageLevel.Critical):
            found.append((tag, message))

    log = QgsApplication.messageLog()
    log.messageReceived.connect(keep)
    yield found
    log.messageReceived.disconnect(keep)
