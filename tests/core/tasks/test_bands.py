"""Bands that are named, chosen or dead, from the training to the map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import BandMismatchError, ParameterError, RasterError
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.classify import ClassifyRequest
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.train import run as train

from ...requests import changed, classify_request, train_request

SIZE = 64


@pytest.fixture
def values():
    """Return four bands of two classes, of which the third is dead, and the classes."""
    truth = np.kron(np.indices((4, 4)).sum(axis=0) % 2, np.ones((16, 16), dtype=np.int64))
    noise = np.random.default_rng(0).normal(0, 100, (4, SIZE, SIZE))
    bands = (1000 + 2000 * truth + noise).astype(np.float32)
    bands[2] = np.nan
    return bands, (truth + 1).astype(np.uint8)


@pytest.fixture
def training(values, make_raster, tmp_path):
    """Return a request for a quick training on a raster without names."""
    bands, truth = values
    return train_request(
        RasterSource(str(make_raster(bands, name="scene.tif"))),
        str(tmp_path / "model.safetensors"),
        labels=RasterSource(str(make_raster(truth, name="labels.tif"))),
        architecture="resnet18",
        patch_size=4,
        epochs=1,
        batch_size=16,
        max_per_class=20,
        device="cpu",
    )


def mapped(request: ClassifyRequest) -> tuple[np.ndarray, list[str]]:
    progress = SilentProgress()
    with rasterio.open(classify(request, progress).output) as dataset:
        return dataset.read(1), [text for level, text in progress.lines if level == "warning"]


@pytest.mark.medium
@pytest.mark.slow
def test_a_model_without_the_dead_band_maps_the_raster_that_has_it(training, values, make_raster, tmp_path):
    progress = SilentProgress()
    card = read_card(Path(train(training, progress).output))
    assert card.bands == ("Band 1", "Band 2", "Band 4")
    assert card.source_bands == ("Band 1", "Band 2", "Band 3", "Band 4")
    warnings = [text for level, text in progress.lines if level == "warning"]
    assert "Bands that are nodata at all samples are left out: Band 3." in warnings

    request = classify_request(
        training.inputs.raster, training.outputs.model, str(tmp_path / "map.tif"), stride=4
    )
    expected, warnings = mapped(request)
    assert not warnings and (expected != 255).all()

    # The band that the model needs is the dead one here, the others are valid.
    bands, _ = values
    other = make_raster(bands[[0, 2, 1, 3]], name="other.tif")
    with pytest.raises(RasterError, match="Band 'Band 2' of the model has no valid pixel"):
        mapped(changed(request, input=RasterSource(str(other))))
    named = changed(request, input=RasterSource(str(other)), band_names="Band 1,Band 3,Band 2,Band 4")
    assert np.array_equal(mapped(named)[0], expected)


@pytest.mark.medium
def test_named_and_chosen_bands_make_a_model_that_knows_them_by_name(training, values, make_raster, tmp_path):
    chosen = changed(training, band_names="red=1, nir=4", bands="nir, red", indices=("NDVI", "NDRE"))
    card = read_card(Path(train(chosen, SilentProgress()).output))
    assert card.channels == ("nir", "red", "NDVI")
    assert card.band_roles == {"red": "red", "nir": "nir"}
    assert card.source_bands == ("red", "Band 2", "Band 3", "nir")

    request = classify_request(
        chosen.inputs.raster, chosen.outputs.model, str(tmp_path / "map.tif"), stride=4
    )
    expected, warnings = mapped(changed(request, band_names="red=1, nir=4"))
    assert not warnings
    # A raster of the training's kind without the names; then one of other bands.
    found, warnings = mapped(request)
    assert np.array_equal(found, expected)
    assert "matched by their order" in warnings[0] and "Raster: Band 4, Band 1" in warnings[0]
    bands, _ = values
    other = changed(request, input=RasterSource(str(make_raster(bands[[1, 0, 3]], name="other.tif"))))
    with pytest.raises(BandMismatchError, match="needs 2: nir, red"):
        mapped(other)
    assert np.array_equal(mapped(changed(other, band_names=",red,nir"))[0], expected)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"band_names": "red,nir"}, "2 names for 4 bands"),
        ({"bands": "Band 7"}, "no band 'Band 7'"),
    ],
)
def test_training_refuses_names_that_do_not_fit(training, changes, says):
    with pytest.raises(ParameterError, match=says):
        train(changed(training, **changes), SilentProgress())
    assert not Path(training.outputs.model).exists()
