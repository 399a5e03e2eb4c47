from __future__ import annotations

import json
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
from deep_land_cover.core.samples.reading import read_samples
from deep_land_cover.core.samples.samples import NO_GROUP, Samples

Make = Callable[..., Path]
GRID = Grid(30, 20, (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0), CRS.from_epsg(32748).to_wkt())


def box(row: int, column: int, rows: int, columns: int, value: object, **more: object) -> dict[str, Any]:
    left, top = 500_000 + 20 * column, 9_800_000 - 20 * row
    right, bottom = left + 20 * columns, top - 20 * rows
    ring = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]
    return {"geometry": {"type": "Polygon", "coordinates": [ring]}, "class": value, **more}


@pytest.fixture
def read(make_raster: Make, tmp_path: Path) -> Callable[..., tuple[Samples, list[str]]]:
    """Read features, an image of labels (0 is none), or both; return the samples and the log."""

    def read(features: list[dict[str, Any]] | None, labels: Any = None) -> tuple[Samples, list[str]]:
        path = source = None
        if features is not None:
            path = tmp_path / "features.jsonl"
            lines = [
                json.dumps({"name": None, "group": number, **item}) for number, item in enumerate(features)
            ]
            path.write_text("\n".join(lines), encoding="utf-8")
        if labels is not None:
            raster = make_raster(np.asarray(labels, dtype=np.int16), name="labels.tif", nodata=0)
            source = RasterSource(str(raster))
        progress = SilentProgress()
        samples = read_samples(str(path) if path else None, source, GRID, None, 0, progress)
        return samples, [text for _, text in progress.lines]

    return read


Read = Callable[..., tuple[Samples, list[str]]]


def test_polygons_and_a_label_raster_are_read_together(read: Read) -> None:
    labels = np.zeros((20, 30), dtype=np.int16)
    labels[:10, :10] = 4
    labels[12:, :5] = 7
    # One polygon of a class of its own, one that agrees with the raster, one that contradicts it.
    features = [box(0, 20, 3, 3, 9, name="Kolam"), box(0, 0, 2, 2, 4), box(5, 8, 2, 4, 7)]
    samples, log = read(features, labels)
    assert [item.value for item in samples.classes] == [4, 7, 9]
    assert samples.classes[2].name == "Kolam"
    assert samples.counts().tolist() == [100 - 4, 40 + 4, 9]
    assert "Dropped 4 pixels that labels of different classes claim." in log
    assert set(samples.groups[:2]) == {1} and NO_GROUP in samples.groups
    assert not samples.has_groups
    order = samples.rows * 30 + samples.columns
    assert (np.diff(order) > 0).all()


def test_text_classes_beside_a_label_raster_are_refused(read: Read) -> None:
    with pytest.raises(SampleError, match=r"such as 'Sawah', but the label raster has numbers"):
        read([box(0, 0, 3, 3, "Sawah")], np.full((20, 30), 2))


def test_layers_of_numbers_and_of_text_are_refused(read: Read) -> None:
    with pytest.raises(SampleError, match=r"such as 'Sawah', but others numbers such as 3"):
        read([box(0, 0, 3, 3, "Sawah"), box(9, 9, 3, 3, 3)])
    assert read([box(0, 0, 3, 3, "4"), box(9, 9, 3, 3, 3)])[0].counts().tolist() == [9, 9]


def test_the_values_of_a_split_field_are_kept_numbers_in_their_order(read: Read) -> None:
    values = ["10", "9", None, "", "2"]
    samples, _ = read([box(4 * n, 0, 2, 2, n % 2 + 1, split=value) for n, value in enumerate(values)])
    assert samples.field_values == ("2", "9", "10")
    assert samples.field_codes is not None
    by_group = dict(zip(samples.groups.tolist(), samples.field_codes.tolist(), strict=True))
    assert by_group == {0: 2, 1: 1, 2: -1, 3: -1, 4: 0}


def test_without_a_split_field_there_are_no_values(read: Read) -> None:
    assert read([box(0, 0, 2, 2, 1), box(9, 0, 2, 2, 2)])[0].field_codes is None


def test_pixels_of_the_raster_alone_have_no_split(read: Read) -> None:
    labels = np.zeros((20, 30), dtype=np.int16)
    labels[10:] = 2
    samples, _ = read([box(0, 0, 2, 2, 1, split="train")], labels)
    assert samples.field_codes is not None
    assert set(samples.field_codes[samples.groups == NO_GROUP].tolist()) == {-1}
