"""What counts as one observation in the figures of a training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.reporting.training_results import sample_clusters
from deep_land_cover.core.samples.samples import NO_GROUP, Samples
from deep_land_cover.core.samples.split_design import Design

Array = np.ndarray[Any, Any]
CLASSES = (LandCoverClass(1, "A", "#112233"), LandCoverClass(2, "B", "#112233"))


def clusters_of(
    rows: Array, groups: Array, method: str, clusters: Array | None = None
) -> tuple[Array | None, str]:
    samples = Samples(rows, np.zeros(len(rows), np.int64), rows % 2, groups, CLASSES, (1.0, 1.0))
    kept = groups if clusters is None else clusters
    design = Design(method, "", (), (), np.zeros(len(rows), np.int64), kept)
    return sample_clusters(samples, design, window=8)


def test_pixels_of_a_polygon_are_one() -> None:
    groups = np.arange(100) // 10
    found, name = clusters_of(np.arange(100), groups, "polygons")
    assert found is groups and name == "polygon"


def test_blocks_are_what_a_split_by_blocks_kept_whole() -> None:
    blocks = np.arange(100) // 25
    found, name = clusters_of(np.arange(100), np.arange(100) // 10, "blocks", blocks)
    assert found is blocks and name == "block"


def test_points_apart_are_independent() -> None:
    found, name = clusters_of(np.arange(50) * 20, np.arange(50), "polygons")
    assert name == "point" and found is not None and len(np.unique(found)) == 50


@pytest.mark.parametrize("method", ["polygons", "field", "random"])
def test_points_beside_each_other_count_by_blocks_of_three_windows(method: str) -> None:
    found, name = clusters_of(np.arange(240), np.arange(240), method)
    assert name == "block" and found is not None
    assert np.bincount(found)[np.unique(found)].tolist() == [24] * 10


def test_a_random_split_falls_back_on_polygons_and_without_them_knows_nothing() -> None:
    groups = np.arange(100) // 10
    assert clusters_of(np.arange(100), groups, "random", np.arange(100))[0] is groups
    assert clusters_of(np.arange(100), np.full(100, NO_GROUP), "random", np.arange(100))[0] is None
