"""Reports of trainings that never were: their figures follow from a seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass, distinct_colors
from deep_land_cover.core.models.card import Epoch, Metrics
from deep_land_cover.core.raster.grid import Tile
from deep_land_cover.core.reporting.sample_map import Background
from deep_land_cover.core.reporting.training_results import (
    HeldOutTest,
    SampleDesign,
    TrainingReport,
)
from deep_land_cover.core.training.baseline import Baseline

MakeReport = Callable[..., TrainingReport]
POLYGONS_A_CLASS, PIXELS_A_POLYGON = 12, 9


@pytest.fixture
def make_report() -> MakeReport:
    """Return a function that makes a report: polygons of nine pixels, a third of them for testing.

    ``make_report(names=("Water", "Forest"), skill=4.0, baseline_skill=2.0, **changes)``.
    """
    return training_report


def training_report(
    names: Sequence[str] = ("Water", "Forest"),
    skill: float = 4.0,
    baseline_skill: float = 2.0,
    **changes: Any,
) -> TrainingReport:
    generator = np.random.default_rng(len(names))
    count = len(names)
    polygons = count * POLYGONS_A_CLASS
    clusters = np.repeat(np.arange(polygons), PIXELS_A_POLYGON)
    codes = clusters % count
    parts = np.array([0, 0, 1, 2])[clusters // count % 4]
    pixel = np.arange(len(clusters)) % PIXELS_A_POLYGON
    rows = clusters // 12 * 14 + pixel // 3
    columns = clusters % 12 * 14 + pixel % 3
    reference, tested = codes[parts == 2], clusters[parts == 2]
    height, width = int(rows.max()) + 12, int(columns.max()) + 12
    ground = generator.integers(40, 160, (height, width, 3), dtype=np.uint8)
    report = TrainingReport(
        model="model.safetensors",
        architecture="ResNet50",
        looks_at="a patch of 16 × 16 pixels around it",
        classes=tuple(
            LandCoverClass(3 * number, name, color)
            for number, (name, color) in enumerate(zip(names, distinct_colors(count), strict=True))
        ),
        design=SampleDesign(
            rows=rows,
            columns=columns,
            codes=codes,
            parts=parts,
            part_names=("training", "validation", "test"),
            clusters=clusters,
            cluster_name="polygon",
            method="polygons",
            done="Whole polygons were kept on one side.",
            cautions=(),
        ),
        test=HeldOutTest(
            reference=reference,
            probabilities=probabilities(reference, count, skill, generator),
            clusters=tested,
            uncalibrated=probabilities(reference, count, skill + 2, generator),
        ),
        baseline=Baseline(
            "random forest of single pixels",
            probabilities(reference, count, baseline_skill, generator),
            # The content takes the figures from the probabilities.
            Metrics(0.0, 0.0, (), ()),
        ),
        history=tuple(
            Epoch(n, 1 / n, 1 - 0.5 / n, 1.1 / n + 0.01 * n, 0.9 - 0.4 / n, 0.85 - 0.4 / n)
            for n in range(1, 11)
        ),
        best_epoch=8,
        calibration="A temperature of 1.40 was fitted on 120 samples.",
        background=Background(ground, Tile(0, 0, height, width)),
        parameters={"input": "scene.tif", "epochs": 10, "learning_rate": 1e-4},
        versions={"deep_land_cover": "0.1.0", "torch": "2.9.0"},
        seed=7,
        device="CPU (2 threads)",
        created="2026-01-31T12:00:00+00:00",
    )
    return replace(report, **changes)


def probabilities(
    reference: np.ndarray[Any, Any], classes: int, skill: float, generator: np.random.Generator
) -> np.ndarray[Any, Any]:
    logits = generator.normal(0, 1.5, (len(reference), classes))
    logits[np.arange(len(reference)), reference] += skill
    chances = np.exp(logits)
    return chances / chances.sum(axis=1, keepdims=True)
