"""Designs of real layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.samples.decorrelation import decorrelation_range
from deep_land_cover.core.samples.draw import Limits
from deep_land_cover.core.samples.group_split import near
from deep_land_cover.core.samples.label_sources import samples_from_raster
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import SplitOptions
from deep_land_cover.core.samples.split_search import design_samples

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def gewata(data_folder: Path) -> Samples:
    path = data_folder / "gewata_landsat7" / "gewata_lulc2011.tif"
    with rasterio.open(path) as labels:
        a, b, c, d, e, f = tuple(labels.transform)[:6]
        grid = Grid(labels.width, labels.height, (a, b, c, d, e, f), labels.crs.to_wkt())
    return samples_from_raster(RasterSource(str(path)), grid, None, 0, SilentProgress())


def test_the_labels_of_gewata_are_alike_over_some_six_kilometres(gewata: Samples) -> None:
    # The correlogram of all 1,004,202 labels, by the Fourier transforms of the classes' indicators,
    # first falls to 0.05 at 218 pixels of 30 m.
    found = [decorrelation_range(gewata, seed) or 0.0 for seed in range(3)]
    assert np.mean(found) == pytest.approx(218, rel=0.1)


@pytest.mark.medium(but=("0",))
@pytest.mark.parametrize("folds", [0, 5])
def test_every_class_of_gewata_trains_and_is_tested_apart(gewata: Samples, folds: int) -> None:
    options = SplitOptions(window=32, folds=folds, limits=Limits(max_per_class=2000))
    design = design_samples(gewata, options)
    assert design.method == "blocks" and not design.cautions
    assert not gewata.absent(design.test)
    for split in design.splits:
        assert not gewata.absent(split.train)
        held = np.concatenate([split.validation, split.test])
        assert not near(gewata.pixel_coordinates[split.train], gewata.pixel_coordinates[held], 32).any()
