"""Labels that a map would leave out neither train nor test, and classes that lose all of theirs are named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass, LostClass
from deep_land_cover.core.errors import SampleError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import BandStack, open_stack
from deep_land_cover.core.samples.label_sources import read_samples
from deep_land_cover.core.samples.patch_store import read_centres
from deep_land_cover.core.samples.samples import NO_GROUP, Samples, warn_of_names
from deep_land_cover.core.samples.skipped import SkippedLabels
from deep_land_cover.core.samples.usable import keep_present, usable_samples
from deep_land_cover.core.text import Text, packed

from ..features import point, polygon

Make = Callable[..., Path]
CLASSES = (
    LandCoverClass(1, "Water", "#0066CC"),
    LandCoverClass(2, "Forest", "#228B22"),
    LandCoverClass(3, "Soil", "#D2B48C"),
)


def everywhere(codes: np.ndarray) -> Samples:
    """Return a sample on each pixel."""
    rows, columns = (axis.ravel() for axis in np.indices(codes.shape))
    groups = np.full(codes.size, NO_GROUP)
    return Samples(rows, columns, codes.ravel().astype(np.int64), groups, CLASSES, (1.0, 1.0, 1.0))


def usable(
    stack: BandStack, samples: Samples, patch_size: int = 1
) -> tuple[Samples, tuple[str, ...], SkippedLabels, list[str]]:
    progress, skipped = SilentProgress(), SkippedLabels()
    values = read_centres(stack, samples, progress)
    usable = usable_samples(stack, samples, values, patch_size, skipped, progress)
    samples, bands = usable.samples, usable.bands
    return samples, bands, skipped, [text for _, text in progress.lines]


@pytest.fixture
def stack(make_raster: Make):
    """Three bands: red is valid everywhere, nir west of column 20, swir nowhere."""
    values = np.ones((3, 30, 40), dtype=np.float32)
    values[1, :, 20:] = np.nan
    values[2] = np.nan
    with open_stack(RasterSource(str(make_raster(values, names=("red", "nir", "swir"))))) as stack:
        yield stack


CODES = np.repeat(np.array([0, 1, 2]), [10, 10, 20])[None, :].repeat(30, axis=0)


def test_a_pixel_without_a_value_in_one_band_of_the_model_does_not_train(stack: BandStack) -> None:
    samples, bands, skipped, log = usable(stack, everywhere(CODES))
    # A band that is nodata at all samples is no band of the model.
    assert bands == ("red", "nir")
    assert samples.columns.max() == 19 and len(samples) == 600
    assert any(text.startswith("600 samples") and "3 Soil: 600" in text for text in log)
    progress = SilentProgress()
    present = keep_present(samples, skipped, "labels.tif", progress)
    assert [item.value for item in present.classes] == [1, 2]
    assert present.counts().tolist() == [300, 300]
    assert present.lost == (LostClass("3 Soil", "600 pixels without a value in nir"),)
    assert progress.lines == [("warning", present.lost[0].sentence)]


def test_a_lone_valid_pixel_has_a_poor_patch(make_raster: Make) -> None:
    values = np.full((1, 20, 20), np.nan, dtype=np.float32)
    values[0, :, :10] = 1
    values[0, 5, 15] = 1
    codes = np.zeros((20, 20), dtype=np.int64)
    codes[:, 10:] = 1
    with open_stack(RasterSource(str(make_raster(values)))) as stack:
        alone, _, _, _ = usable(stack, everywhere(codes))
        assert alone.counts().tolist() == [200, 1, 0]
        samples, _, skipped, log = usable(stack, everywhere(codes), patch_size=8)
    assert samples.counts()[1] == 0
    assert any("less than half of their patch valid" in text and "2 Forest: 1" in text for text in log)
    assert "1 pixels with less than half of their patch valid" in skipped.reasons("2 Forest")


def test_one_class_that_is_left_is_an_error_with_the_reasons(stack: BandStack) -> None:
    codes = np.where(CODES == 2, 2, 0)
    samples, _, skipped, _ = usable(stack, everywhere(codes))
    with pytest.raises(SampleError, match=r"3 Soil \(600 pixels without a value in nir\)"):
        keep_present(samples, skipped, "labels.tif", SilentProgress())


def test_each_skipped_feature_counts_for_its_class(tmp_path: Path, make_raster: Make) -> None:
    line = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    features = [
        polygon(0, 0, 3, 3, 1, name="Water"),
        polygon(5, 0, 3, 3, 2, name="Forest"),
        {"geometry": line, "class": 2, "name": "Forest"},
        {"geometry": line, "class": 5, "name": "Road"},
        {"geometry": None, "class": 6, "name": "Ice", "problem": packed(Text("has no area"))},
        polygon(0, 500, 3, 3, 7, name="Far"),
        polygon(10, 0, 2, 2, 8, name="Both"),
        polygon(10, 0, 2, 2, 1, name="Water"),
        point(15, 15, 1, name="Water"),
    ]
    path = tmp_path / "samples.jsonl"
    rows = [json.dumps({"group": number, **item}) for number, item in enumerate(features)]
    path.write_text("\n".join(rows), encoding="utf-8")
    progress, skipped = SilentProgress(), SkippedLabels()
    with open_stack(RasterSource(str(make_raster(np.ones((1, 30, 40), np.float32))))) as stack:
        samples = read_samples(str(path), None, stack.grid, None, 0, progress, skipped)
    present = keep_present(samples, skipped, "samples", progress)
    assert [item.name for item in present.classes] == ["Water", "Forest"]
    assert {item.label: item.reason for item in present.lost} == {
        "5 Road": "1 features that are neither polygon nor point",
        "6 Ice": "1 features, each of which has no area",
        "7 Far": "1 features outside the raster",
        "8 Both": "4 pixels with labels of different classes",
    }
    log = [text for _, text in progress.lines]
    assert "2 features that are neither polygon nor point are skipped: 2 Forest: 1, 5 Road: 1." in log
    assert "4 pixels with labels of different classes are dropped: 1 Water: 4, 8 Both: 4." in log


def test_letters_that_were_lost_are_named() -> None:
    progress = SilentProgress()
    warn_of_names((CLASSES[0], LandCoverClass(4, "For\ufffdt", "#228B22")), progress)
    assert "U+FFFD" in progress.lines[0][1] and "4 For\ufffdt" in progress.lines[0][1]
    warn_of_names(CLASSES, progress)
    assert len(progress.lines) == 1
