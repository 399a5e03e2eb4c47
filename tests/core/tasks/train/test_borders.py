"""A network on even patches is as often right on one side of a border as on the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.train import run as train

from ....requests import classify_request, train_request

SIZE, FIELD = 128, 16


def fields(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two classes in squares of 16 pixels, one band whose noise is as large as their difference."""
    generator = np.random.default_rng(seed)
    truth = np.kron(generator.integers(1, 3, (SIZE // FIELD,) * 2), np.ones((FIELD, FIELD), dtype=np.uint8))
    return truth.astype(np.uint8), (truth + generator.normal(0, 1, truth.shape)).astype(np.float32)


@pytest.mark.slow
def test_pixels_on_both_sides_of_a_border_are_equally_often_right(
    make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    labels, values = fields(0)
    model, mapped = tmp_path / "model.safetensors", tmp_path / "map.tif"
    train(
        train_request(
            RasterSource(str(make_raster(values, name="training.tif"))),
            str(model),
            labels=RasterSource(str(make_raster(labels, name="labels.tif", nodata=0))),
            architecture="resnet18",
            patch_size=8,
            epochs=4,
            learning_rate=1e-3,
            max_per_class=1200,
            split="random",
            device="cpu",
        ),
        SilentProgress(),
    )
    truth, values = fields(1)
    scene = make_raster(values, name="new.tif")
    classify(
        classify_request(RasterSource(str(scene)), str(model), str(mapped), device="cpu"), SilentProgress()
    )
    with rasterio.open(mapped) as dataset:
        wrong = dataset.read(1) != truth
    # An error has the same chance on all four sides, so their rates differ by chance only: by less than
    # four of the roughly 4 percentage points that the rate of some 450 pixels is known to.
    rates = []
    for turns in range(4):
        turned, errors = np.rot90(truth, turns), np.rot90(wrong, turns)
        rates.append(errors[:, :-1][turned[:, :-1] != turned[:, 1:]].mean())
    assert max(rates) - min(rates) < 0.15, rates
    assert wrong.mean() < 0.05
