from __future__ import annotations

import json
from dataclasses import replace

import pytest

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.card import Calibration, ModelCard, Training
from deep_land_cover.core.values import from_plain

from ...cards import model_card

CARD = model_card(
    bands=("B4",),
    patch_size=8,
    crs="EPSG:32748",
    classes=(LandCoverClass(1, "Hutan", "#228B22"), LandCoverClass(2, "Air", "#0066CC")),
    training=Training("blocks", "note", 10, 3, 3, 0, 1),
    created="2026-01-01T00:00:00+00:00",
    calibration=Calibration(1.5, 1.0, (0.1, -0.1), (0.7, 0.3), 0.4, 120),
)


def test_the_calibration_travels_with_the_model() -> None:
    assert from_plain(ModelCard, json.loads(CARD.to_json())) == CARD


def test_a_model_of_before_has_none() -> None:
    document = json.loads(CARD.to_json())
    del document["calibration"]
    assert from_plain(ModelCard, document).calibration is None


@pytest.mark.parametrize(
    "wrong",
    [
        Calibration(1.5, 1.0, (0.1,), (0.7, 0.3), 0.4, 120),
        Calibration(1.5, 1.0, (0.1, 0.2), (0.7, 0.2, 0.1), 0.4, 120),
        Calibration(0.0, 1.0, (0.1, 0.2), (0.7, 0.3), 0.4, 120),
        Calibration(float("nan"), 1.0, (0.1, 0.2), (0.7, 0.3), 0.4, 120),
    ],
)
def test_one_that_does_not_fit_is_damage(wrong: Calibration) -> None:
    with pytest.raises(TypeError):
        replace(CARD, calibration=wrong)
