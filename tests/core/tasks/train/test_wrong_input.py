"""What cannot be trained on is refused in a sentence, and nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.errors import (
    LandCoverError,
    OutputError,
    ParameterError,
    RasterError,
    SampleError,
)
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.train import TrainRequest
from deep_land_cover.core.tasks.train import run

from ....requests import changed
from ...features import point, write_features
from .conftest import Make, Request, polygons, scene


def no_output(request: TrainRequest, error: type[LandCoverError], sentence: str) -> None:
    with pytest.raises(error, match=sentence) as caught:
        run(request, SilentProgress())
    assert caught.value.advice
    assert "\n" not in str(caught.value)
    assert not list(Path(request.outputs.model).parent.glob("model*"))


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"output": "model.tif"}, OutputError, "ending"),
        ({"output": "absent/model.safetensors"}, OutputError, "folder does not exist"),
        ({"patch_size": 3}, ParameterError, "PATCH_SIZE"),
        ({"patch_size": 257}, ParameterError, "PATCH_SIZE"),
        ({"batch_size": 1}, ParameterError, "BATCH_SIZE"),
        ({"epochs": 0}, ParameterError, "EPOCHS"),
        ({"folds": 101}, ParameterError, "FOLDS"),
        ({"buffer": -1}, ParameterError, "BUFFER"),
        ({"split": "field"}, ParameterError, "needs a field of the sample layer"),
        ({"learning_rate": float("nan")}, ParameterError, "LEARNING_RATE"),
        ({"schedule": "linear"}, ParameterError, "SCHEDULE"),
        ({"balance": "even"}, ParameterError, "BALANCE"),
        ({"architecture": "unet_resnet18", "patch_size": 40}, ParameterError, "PATCH_SIZE"),
        ({"stem": "large"}, ParameterError, "STEM"),
        ({"weights": "best"}, ParameterError, "WEIGHTS"),
        ({"weights_file": "absent.pth"}, LandCoverError, "no such file of weights"),
        ({"dropout": 1.0}, ParameterError, "DROPOUT"),
        ({"architecture": "vgg"}, ParameterError, "resnet50"),
        ({"split": "best"}, ParameterError, "SPLIT must be"),
        ({"indices": ("NDXX",)}, ParameterError, "NDXX"),
        ({"band_roles": "nir=B9"}, ParameterError, "B9"),
        ({"scheme": "absent"}, LandCoverError, "not a class scheme"),
        ({"samples": None}, ParameterError, "label raster"),
        ({"samples": "absent.jsonl"}, SampleError, "cannot be read"),
        ({"input": RasterSource("absent.tif")}, RasterError, "no such raster"),
    ],
)
def test_wrong_input_is_one_sentence_and_no_output(
    request_for: Request, change: dict[str, Any], error: type[LandCoverError], sentence: str
) -> None:
    request = request_for()
    if "output" in change:
        change = {"output": str(Path(request.outputs.model).parent / change["output"])}
    no_output(changed(request, **change), error, sentence)


def test_a_raster_without_crs_is_refused(request_for: Request, make_raster: Make) -> None:
    bare = make_raster(scene()[0], name="bare.tif", crs=None)
    no_output(
        changed(request_for(), input=RasterSource(str(bare))), RasterError, "coordinate reference system"
    )


def test_polygons_outside_the_raster_are_refused(request_for: Request, make_raster: Make) -> None:
    far = make_raster(scene()[0], name="far.tif", transform=(20.0, 0.0, 0.0, 0.0, -20.0, 100_000.0))
    no_output(
        changed(request_for(), input=RasterSource(str(far))), SampleError, "None of the 36 labelled features"
    )


def test_labels_that_do_not_overlap_are_refused(request_for: Request, make_raster: Make) -> None:
    far = make_raster(
        scene()[1].astype(np.uint8), name="far.tif", transform=(20.0, 0.0, 0.0, 0.0, -20.0, 100_000.0)
    )
    no_output(request_for(labels=RasterSource(str(far))), SampleError, "no labelled pixel")


def test_a_single_class_is_refused(request_for: Request) -> None:
    no_output(request_for(values=(3, 3, 3)), SampleError, "at least two classes")


def test_fewer_than_two_samples_of_a_class_are_refused(request_for: Request, tmp_path: Path) -> None:
    features = polygons(scene()[1], (0, 4, 7))
    features.append(point(0, 0, 9, name="Pond"))
    request = request_for(samples=write_features(tmp_path / "samples.jsonl", features))
    no_output(request, SampleError, "Class 9 Pond has fewer than two samples")


def test_the_output_may_not_be_an_input(request_for: Request) -> None:
    request = request_for()
    clash = changed(request, input=RasterSource(request.outputs.model))
    no_output(clash, OutputError, "one of the inputs")
