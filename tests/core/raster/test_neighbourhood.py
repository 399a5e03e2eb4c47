from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import uniform_filter

from deep_land_cover.core.raster.neighbourhood import feature_names, neighbourhood_features
from deep_land_cover.core.raster.neighbourhood_windows import texture_windows

WINDOWS = (1, 3, 15)


def all_centres(height: int, width: int, margin: int) -> tuple[torch.Tensor, torch.Tensor]:
    rows, columns = torch.meshgrid(
        torch.arange(margin, height - margin), torch.arange(margin, width - margin), indexing="ij"
    )
    return rows.flatten(), columns.flatten()


def scene(bands: int = 2, height: int = 40, width: int = 33) -> torch.Tensor:
    generator = np.random.default_rng(0)
    return torch.from_numpy(generator.normal(size=(bands, height, width)).clip(-10, 10).astype(np.float32))


def test_means_and_deviations_are_those_of_a_box_filter() -> None:
    channels = scene()
    rows, columns = all_centres(40, 33, 7)
    features = neighbourhood_features(channels, torch.ones(40, 33).bool(), rows, columns, WINDOWS).numpy()
    names = feature_names(("a", "b"), WINDOWS)
    assert features.shape == (rows.numel(), len(names)) and features.dtype == np.float32
    for number, name in enumerate("ab"):
        values = channels[number].numpy().astype(np.float64)
        np.testing.assert_array_equal(features[:, names.index(name)], values[7:-7, 7:-7].ravel())
        for window in WINDOWS:
            mean = uniform_filter(values, window)
            deviation = np.sqrt(np.maximum(uniform_filter(values**2, window) - mean**2, 0))
            for what, expected in (("mean", mean), ("deviation", deviation)):
                found = features[:, names.index(f"{name} {what} {window}")]
                np.testing.assert_allclose(found, expected[7:-7, 7:-7].ravel(), atol=5e-5)


def test_only_valid_pixels_count() -> None:
    channels = scene()
    valid = torch.from_numpy(np.random.default_rng(1).random((40, 33)) < 0.3)
    channels[:, ~valid] = 1e6
    rows, columns = torch.tensor([12, 20]), torch.tensor([9, 16])
    features = neighbourhood_features(channels, valid, rows, columns, (9,)).numpy()
    for place, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        piece = slice(row - 4, row + 5), slice(column - 4, column + 5)
        inside = channels[:, *piece].numpy().astype(np.float64)[:, valid[piece].numpy()]
        np.testing.assert_allclose(features[place, 2:4], inside.mean(axis=1), atol=5e-5)
        np.testing.assert_allclose(features[place, 4:6], inside.std(axis=1), atol=5e-5)


def test_a_window_without_a_valid_pixel_is_zero() -> None:
    channels = scene()
    nowhere = torch.zeros(40, 33).bool()
    features = neighbourhood_features(channels, nowhere, torch.tensor([9]), torch.tensor([9]), (3,))
    assert features[0, 2:].tolist() == [0.0] * 4


def test_a_pixel_has_the_same_features_in_any_tile() -> None:
    channels = scene(height=80, width=80)
    valid = torch.from_numpy(np.random.default_rng(1).random((80, 80)) < 0.9)
    rows, columns = all_centres(80, 80, 30)
    windows, textures = (3, 31), ((3, 31),)
    whole = neighbourhood_features(channels, valid, rows, columns, windows, textures)
    part = neighbourhood_features(
        channels[:, 9:75, 10:76], valid[9:75, 10:76], rows - 9, columns - 10, windows, textures
    )
    assert torch.equal(whole, part)


@pytest.mark.parametrize("value", [0.0, 9.7, -10.0])
def test_a_constant_area_has_no_deviation(value: float) -> None:
    channels = torch.full((1, 200, 200), value)
    features = neighbourhood_features(
        channels, torch.ones(200, 200).bool(), torch.tensor([100]), torch.tensor([100]), (121,)
    )
    np.testing.assert_allclose(features.numpy(), [[value, value, 0.0]], atol=5e-5)


def test_textures_are_deviations_of_deviations_over_valid_pixels() -> None:
    channels = scene(1, 60, 60)
    valid = torch.from_numpy(np.random.default_rng(1).random((60, 60)) < 0.8)
    values = np.where(valid, channels[0].numpy().astype(np.float64), np.nan)
    rows, columns = torch.tensor([22, 30, 37]), torch.tensor([25, 22, 37])
    textures = texture_windows((5, 15, 31))
    features = neighbourhood_features(channels, valid, rows, columns, (5, 15, 31), textures).numpy()
    names = feature_names(("a",), (5, 15, 31), textures)
    assert names[-2:] == ("a texture 5 in 31", "a texture 15 in 31")
    for narrow in (5, 15):
        half = narrow // 2
        rough = np.full_like(values, np.nan)
        for row, column in zip(*np.nonzero(valid.numpy()), strict=True):
            if half <= row < 60 - half and half <= column < 60 - half:
                piece = values[row - half : row + half + 1, column - half : column + half + 1]
                rough[row, column] = np.nanstd(piece)
        found = features[:, names.index(f"a texture {narrow} in 31")]
        for place, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
            expected = np.nanstd(rough[row - 15 : row + 16, column - 15 : column + 16])
            assert found[place] == pytest.approx(expected, abs=5e-5)
