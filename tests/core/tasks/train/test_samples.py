"""Labels and rasters as people have them: other grids, gaps, text, dead bands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.errors import SampleError
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.train import run

from .conftest import SMALL, Make, Request, scene


@pytest.mark.medium
def test_a_label_raster_on_another_grid_trains(request_for: Request, make_raster: Make) -> None:
    _, truth = scene()
    finer = np.kron(truth + 10, np.ones((2, 2), dtype=np.int64)).astype(np.int16)
    labels = make_raster(
        finer, name="labels.tif", transform=(10.0, 0.0, 500_000.0, 0.0, -10.0, 9_800_000.0), nodata=-1
    )
    result = run(request_for(labels=RasterSource(str(labels)), epochs=3, **SMALL), SilentProgress())
    card = read_card(Path(result.output))
    assert result.split == "blocks"
    assert [item.value for item in card.classes] == [10, 11, 12]
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.5


def test_text_classes_with_names_in_any_script_train(request_for: Request) -> None:
    result = run(request_for(values=("Kebun campuran", "水稻", "Hutan"), epochs=1, **SMALL), SilentProgress())
    card = read_card(Path(result.output))
    assert [(item.value, item.name) for item in card.classes] == [
        (1, "Hutan"),
        (2, "Kebun campuran"),
        (3, "水稻"),
    ]


@pytest.mark.slow
def test_nan_in_a_tenth_of_the_pixels_and_wild_outliers_still_train(request_for: Request) -> None:
    def spoil(bands: Any) -> None:
        generator = np.random.default_rng(3)
        bands[generator.random(bands.shape) < 0.1] = np.nan
        bands[1][generator.random(bands[1].shape) < 0.002] = 3e9

    result = run(request_for(spoil=spoil), SilentProgress())
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.6
    assert np.isfinite(read_card(Path(result.output)).training.history[-1].train_loss)


def test_a_dead_band_is_left_out_with_a_warning(request_for: Request) -> None:
    def spoil(bands: Any) -> None:
        bands[1] = np.nan

    progress = SilentProgress()
    result = run(request_for(spoil=spoil, epochs=1, indices=("NDVI",), **SMALL), progress)
    assert read_card(Path(result.output)).channels == ("red",)
    warnings = [text for level, text in progress.lines if level == "warning"]
    assert "Bands that are nodata at all samples are left out: nir." in warnings


def test_samples_on_nodata_are_dropped_and_counted(request_for: Request) -> None:
    def spoil(bands: Any) -> None:
        bands[:, 4:12, 4:8] = np.nan  # half of the first polygon

    progress = SilentProgress()
    run(request_for(spoil=spoil, epochs=1, **SMALL), progress)
    said = [text for level, text in progress.lines if level == "warning" and text.startswith("32 samples")]
    assert "without valid values in all bands are dropped" in said[0] and said[0].endswith("in red, nir.")


def test_a_scene_of_nodata_says_that_no_sample_is_left(request_for: Request) -> None:
    def spoil(bands: Any) -> None:
        bands[:] = np.nan

    with pytest.raises(
        SampleError,
        match=r"Fewer than two classes have usable labels: .* pixels without a value in red, nir\)",
    ):
        run(request_for(spoil=spoil), SilentProgress())
