"""The demo scene: what a newcomer's first run works on."""

import hashlib
import itertools
import json

import numpy as np
import pytest
import rasterio
from rasterio.features import rasterize
from rasterio.warp import transform_bounds, transform_geom
from scipy.ndimage import uniform_filter
from sklearn.ensemble import RandomForestClassifier

from deep_land_cover.core.classes import shipped_scheme
from deep_land_cover.core.demo.outputs import write_demo
from deep_land_cover.core.demo.scene import make_scene
from deep_land_cover.core.errors import OutputError, ParameterError, RunCancelled
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.tasks import createdemo

CLASSES = [0, 1, 4, 5, 6, 7]


# The whole scene takes seconds, so all tests of it are medium.
@pytest.fixture(scope="module", params=[pytest.param(1, id="seed 1", marks=pytest.mark.medium)])
def demo(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dem o ü")
    return createdemo.run(createdemo.CreateDemoRequest(str(folder), seed=request.param), SilentProgress())


@pytest.fixture(scope="module")
def scene(demo):
    with rasterio.open(demo.raster) as dataset:
        yield dataset


@pytest.fixture(scope="module")
def truth(demo):
    with rasterio.open(demo.reference) as dataset:
        yield dataset


@pytest.fixture(scope="module")
def features(demo):
    with open(demo.training, encoding="utf-8") as file:
        return json.load(file)["features"]


@pytest.fixture(scope="module")
def labels(scene, features):
    """Class value of each pixel whose centre lies in a training polygon, elsewhere -1."""
    shapes = [
        (transform_geom("EPSG:4326", scene.crs, feature["geometry"]), feature["properties"]["class"])
        for feature in features
    ]
    return rasterize(shapes, scene.shape, fill=-1, transform=scene.transform, dtype="int16")


def test_the_scene_has_the_ten_bands_of_sentinel_2_at_20_m(scene):
    assert scene.descriptions == ("B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B11", "B12")
    assert set(scene.dtypes) == {"uint16"}
    assert scene.res == (20.0, 20.0)
    assert scene.nodata == 0


def test_the_scene_lies_in_jambi(scene):
    assert scene.crs.to_epsg() == 32748
    west, south, east, north = transform_bounds(scene.crs, "EPSG:4326", *scene.bounds)
    assert 101 < west < east < 104.6
    assert -2.8 < south < north < -0.7


def test_the_scene_is_a_tiled_compressed_geotiff_that_shows_natural_colours(scene):
    assert scene.profile["tiled"]
    assert scene.profile["compress"] == "deflate"
    colours = {name: color.name for name, color in zip(scene.descriptions, scene.colorinterp, strict=True)}
    assert (colours["B4"], colours["B3"], colours["B2"]) == ("red", "green", "blue")


def test_reflectance_is_what_land_has(scene):
    bands = scene.read(masked=True)
    assert bands.min() >= 1
    assert bands.max() < 10_000
    red, near_infrared = bands[2].astype(float), bands[6].astype(float)
    assert 300 < red.mean() < 1000
    assert 2000 < near_infrared.mean() < 3500


def test_vegetation_and_water_have_the_ndvi_that_they_are_known_for(scene, truth):
    red, near_infrared = scene.read(3).astype(float), scene.read(7).astype(float)
    classes, clear = truth.read(1), scene.read(1) > 0
    ndvi = (near_infrared - red) / np.maximum(near_infrared + red, 1)
    assert np.median(ndvi[(classes == 1) & clear]) > 0.7
    assert np.median(ndvi[(classes == 0) & clear]) < 0.1
    assert np.median(ndvi[(classes == 7) & clear]) < 0.4


def test_the_cloud_hole_is_a_few_per_cent_and_the_same_in_all_bands(scene):
    holes = scene.read() == 0
    assert 0.01 < holes[0].mean() < 0.08
    assert np.all(holes == holes[0])


def test_the_true_map_has_all_classes_of_the_scheme_and_no_gap(truth):
    classes, counts = np.unique(truth.read(1), return_counts=True)
    assert classes.tolist() == CLASSES
    assert np.all(counts / counts.sum() > 0.02)


def test_the_true_map_lies_on_the_scenes_grid_and_has_the_schemes_colours(scene, truth):
    assert truth.crs == scene.crs
    assert truth.transform == scene.transform
    assert truth.shape == scene.shape
    colours = truth.colormap(1)
    for item in shipped_scheme("jambi").classes:
        assert colours[item.value][:3] == item.rgb


def test_polygons_have_value_name_and_id(features):
    names = {item.value: item.name for item in shipped_scheme("jambi").classes}
    for number, feature in enumerate(features, start=1):
        assert feature["properties"]["id"] == number
        assert feature["properties"]["name"] == names[feature["properties"]["class"]]


def test_each_class_has_six_polygons_or_more(features):
    values = [feature["properties"]["class"] for feature in features]
    assert sorted(set(values)) == CLASSES
    assert all(values.count(value) >= 6 for value in CLASSES)


def test_polygons_follow_rfc_7946(features):
    for feature in features:
        (ring,) = feature["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        assert all(103 < longitude < 104 and -2 < latitude < -1 for longitude, latitude in ring)
        steps = itertools.pairwise(ring)
        assert sum((x0 * y1 - x1 * y0) for (x0, y0), (x1, y1) in steps) > 0, "anticlockwise"


def test_polygons_lie_inside_their_class(truth, labels):
    classes = truth.read(1)
    for value in CLASSES:
        assert np.mean(classes[labels == value] == value) > 0.95


def test_polygons_cover_little_and_no_cloud(scene, labels):
    inside = labels >= 0
    assert 0.03 < inside.mean() < 0.12
    assert np.all(scene.read(1)[inside] > 0)


def test_polygons_are_spread_over_the_scene(labels):
    quarters = [part for half in np.array_split(labels, 2) for part in np.array_split(half, 2, axis=1)]
    assert all(len(np.unique(part[part >= 0])) >= 3 for part in quarters)


@pytest.fixture(scope="module")
def accuracy(scene, truth, labels):
    """Return a function: accuracy on the true map of a forest that learnt from the polygons."""

    def measure(channels):
        train, test = labels >= 0, (labels < 0) & (scene.read(1) > 0)
        forest = RandomForestClassifier(
            40, min_samples_leaf=2, class_weight="balanced", random_state=0, n_jobs=2
        )
        forest.fit(channels[:, train].T, labels[train])
        return np.mean(forest.predict(channels[:, test].T) == truth.read(1)[test])

    return measure


def test_colour_alone_does_not_solve_it(scene, accuracy):
    assert 0.72 < accuracy(scene.read()) < 0.88


def test_the_pattern_around_a_pixel_helps(scene, accuracy):
    bands = scene.read().astype(np.float64)
    mean = uniform_filter(bands, (0, 5, 5))
    deviation = np.sqrt(np.maximum(uniform_filter(bands**2, (0, 5, 5)) - mean**2, 0))
    assert accuracy(np.concatenate([bands, mean, deviation])) > accuracy(bands) + 0.02


def test_the_same_seed_gives_the_same_pixels_and_another_seed_another_scene():
    first, again, other = make_scene(3, 96), make_scene(3, 96), make_scene(4, 96)
    assert first.bands.tobytes() == again.bands.tobytes()
    assert first.classes.tobytes() == again.classes.tobytes()
    assert np.mean(first.classes != other.classes) > 0.2


@pytest.mark.medium
def test_the_same_seed_gives_the_same_polygons(tmp_path):
    texts = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        texts.append(write_demo(tmp_path / name, 2**40, SilentProgress(), size=96).training.read_bytes())
    assert texts[0] == texts[1]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 2, 3, 4, 99, 2**40])
def test_any_seed_has_all_classes_and_enough_polygons(tmp_path, seed):
    files = write_demo(tmp_path, seed, SilentProgress())
    with rasterio.open(files.reference) as dataset:
        assert np.unique(dataset.read(1)).tolist() == CLASSES
    features = json.loads(files.training.read_text(encoding="utf-8"))["features"]
    values = [feature["properties"]["class"] for feature in features]
    assert all(values.count(value) >= 6 for value in CLASSES)


def test_a_folder_that_does_not_exist_gets_a_sentence(tmp_path):
    request = createdemo.CreateDemoRequest(str(tmp_path / "none"))
    with pytest.raises(OutputError, match="folder does not exist") as caught:
        createdemo.run(request, SilentProgress())
    assert caught.value.where == str(tmp_path / "none")


def test_a_negative_seed_gets_a_sentence(tmp_path):
    with pytest.raises(ParameterError, match="SEED"):
        createdemo.run(createdemo.CreateDemoRequest(str(tmp_path), seed=-1), SilentProgress())


class CancelledAfterDrawing(SilentProgress):
    def __init__(self):
        super().__init__()
        self.asked = 0

    def check_cancelled(self):
        self.asked += 1
        if self.asked == 3:
            raise RunCancelled


def test_a_cancelled_run_leaves_no_file(tmp_path):
    with pytest.raises(RunCancelled):
        write_demo(tmp_path, 0, CancelledAfterDrawing(), size=96)
    assert list(tmp_path.iterdir()) == []


def test_files_of_an_earlier_demo_are_replaced_whole(tmp_path):
    first = write_demo(tmp_path, 0, SilentProgress(), size=96)
    stale = tmp_path / "demo_scene.tif.aux.xml"
    stale.write_text("<PAMDataset/>")
    before = first.scene.read_bytes()
    write_demo(tmp_path, 1, SilentProgress(), size=96)
    assert first.scene.read_bytes() != before
    assert not stale.exists()
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        "demo_scene.tif", "demo_training.geojson", "demo_reference.tif", "demo_reference.tif.aux.xml"
    }  # fmt: skip


# SHA-256 of the values, whatever GDAL and its compression are: scene, true map, text of the polygons.
CHECKSUMS = {
    1: (
        "4d5c857d83d10c9381951367779f02c0990ebecafba49a671da9ffe93dfb697e",
        "8006253fa8c48633cfc3aba1af20982b8078f7db8bfc07142c936182d53861c7",
        "90fba16783103609dff4e1fed6afb272ac6837ffd4561d883b49360915597f52",
    ),
    2: (
        "dc549e7fd7f8bfcd8e19125affef2b6bfc93f2c9d38c048910cbf076d1f3da9a",
        "973bf8bb4a9459571fe6df2967a168ef409504ff99358f03828112ad648c8532",
        "4d41fcb8a8de8f20224214871c69fe98fbcf6f888d88fac23f4245edd27710e1",
    ),
    3: (
        "314fb23ef35ca8425a1709fe958b921b0a6b507b44e180a002aaded9ff1e06f1",
        "85c971ce6735df8b32b3cfe5121d2929d63eef3f879b63ef5d8bf4850e834035",
        "b3f4731027b634792157fd6ab567174aac047704282b1adec01a9fd8bf19b6fb",
    ),
}


@pytest.mark.medium
@pytest.mark.parametrize("seed", CHECKSUMS)
@pytest.mark.slow(but=("1",))
def test_the_files_of_a_seed_never_change(seed, tmp_path):
    """Figures in the documentation, and in what others have written, come from these files."""
    files = write_demo(tmp_path, seed, SilentProgress())
    found = []
    for path in (files.scene, files.reference):
        with rasterio.open(path) as dataset:
            values = dataset.read()
        little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
        found.append(hashlib.sha256(little.tobytes()).hexdigest())
    found.append(hashlib.sha256(files.training.read_text(encoding="utf-8").encode()).hexdigest())
    assert tuple(found) == CHECKSUMS[seed]
