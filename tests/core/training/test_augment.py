from __future__ import annotations

import numpy as np
import pytest
import torch

from deep_land_cover.core.models.architecture import FitSettings
from deep_land_cover.core.samples.patch_store import TURNS
from deep_land_cover.core.training.optimisation import draw_orientations, vary


def generator() -> np.random.Generator:
    return np.random.default_rng(7)


def test_all_eight_orientations_are_drawn_and_none_where_none_is_wanted() -> None:
    drawn = draw_orientations(200, FitSettings(augment=True), generator())
    assert drawn is not None and set(drawn) == set(range(TURNS))
    assert draw_orientations(200, FitSettings(augment=False), generator()) is None


def test_nothing_varies_unless_it_is_asked_for() -> None:
    patches = torch.rand(4, 3, 5, 5)
    assert vary(patches, FitSettings(), generator()) is patches


def test_brightness_changes_a_channel_of_a_patch_as_a_whole_and_by_its_deviation() -> None:
    flat = torch.zeros(4000, 2, 3, 3)
    varied = vary(flat, FitSettings(brightness=0.2), generator())
    assert torch.equal(varied, varied[:, :, :1, :1].expand_as(varied))
    assert varied[:, :, 0, 0].std().item() == pytest.approx(0.2, rel=0.05)
    ones = vary(torch.ones(4000, 1, 1, 1), FitSettings(brightness=0.2), generator())
    # A factor and a sum, independent of each other.
    assert ones.std().item() == pytest.approx(0.2 * 2**0.5, rel=0.05)


def test_band_dropout_blanks_whole_channels_at_its_rate() -> None:
    varied = vary(torch.ones(2000, 5, 2, 2), FitSettings(band_dropout=0.3), generator())
    assert set(varied.unique().tolist()) == {0.0, 1.0}
    assert torch.equal(varied, varied[:, :, :1, :1].expand_as(varied))
    assert 1 - varied.mean().item() == pytest.approx(0.3, abs=0.02)


def test_a_seed_repeats_the_draw() -> None:
    patches, settings = torch.rand(20, 3, 4, 4), FitSettings(brightness=0.1, band_dropout=0.2)
    assert torch.equal(vary(patches, settings, generator()), vary(patches, settings, generator()))
