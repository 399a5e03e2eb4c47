"""A map by trees is what the training would say of each pixel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models import architectures as registry
from deep_land_cover.core.models.card import Training
from deep_land_cover.core.models.tree_file import load_trees
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.neighbourhood_windows import parse_windows
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.tasks.classify import run
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.feeds.neighbourhood import read_features
from deep_land_cover.core.training.tree_trainer import FittedTrees, TreeTrainer

from ...cards import model_card
from ...requests import classify_request

# More than a tile in one direction.
HEIGHT, WIDTH = 60, 300
CLASSES = (LandCoverClass(10, "Tree cover", "#006400"), LandCoverClass(80, "Water", "#0064C8"))


@pytest.fixture
def raster(make_raster: Callable[..., Path]) -> Path:
    values = np.random.default_rng(0).integers(1, 5000, (2, HEIGHT, WIDTH)).astype(np.uint16)
    values[0, :, 40:] += 1500
    values[:, 20:30, 250:280] = 0
    values[1, 5:9, 100:104] = 0
    return make_raster(values, names=("red", "nir"), nodata=0)


def train(raster: Path, path: Path, architecture: str, windows: str) -> FittedTrees:
    generator = np.random.default_rng(1)
    rows, columns = generator.integers(0, HEIGHT, 400), generator.integers(0, WIDTH, 400)
    samples = Samples(rows, columns, (columns >= 40).astype(np.int64), np.arange(400), CLASSES, (1.0, 1.0))
    preparation = Preparation(("red", "nir"), ("NDVI",), {"red": "red", "nir": "nir"}, 1e-4)
    trainer = TreeTrainer(registry.architecture(architecture), parse_windows(windows, HEIGHT, WIDTH), 0)
    with open_stack(RasterSource(str(raster))) as stack:
        dataset = trainer.read(stack, samples, preparation, SilentProgress())
        everything = np.arange(400)
        split = Split(everything, everything[:0], everything[:0])
        fitted = trainer.fit(dataset, split, SilentProgress(), lambda _: None)
    card = model_card(
        architecture=architecture,
        bands=preparation.bands,
        band_roles=dict(preparation.roles),
        indices=preparation.indices,
        reflectance_scale=preparation.reflectance_scale,
        scaling=fitted.scaling,
        patch_size=trainer.patch_size,
        nodata=0.0,
        classes=CLASSES,
        training=Training("random", "", 400, 0, 0, 0, None),
        windows=trainer.windows,
    )
    fitted.save(path, card, SilentProgress())
    return fitted


@pytest.mark.medium(but=("extra_trees-3,31",))
@pytest.mark.parametrize(
    ("architecture", "windows"), [("extra_trees", "3,31"), ("extra_trees", "0"), ("tree_ensemble", "3,31")]
)
def test_the_map_is_what_the_trees_say_of_every_pixel(
    raster: Path, tmp_path: Path, architecture: str, windows: str
) -> None:
    model = tmp_path / "model.skops"
    fitted = train(raster, model, architecture, windows)
    output = tmp_path / "map.tif"
    result = run(
        classify_request(RasterSource(str(raster)), str(model), str(output), device="cpu"), SilentProgress()
    )
    with rasterio.open(output) as dataset:
        found = dataset.read(1)
    with rasterio.open(raster) as dataset:
        valid = (dataset.read() != 0).all(axis=0)
    rows, columns = np.nonzero(valid)
    assert result.patches == len(rows)
    assert (found[~valid] == 255).all()
    everywhere = Samples(rows, columns, np.zeros_like(rows), rows, CLASSES, (1.0, 1.0))
    with open_stack(RasterSource(str(raster))) as stack:
        trees, _ = load_trees(model)
        features = read_features(stack, everywhere, fitted.preparation, trees, SilentProgress())
    expected = np.array([10, 80])[trees.log_probabilities(features).argmax(axis=1)]
    np.testing.assert_array_equal(found[valid], expected)
    assert len(set(expected)) == 2
