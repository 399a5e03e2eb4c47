"""Values of a raster against those of the training raster."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import RasterError
from deep_land_cover.core.inference.value_check import (
    QUANTILES,
    Range,
    check_values,
    differs_wholly,
    is_saturated,
    training_survey,
    warn_of_fractions,
)
from deep_land_cover.core.models.architecture import CentreBranch
from deep_land_cover.core.models.card import ModelCard, Scaling, TrainingSurvey
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import BandStack, open_stack
from deep_land_cover.core.raster.survey import Survey, survey_raster

from ...cards import model_card

Values = np.ndarray[Any, np.dtype[np.float32]]
CLASSES = (LandCoverClass(1, "Water", "#0066CC"), LandCoverClass(4, "Urban", "#DC143C"))
RANDOM = np.random.default_rng(0)
# Water, forest and soil in a blue and an infrared band.
BLUE = np.concatenate([RANDOM.normal(mean, 30, 1000) for mean in (400, 300, 1200)]).astype(np.float32)
INFRARED = np.concatenate([RANDOM.normal(mean, 30, 1000) for mean in (100, 3500, 2500)]).astype(np.float32)
INFRARED = np.maximum(INFRARED, 0)
DECIBEL = RANDOM.uniform(-22, -6, 3000).astype(np.float32)


def range_of(values: Values) -> Range:
    return Range(*np.quantile(values, QUANTILES))


class Stack:
    source = RasterSource("scene.tif")


def card_of(*bands: Values, **others: Any) -> ModelCard:
    """Return the document of a model that was trained on these bands."""
    survey = TrainingSurvey(tuple(tuple(np.quantile(b, QUANTILES).tolist()) for b in bands), (), 3000)
    names = ("blue", "nir")[: len(bands)]
    return model_card(bands=names, classes=CLASSES, patch_size=1, **{"survey": survey, **others})


def said(card: ModelCard, *bands: Values, is_allowed: bool = False) -> list[str]:
    progress = SilentProgress()
    survey = Survey(card.bands, np.stack(bands, axis=1))
    check_values(card, survey, Stack(), progress, is_allowed=is_allowed)  # type: ignore[arg-type]
    assert all(level == "warning" for level, _ in progress.lines)
    return [text for _, text in progress.lines]


@pytest.mark.parametrize(
    ("values", "trained", "differs"),
    [
        (BLUE, BLUE, False),
        (BLUE / 10_000, BLUE, True),
        # The lowest value of training is 0, as that of reflectance is.
        (INFRARED / 10_000, INFRARED, True),
        (BLUE, BLUE / 10_000, True),
        (BLUE + 1000, BLUE, False),
        (BLUE + 100_000, BLUE, True),
        (BLUE / 10, BLUE, False),
        (10 ** (DECIBEL / 10), DECIBEL, True),
        (DECIBEL, 10 ** (DECIBEL / 10), True),
        # A lake alone, and a raster of one value.
        (INFRARED[:1000], INFRARED, False),
        (np.full(1000, 300, np.float32), BLUE, False),
        (BLUE, np.full(1000, 300, np.float32), False),
    ],
)
def test_values_differ_wholly_in_another_unit(values: Values, trained: Values, differs: bool) -> None:
    assert differs_wholly(values, range_of(trained)) == differs


def test_equal_values_need_no_word() -> None:
    assert not said(card_of(BLUE, INFRARED), BLUE, INFRARED)
    assert not said(card_of(BLUE, INFRARED), BLUE[:1000], INFRARED[:1000])


def test_a_shifted_band_is_named_with_both_ranges() -> None:
    (text,) = said(card_of(BLUE, INFRARED), BLUE + 1000, INFRARED)
    low, high = np.quantile(BLUE, (0.01, 0.99))
    assert f"blue {low + 1000:,.0f} to {high + 1000:,.0f} (in training {low:.1f} to {high:,.0f})" in text
    assert text.startswith("In 1 of 2 bands") and "nir" not in text


def test_half_of_the_bands_in_another_unit_are_a_warning_and_more_an_error() -> None:
    assert len(said(card_of(BLUE, INFRARED), BLUE / 10_000, INFRARED)) == 1
    with pytest.raises(RasterError, match=r"blue .*in training .*nir") as error:
        said(card_of(BLUE, INFRARED), BLUE / 10_000, INFRARED / 10_000)
    assert error.value.where == "scene.tif" and "ALLOW_DIFFERENT_VALUES" in str(error.value.advice)
    assert len(said(card_of(BLUE, INFRARED), BLUE / 10_000, INFRARED / 10_000, is_allowed=True)) == 1


def test_indices_do_not_decide() -> None:
    ratios = tuple((-1.0, -0.9, 0.2, 0.9, 1.0) for _ in range(3))
    survey = TrainingSurvey((tuple(np.quantile(BLUE, QUANTILES).tolist()), *ratios), (), 3000)
    card = model_card(
        bands=("blue",), indices=("NDVI", "NDWI", "SAVI"), classes=CLASSES, patch_size=1, survey=survey
    )
    with pytest.raises(RasterError):
        said(card, BLUE / 10_000)


def test_a_constant_band_that_varies_is_named() -> None:
    flag = np.zeros_like(BLUE)
    (text,) = said(card_of(BLUE, flag), BLUE, (BLUE > 1000).astype(np.float32))
    assert "constant" in text and "nir 0 to 1 (in training 0 to 0)" in text


def test_saturated_values_are_named() -> None:
    bright = np.minimum(BLUE, 1100)
    assert is_saturated(bright, range_of(BLUE))
    assert not is_saturated(bright, range_of(bright))
    assert not is_saturated(BLUE, range_of(BLUE))
    clouds = BLUE.copy()
    clouds[::50] = 16_000
    (text,) = said(card_of(BLUE, INFRARED), clouds, INFRARED)
    assert "saturated" in text and "blue (2% of the pixels have 16,000" in text


def test_old_models_have_a_mean_and_three_deviations() -> None:
    scaling = Scaling(
        (float(BLUE.mean()), float(INFRARED.mean())), (float(BLUE.std()), float(INFRARED.std()))
    )
    card = card_of(BLUE, INFRARED, survey=None, scaling=scaling)
    assert not said(card, BLUE, INFRARED)
    (text,) = said(card, BLUE + 2000, INFRARED)
    assert "blue" in text
    with pytest.raises(RasterError):
        said(card, BLUE / 10_000, INFRARED / 10_000)


def test_few_pixels_say_nothing() -> None:
    assert not said(card_of(BLUE), BLUE[:99] / 10_000)


@pytest.mark.parametrize(
    ("before", "now", "is_named"),
    [(0.009, 0.83, True), (0.83, 0.009, True), (0.0, 0.10, True), (0.02, 0.11, False), (0.3, 0.9, False)],
)
def test_a_fraction_that_moved_by_a_factor_of_five_and_ten_points_is_named(
    before: float, now: float, is_named: bool
) -> None:
    survey = TrainingSurvey(((0.0, 0.0, 0.0, 0.0, 0.0),), (1 - before, before), 1000)
    progress = SilentProgress()
    card = model_card(bands=("blue",), classes=CLASSES, patch_size=1, survey=survey)
    warn_of_fractions(card, {1: round(1000 * (1 - now)), 4: round(1000 * now)}, progress)
    assert any("Class 4 Urban" in text for _, text in progress.lines) == is_named


class RecordedStack:
    """Band stack, and the rows and columns of all that was read from it."""

    def __init__(self, stack: BandStack) -> None:
        self._stack = stack
        self.sizes: list[tuple[int, int]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stack, name)

    def read(self, top: int, bottom: int, left: int, right: int, bands: Any = None) -> Values:
        self.sizes.append((bottom - top, right - left))
        return self._stack.read(top, bottom, left, right, bands)


@pytest.mark.parametrize("is_centred", [True, False])
def test_a_network_that_classifies_patches_predicts_the_classes_in_a_hundred_small_windows(
    make_raster: Any, is_centred: bool
) -> None:
    values = np.random.default_rng(0).normal(0, 1, (2, 240, 240)).astype(np.float32)
    values[:, :, 120:] += 20
    raster = make_raster(values, names=("blue", "nir"))
    form = CentreBranch((3,), 4, (1,)) if is_centred else None
    card = model_card(
        bands=("blue", "nir"), classes=CLASSES, patch_size=8, centre=form, scaling=Scaling((0, 0), (1, 1))
    )
    torch.manual_seed(1)
    network = build_network("resnet18", 2, 2, centre=form, patch_size=8).eval()
    with open_stack(RasterSource(str(raster))) as stack:
        survey = survey_raster(stack, stack.band_names, SilentProgress())
        recorded: Any = RecordedStack(stack)
        kept = training_survey(survey, network, card, recorded, SilentProgress())
    # Each with the half patch around it, and a cell of the context grid at most on each side.
    assert len(recorded.sizes) == 100 and max(max(recorded.sizes)) <= 8 + 2 * 4 + 2 * 4
    assert kept is not None and sum(kept.class_fractions) == pytest.approx(1)
