from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasterio.crs import CRS

from deep_land_cover.core.errors import SampleError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.samples.label_sources import read_samples
from deep_land_cover.core.samples.samples import NO_GROUP, Samples

from ...conftest import NORTH_UP
from ..features import Feature, point, polygon, write_features

Make = Callable[..., Path]
GRID = Grid(30, 20, NORTH_UP, CRS.from_epsg(32748).to_wkt())


@pytest.fixture
def read(make_raster: Make, tmp_path: Path) -> Callable[..., tuple[Samples, list[str]]]:
    """Read features, an image of labels (0 is none), or both; return the samples and the log."""

    def read(features: list[Feature] | None, labels: Any = None) -> tuple[Samples, list[str]]:
        path = source = None
        if features is not None:
            path = write_features(tmp_path / "features.jsonl", features)
        if labels is not None:
            raster = make_raster(np.asarray(labels, dtype=np.int16), name="labels.tif", nodata=0)
            source = RasterSource(str(raster))
        progress = SilentProgress()
        samples = read_samples(path, source, GRID, None, 0, progress)
        return samples, [text for _, text in progress.lines]

    return read


Read = Callable[..., tuple[Samples, list[str]]]


def test_polygons_and_a_label_raster_are_read_together(read: Read) -> None:
    labels = np.zeros((20, 30), dtype=np.int16)
    labels[:10, :10] = 4
    labels[12:, :5] = 7
    # One polygon of a class of its own, one that agrees with the raster, one that contradicts it.
    features = [polygon(0, 20, 3, 3, 9, name="Kolam"), polygon(0, 0, 2, 2, 4), polygon(5, 8, 2, 4, 7)]
    samples, log = read(features, labels)
    assert [item.value for item in samples.classes] == [4, 7, 9]
    assert samples.classes[2].name == "Kolam"
    assert samples.counts().tolist() == [100 - 4, 40 + 4, 9]
    assert "4 pixels with labels of different classes are dropped: 4: 4, 7: 4." in log
    assert set(samples.groups[:2]) == {1} and NO_GROUP in samples.groups
    assert not samples.has_groups
    order = samples.rows * 30 + samples.columns
    assert (np.diff(order) > 0).all()


def test_points_of_a_design_keep_what_they_stand_for_beside_a_label_raster(read: Read) -> None:
    labels = np.zeros((20, 30), dtype=np.int16)
    labels[10:, :4] = 1
    features = [point(0, column, 1 + column % 2, weight=100.0 + column) for column in range(4)]
    samples, _ = read(features, labels)
    # Two points of each class, and 40 pixels of the raster that stand for themselves.
    assert samples.labelled_pixels(np.arange(len(samples))).tolist() == [100 + 102 + 40, 101 + 103]


def test_text_classes_beside_a_label_raster_are_refused(read: Read) -> None:
    with pytest.raises(SampleError, match=r"such as 'Sawah', but the label raster has numbers"):
        read([polygon(0, 0, 3, 3, "Sawah")], np.full((20, 30), 2))


def test_layers_of_numbers_and_of_text_are_refused(read: Read) -> None:
    with pytest.raises(SampleError, match=r"such as 'Sawah', but others have numbers such as 3"):
        read([polygon(0, 0, 3, 3, "Sawah"), polygon(9, 9, 3, 3, 3)])
    assert read([polygon(0, 0, 3, 3, "4"), polygon(9, 9, 3, 3, 3)])[0].counts().tolist() == [9, 9]


def test_the_values_of_a_split_field_are_kept_numbers_in_their_order(read: Read) -> None:
    values = ["10", "9", None, "", "2"]
    samples, _ = read([polygon(4 * n, 0, 2, 2, n % 2 + 1, split=value) for n, value in enumerate(values)])
    assert samples.field_values == ("2", "9", "10")
    assert samples.field_codes is not None
    by_group = dict(zip(samples.groups.tolist(), samples.field_codes.tolist(), strict=True))
    assert by_group == {0: 2, 1: 1, 2: -1, 3: -1, 4: 0}


def test_without_a_split_field_there_are_no_values(read: Read) -> None:
    assert read([polygon(0, 0, 2, 2, 1), polygon(9, 0, 2, 2, 2)])[0].field_codes is None


def test_pixels_of_the_raster_alone_have_no_split(read: Read) -> None:
    labels = np.zeros((20, 30), dtype=np.int16)
    labels[10:] = 2
    samples, _ = read([polygon(0, 0, 2, 2, 1, split="train")], labels)
    assert samples.field_codes is not None
    assert set(samples.field_codes[samples.groups == NO_GROUP].tolist()) == {-1}
