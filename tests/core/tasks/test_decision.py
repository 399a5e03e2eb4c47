"""A classification uses what the model knows of its probabilities, and decides by the chosen rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import torch
from scipy.special import log_softmax

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.models.card import Calibration
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import save_model
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.classify import run

from ...cards import model_card
from ...requests import classify_request

Array = np.ndarray[Any, Any]
VALUES = (3, 8, 5)
# So strong that each rule takes another class somewhere.
CALIBRATION = Calibration(0.02, 1.0, (0.3, 0.0, -0.3), (0.6, 0.3, 0.1), 0.8, 100)


@pytest.fixture
def classified(
    make_raster: Callable[..., Path], tmp_path: Path
) -> Callable[..., tuple[Array, Array, list[str]]]:
    """Return a function that gives the map, the probabilities (classes, rows, columns) and the warnings."""
    raster = make_raster(np.random.default_rng(0).normal(0, 1, (2, 24, 20)).astype(np.float32))
    card = model_card(
        bands=("Band 1", "Band 2"),
        patch_size=4,
        classes=tuple(LandCoverClass(value, f"Class {value}", "#112233") for value in VALUES),
    )
    torch.manual_seed(0)
    network = build_network("resnet18", 2, 3)

    def classify(calibration: Calibration | None, **options: Any) -> tuple[Array, Array, list[str]]:
        save_model(tmp_path / "model.safetensors", network, replace(card, calibration=calibration))
        request = classify_request(
            RasterSource(str(raster)),
            str(tmp_path / "model.safetensors"),
            str(tmp_path / "map.tif"),
            probabilities=str(tmp_path / "chances.tif"),
            share_type="float32",
            device="cpu",
            resume=False,
            **options,
        )
        progress = SilentProgress()
        run(request, progress)
        with rasterio.open(tmp_path / "map.tif") as land, rasterio.open(tmp_path / "chances.tif") as chances:
            warnings = [text for level, text in progress.lines if level == "warning"]
            return land.read(1), chances.read(), warnings

    return classify


Classified = Callable[..., tuple[Array, Array, list[str]]]


def test_probabilities_are_calibrated_and_the_most_probable_class_is_taken(classified: Classified) -> None:
    _, raw, _ = classified(None)
    land, found, _ = classified(CALIBRATION)
    offsets = np.array(CALIBRATION.offsets)[:, None, None]
    expected = np.exp(log_softmax(np.log(raw.astype(np.float64)) / CALIBRATION.temperature + offsets, axis=0))
    np.testing.assert_allclose(found, expected, atol=1e-4)
    np.testing.assert_array_equal(land, np.array(VALUES)[found.argmax(axis=0)])


@pytest.mark.medium
def test_balanced_favours_rare_classes_and_leaves_probabilities_alone(classified: Classified) -> None:
    plain, chances, _ = classified(CALIBRATION)
    land, found, warnings = classified(CALIBRATION, decision="balanced")
    np.testing.assert_array_equal(found, chances)
    weighted = chances / np.array(CALIBRATION.proportions)[:, None, None] ** CALIBRATION.balance
    np.testing.assert_array_equal(land, np.array(VALUES)[weighted.argmax(axis=0)])
    assert (land != plain).any() and not warnings


@pytest.mark.medium
def test_without_a_strength_of_its_own_balanced_warns(classified: Classified) -> None:
    plain, _, _ = classified(None)
    land, _, warnings = classified(None, decision="balanced")
    np.testing.assert_array_equal(land, plain)
    assert any("DECISION=balanced has no effect" in text for text in warnings)


def test_a_rule_that_there_is_not_is_refused(classified: Classified) -> None:
    with pytest.raises(ParameterError, match="DECISION"):
        classified(None, decision="lucky")
