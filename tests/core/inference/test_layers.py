"""Probabilities and uncertainty are those of the formulas, in the numbers that were asked for."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.special
import scipy.stats
import torch

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.inference.products import (
    PROBABILITIES,
    PRODUCTS,
    UNCERTAINTY,
    Scoring,
    TileLayers,
    uncertainty_of,
)
from deep_land_cover.core.raster.source import RasterSource

from ...requests import classify_request

LOGITS = torch.from_numpy(np.random.default_rng(0).normal(0, 3, (500, 5)).astype(np.float32))
VALUES = (4, 1, 250, 7, 0)
SCORING = Scoring(tuple(LandCoverClass(value, f"Class {value}", "#006400") for value in VALUES))
FLOATS = replace(SCORING, share_type="float32")


def spread(values, background):
    """Put 500 values into 25 rows of 24 pixels, the last four columns without any."""
    pixels = torch.full((25, 24), background, dtype=values.dtype)
    pixels[:, :20] = values.reshape(25, 20)
    return pixels


def test_classes_are_the_most_probable_ones_in_the_users_values():
    (classes,) = TileLayers(SCORING).of(LOGITS, spread)
    assert np.array_equal(classes[:, :20].ravel(), np.array(VALUES)[LOGITS.numpy().argmax(axis=1)])
    assert (classes[:, 20:] == 255).all()


def test_float32_probabilities_are_those_of_the_softmax():
    layers = TileLayers(FLOATS, [PROBABILITIES])
    found = layers.of(LOGITS, spread)[1:]
    expected = scipy.special.softmax(LOGITS.numpy().astype(np.float64), axis=1)
    assert layers.types == ("uint8", *["float32"] * 5)
    for band, layer in enumerate(found):
        assert layer.dtype == np.float32
        np.testing.assert_allclose(layer[:, :20].ravel(), expected[:, band], atol=1e-6)
        assert np.isnan(layer[:, 20:]).all()


def test_uint8_probabilities_are_whole_numbers_of_0_004():
    layers = TileLayers(SCORING, [PROBABILITIES])
    found = layers.of(LOGITS, spread)[1:]
    expected = scipy.special.softmax(LOGITS.numpy().astype(np.float64), axis=1)
    for band, layer in enumerate(found):
        assert layer.dtype == np.uint8
        np.testing.assert_allclose(layer[:, :20].ravel() * 0.004, expected[:, band], atol=0.00201)
        assert (layer[:, 20:] == 255).all()


def test_uncertainty_is_highest_probability_margin_and_entropy():
    probabilities = scipy.special.softmax(LOGITS.numpy().astype(np.float64), axis=1)
    found = uncertainty_of(torch.from_numpy(probabilities)).numpy()
    ordered = np.sort(probabilities, axis=1)
    np.testing.assert_allclose(found[:, 0], ordered[:, -1], atol=1e-12)
    np.testing.assert_allclose(found[:, 1], ordered[:, -1] - ordered[:, -2], atol=1e-12)
    np.testing.assert_allclose(found[:, 2], scipy.stats.entropy(probabilities, base=5, axis=1), atol=1e-12)


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [((0.25, 0.25, 0.25, 0.25), (0.25, 0.0, 1.0)), ((1.0, 0.0, 0.0, 0.0), (1.0, 1.0, 0.0))],
    ids=["no idea", "certain"],
)
def test_the_ends_of_uncertainty(probabilities, expected):
    found = uncertainty_of(torch.tensor([probabilities], dtype=torch.float64))
    np.testing.assert_allclose(found.numpy(), [expected], atol=1e-12)


def test_layers_come_in_the_order_that_they_are_found_in():
    layers = TileLayers(SCORING, [PROBABILITIES, UNCERTAINTY])
    found = layers.of(LOGITS, spread)
    assert len(found) == len(layers.types) == 1 + 5 + 3
    best = np.max([layer[:, :20] for layer in found[1:6]], axis=0)
    assert np.array_equal(found[layers.numbers(UNCERTAINTY)[0]][:, :20], best)


def test_each_product_has_a_field_of_the_request_and_layers_of_its_own():
    paths = {product.name: f"{product.name}.tif" for product in PRODUCTS}
    products = classify_request(RasterSource("scene.tif"), "model", "map.tif", **paths).products
    assert products.optional == paths
    assert products.at("other.tif", {"sets": "s.tif"}).optional == {"sets": "s.tif"}
    layers = TileLayers(SCORING, PRODUCTS)
    numbers = [number for product in PRODUCTS for number in layers.numbers(product)]
    assert numbers == list(range(1, len(layers.types)))
