from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from deep_land_cover.core.samples.decorrelation import decorrelation_range

from .conftest import Array, from_image, squares

SIZE = 600


def mosaic(side: int, seed: int) -> Array:
    """Return squares of independent classes."""
    number = SIZE // side + 1
    cells = np.random.default_rng(seed).integers(0, 4, (number, number))
    return np.kron(cells, np.ones((side, side), dtype=np.int64))[:SIZE, :SIZE]


def exponential_field(scale: float, seed: int) -> Array:
    """Return the sign of a Gaussian field of the covariance exp(-h / scale), by its spectrum."""
    frequencies = np.fft.fftfreq(2 * SIZE) * 2 * SIZE
    distance = np.hypot(*np.meshgrid(frequencies, frequencies))
    spectrum = np.maximum(np.fft.fft2(np.exp(-distance / scale)).real, 0.0)
    noise = np.random.default_rng(seed).normal(size=(2 * SIZE, 2 * SIZE))
    field = np.fft.ifft2(np.sqrt(spectrum) * np.fft.fft2(noise)).real
    return (field[:SIZE, :SIZE] > 0).astype(np.int64)


@pytest.mark.medium(but=("1-20",))
@pytest.mark.parametrize("side", [10, 20, 40])
@pytest.mark.parametrize("seed", range(2))
def test_the_range_of_a_mosaic_is_the_side_of_its_squares(side: int, seed: int) -> None:
    # Two pixels of Chebyshev distance h lie in one square with the probability
    # (1 - h/L)(1 - h/2L) in the mean of all directions, which is 0.05 at h = 0.906 L.
    assert decorrelation_range(from_image(mosaic(side, seed)), 0) == pytest.approx(0.906 * side, rel=0.15)


@pytest.mark.medium
@pytest.mark.parametrize("scale", [5.0, 10.0])
def test_the_range_of_a_thresholded_field_follows_the_arcsine_law(scale: float) -> None:
    # Signs of two Gaussians of correlation r agree with the probability 1/2 + asin(r) / pi, so that
    # the excess over chance, 2 asin(r) / pi, is 0.05 where r = sin(0.05 pi / 2).
    expected = -scale * math.log(math.sin(0.05 * math.pi / 2))
    found = [decorrelation_range(from_image(exponential_field(scale, seed)), 0) or 0.0 for seed in range(3)]
    assert np.mean(found) == pytest.approx(expected, rel=0.2)


def test_labels_without_any_order_are_alike_over_a_pixel() -> None:
    found = decorrelation_range(from_image(np.random.default_rng(0).integers(0, 3, (200, 200))), 0)
    assert found is not None and found <= 1.5


def test_two_halves_of_a_scene_never_decorrelate() -> None:
    image = np.repeat([0, 1], 100)[None].repeat(50, axis=0)
    found = decorrelation_range(from_image(image), 0)
    # Pairs h apart agree with the probability 1 - h / (200 - h), which is chance at h = 67.
    assert found is not None and 50 < found <= 80


def test_it_repeats_from_its_seed() -> None:
    samples = replace(from_image(mosaic(20, 0)), stands_for=(1.0, 9.0, 1.0, 1.0))
    assert decorrelation_range(samples, 3) == decorrelation_range(samples, 3)
    assert decorrelation_range(samples, 3) != decorrelation_range(samples, 4)


def test_one_class_has_no_range() -> None:
    assert decorrelation_range(squares([(0, 0, 0), (50, 50, 0)]), 0) is None
