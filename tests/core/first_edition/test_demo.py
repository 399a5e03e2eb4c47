"""The demo is the scene that it was, and a forest of then makes the same map of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks import classify, createdemo

from ...first_edition.files import kept
from ...requests import classify_request


@pytest.mark.slow
def test_the_demo_and_a_forests_map_of_it_are_what_they_were(
    folder: Path, forest: Path, usable_trees: None
) -> None:
    expected = kept("demo")
    demo = createdemo.run(createdemo.CreateDemoRequest(".", expected["seed"]), SilentProgress())
    with rasterio.open(demo.raster) as scene, rasterio.open(demo.reference) as reference:
        bands, truth = scene.read(), reference.read(1)
    if hashlib.sha256(bands.tobytes() + truth.tobytes()).hexdigest() != expected["sha256"]:
        # Another processor, or NumPy, rounds some pixels otherwise.
        np.testing.assert_allclose(bands.sum(axis=(1, 2), dtype=np.int64), expected["band_sums"], rtol=1e-6)
    for value, count in expected["class_pixels"].items():
        assert int((truth == int(value)).sum()) == pytest.approx(count, abs=5)
    polygons = json.loads(Path(demo.training).read_text(encoding="utf-8"))["features"]
    assert len(polygons) == expected["polygons"]
    request = classify_request(RasterSource(demo.raster), str(forest), "demo_map.tif", device="cpu")
    classify.run(request, SilentProgress())
    with rasterio.open("demo_map.tif") as dataset:
        found, is_mapped = dataset.read(1), dataset.read_masks(1) > 0
    for value, count in expected["mapped_pixels"].items():
        assert int((found == int(value)).sum()) == pytest.approx(count, abs=10)
    assert float((found == truth)[is_mapped].mean()) == pytest.approx(expected["agreement"], abs=2e-4)
