import numpy as np
import pytest
import torch

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.raster.indices import (
    available_indices,
    compute_channels,
    guess_reflectance_scale,
    standardise,
)

RGBN = {"blue": "B2", "green": "B3", "red": "B4", "nir": "B8"}


def test_indices_without_their_bands_are_named_with_what_they_lack():
    usable, skipped = available_indices(("NDVI", "NDRE", "NBR", "GNDVI"), RGBN)
    assert usable == ("NDVI", "GNDVI")
    assert skipped == {"NDRE": ("red_edge_1",), "NBR": ("swir2",)}


def test_an_unknown_index_is_refused():
    with pytest.raises(ParameterError, match="NDXI"):
        available_indices(("NDXI",), RGBN)


@pytest.mark.parametrize(
    ("values", "scale"),
    [([0.02, 0.4, 1.3], 1.0), ([20, 180, 255], 1 / 255), ([300, 2500, 9000], 1e-4), ([np.nan, np.nan], 1.0)],
)
def test_the_reflectance_scale_follows_the_size_of_the_numbers(values, scale):
    assert guess_reflectance_scale(np.array(values, dtype=np.float32)) == scale


def test_a_few_outliers_do_not_change_the_reflectance_scale():
    values = np.full(1000, 0.3, dtype=np.float32)
    values[:3] = 16_000
    assert guess_reflectance_scale(values) == 1.0


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("gewata_landsat7/gewata_B123457.tif", 1e-4),
        ("rstoolbox/sen2.tif", 1.0),
        ("rstoolbox/lsat.tif", 1 / 255),
    ],
)
def test_real_rasters_get_their_reflectance_scale(data_folder, name, scale):
    rasterio = pytest.importorskip("rasterio")
    with rasterio.open(data_folder / name) as dataset:
        values = dataset.read(masked=True).astype(np.float32).filled(np.nan)
    assert guess_reflectance_scale(values) == scale


def test_channels_are_the_bands_as_stored_and_then_the_indices_of_reflectance():
    stored = torch.tensor([[[500.0]], [[4000.0]]])
    channels = compute_channels(stored, ("B4", "B8"), ("SAVI",), {"red": "B4", "nir": "B8"}, 1e-4)
    assert channels[:, 0, 0].tolist() == pytest.approx([500.0, 4000.0, 1.5 * 0.35 / 0.95])


def test_channels_keep_leading_dimensions():
    stored = torch.rand(4, 3, 2, 5, 6)
    channels = compute_channels(stored, ("B4", "B8"), ("NDVI",), {"red": "B4", "nir": "B8"}, 1.0)
    assert channels.shape == (4, 3, 3, 5, 6)
    assert torch.allclose(channels[2, 1, 2], (stored[2, 1, 1] - stored[2, 1, 0]) / stored[2, 1].sum(0))


def test_what_is_not_finite_becomes_nan_and_never_spreads():
    stored = torch.tensor([[[1.0, float("inf"), 0.0]], [[1.0, 1.0, 0.0]]])
    channels = compute_channels(stored, ("B4", "B8"), ("NDVI",), {"red": "B4", "nir": "B8"}, 1.0)
    assert torch.isnan(channels).tolist() == [
        [[False, True, False]],
        [[False, False, False]],
        [[False, True, True]],
    ]


def test_standardising_centres_scales_clamps_and_fills():
    channels = torch.tensor([[[10.0, 14.0, float("nan"), 1e9]], [[5.0, 6.0, 7.0, -1e9]]])
    scaled = standardise(channels, mean=(10.0, 5.0), std=(2.0, 0.0), clip=3.0, limits=())
    # The second channel is constant in training: its deviations count as they are.
    assert scaled.tolist() == [[[0.0, 2.0, 0.0, 3.0]], [[0.0, 1.0, 2.0, -3.0]]]
