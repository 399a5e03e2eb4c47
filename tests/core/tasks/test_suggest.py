"""Suggestions are the same for the same seed, lie on valid pixels, and also come of older models."""

import json

import numpy as np
import pytest
import rasterio
import torch

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import LandCoverError, ParameterError
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import save_model
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.suggest import run

from ...cards import model_card
from ...requests import changed, suggest_request

CARD = model_card(
    bands=("red", "nir"),
    scaling=Scaling((2500.0, 2500.0), (1400.0, 1400.0)),
    patch_size=8,
    classes=tuple(LandCoverClass(value, f"Class {value}", "#006400") for value in (10, 80, 90)),
)


@pytest.fixture
def request_for(make_raster, tmp_path):
    values = np.random.default_rng(0).integers(1, 5000, (2, 40, 30)).astype(np.uint16)
    values[:, 10:20] = 0
    raster, model = make_raster(values, names=("red", "nir"), nodata=0), tmp_path / "model.safetensors"
    torch.manual_seed(0)
    save_model(model, build_network("resnet18", 2, 3), CARD)
    records = tmp_path / "points.jsonl"
    return suggest_request(
        RasterSource(str(raster)), str(model), str(records), count=15, min_distance=2.0, device="cpu"
    )


def points(request):
    result = run(request, SilentProgress())
    with open(request.records, encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    assert result.points == len(found)
    assert [item.value for item in result.classes] == [10, 80, 90]
    return found


@pytest.mark.medium
def test_the_points_of_an_older_model_lie_on_valid_pixels_the_same_each_time(request_for):
    first, second = points(request_for), points(request_for)
    assert first == second and len(first) == 15
    with rasterio.open(str(request_for.inputs.raster)) as dataset:
        values = np.array(list(dataset.sample([(item["x"], item["y"]) for item in first])))
    assert (values > 0).all()
    assert {item["split"] for item in first} == {"suggested"}
    assert {item["dissimilarity"] for item in first} == {None}
    assert all(0 <= item["margin"] <= 1 and item["predicted"] in (10, 80, 90) for item in first)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"count": 0}, "COUNT"), ({"min_distance": -1.0}, "MIN_DISTANCE")],
)
def test_numbers_that_make_no_sense_are_refused(request_for, change, sentence):
    with pytest.raises(ParameterError, match=sentence):
        run(changed(request_for, **change), SilentProgress())


@pytest.mark.medium
def test_a_model_of_several_rasters_gets_them(request_for, make_raster, tmp_path):
    # The second band of the model is the only one of another raster, of twice as wide pixels.
    with rasterio.open(str(request_for.inputs.raster)) as dataset:
        red = make_raster(dataset.read(1)[None], names=("red",), nodata=0, name="red.tif")
    nir = np.full((1, 20, 15), 4000, dtype=np.uint16)
    nir[:, :, 5:10] = 0
    other = make_raster(
        nir,
        names=("nir",),
        nodata=0,
        name="nir.tif",
        transform=(40.0, 0.0, 500_000.0, 0.0, -40.0, 9_800_000.0),
    )
    both = changed(
        request_for, input=RasterSource(str(red)), extra_inputs=(RasterSource(str(other)),), min_distance=0
    )
    assert len(points(both)) == 15
    with pytest.raises(LandCoverError, match="nir"):
        run(changed(both, extra_inputs=()), SilentProgress())
