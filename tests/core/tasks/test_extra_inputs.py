"""Training, classification and stacking see several rasters alike."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import (
    BandMismatchError,
    OutputError,
    ParameterError,
    RasterError,
)
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.stackfeatures import run as stack_features
from deep_land_cover.core.tasks.train import run as train

from ...requests import changed, classify_request, stack_request, train_request
from ..features import LEFT, TOP, polygon, write_features

SIZE, FIELD = 96, 16


@pytest.fixture
def scene(make_raster):
    """Return the sources of a raster of noise, radar of 10 m that shows the classes, and terrain.

    The terrain lies on a grid in degrees and does not reach the last columns.
    """
    generator = np.random.default_rng(0)
    fields = generator.permutation(np.arange((SIZE // FIELD) ** 2) % 2).reshape(SIZE // FIELD, -1)
    truth = np.kron(fields, np.ones((FIELD, FIELD), dtype=np.int64))
    noise = generator.integers(1000, 3000, (2, SIZE, SIZE)).astype(np.uint16)
    radar = np.kron(truth, np.ones((2, 2))) + generator.normal(0, 0.3, (2 * SIZE, 2 * SIZE))
    paths = [
        make_raster(noise, names=("red", "nir"), name="optical.tif"),
        make_raster(
            radar.astype(np.float32),
            names=("VV",),
            name="radar.tif",
            transform=(10.0, 0.0, LEFT, 0.0, -10.0, TOP),
        ),
        make_raster(
            generator.random((60, 40)).astype(np.float32),
            name="terrain.tif",
            transform=(0.0004, 0.0, 104.9995, 0.0, -0.0004, -1.807),
            crs="EPSG:4326",
        ),
    ]
    return truth, tuple(RasterSource(str(path)) for path in paths)


@pytest.fixture
def training(scene, tmp_path):
    truth, (optical, *extras) = scene
    corners = [(FIELD * row, FIELD * column) for row, column in np.ndindex(SIZE // FIELD, SIZE // FIELD)]
    polygons = [polygon(row + 4, column + 4, 8, 8, int(truth[row, column])) for row, column in corners]
    return train_request(
        optical,
        str(tmp_path / "model.safetensors"),
        samples=write_features(tmp_path / "samples.jsonl", polygons),
        extra_inputs=tuple(extras),
        architecture="multiscale",
        windows="3,7",
        indices=("NDVI",),
        epochs=4,
        learning_rate=1e-3,
        max_per_class=150,
        device="cpu",
    )


@pytest.mark.medium
def test_what_only_an_extra_raster_shows_is_learnt_and_mapped(training, scene, tmp_path):
    truth, (optical, radar, terrain) = scene
    progress = SilentProgress()
    trained = train(training, progress)
    assert trained.overall_accuracy is not None and trained.overall_accuracy > 0.9
    card = read_card(Path(trained.output))
    assert card.channels == ("red", "nir", "VV", "Band 1", "NDVI")
    assert card.training.parameters["extra_inputs"] == "radar.tif, terrain.tif"
    assert card.training.parameters["resampling"] == "auto"
    assert card.pixel_size == (20.0, 20.0)
    sentences = [text for _, text in progress.lines if "is resampled to the grid of" in text]
    assert [text.rpartition(" ")[2] for text in sentences] == ["(average).", "(bilinear)."]

    request = classify_request(
        optical,
        trained.output,
        str(tmp_path / "map.tif"),
        extra_inputs=(radar, terrain),
        stride=2,
        device="cpu",
    )
    result = classify(request, SilentProgress())
    with rasterio.open(result.output) as dataset:
        mapped, valid = dataset.read(1), dataset.read_masks(1) > 0
        assert (dataset.transform.c, dataset.transform.f, dataset.shape) == (LEFT, TOP, (SIZE, SIZE))
        assert dataset.tags()["EXTRA_INPUTS"] == "radar.tif, terrain.tif"
    # Inside the fields, away from their borders; the terrain ends before the last columns.
    inner = np.kron(np.ones((6, 6)), np.pad(np.ones((8, 8)), 4)) > 0
    assert (mapped == truth)[inner & valid].mean() > 0.9
    assert valid[:, :60].all() and not valid[:, -10:].any()

    # The same bands from a file of stackfeatures give the same map, and so does any order of the rasters.
    stacked = stack_features(
        stack_request(optical, str(tmp_path / "stack.tif"), extra_inputs=(radar, terrain)), SilentProgress()
    )
    for name, changes in (
        ("stacked", {"input": RasterSource(stacked.output), "extra_inputs": ()}),
        ("turned", {"extra_inputs": (terrain, radar)}),
    ):
        other = changed(request, output=str(tmp_path / f"{name}.tif"), **changes)
        with rasterio.open(classify(other, SilentProgress()).output) as dataset:
            assert np.array_equal(dataset.read(1), mapped)

    with pytest.raises(BandMismatchError, match=r"red, nir, VV, Band 1.*red, nir, VV"):
        classify(changed(request, extra_inputs=(radar,)), SilentProgress())


@pytest.mark.parametrize(
    ("changes", "kind", "says"),
    [
        (lambda r: {"resampling": "auto, auto, auto"}, ParameterError, "RESAMPLING has 3"),
        (lambda r: {"extra_inputs": (RasterSource("nowhere.tif"),)}, RasterError, r"nowhere\.tif"),
        (lambda r: {"output": r.inputs.extra[0].path.replace(".tif", ".safetensors"),
                    "extra_inputs": (RasterSource(r.inputs.extra[0].path.replace(".tif", ".safetensors")),)},
         OutputError, "one of the inputs"),
    ],
)  # fmt: skip
def test_training_refuses_what_cannot_work(training, changes, kind, says):
    with pytest.raises(kind, match=says):
        train(changed(training, **changes(training)), SilentProgress())
    assert not Path(training.outputs.model).exists()
