"""Artificial borders in the surroundings of training samples, and the mean of weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from deep_land_cover.core.raster.neighbourhood import Neighbourhoods
from deep_land_cover.core.training.edge_mixing import edge_copies, fraction_beyond, mix_edges
from deep_land_cover.core.training.feeds.base import UNLABELLED, Examples, Labels
from deep_land_cover.core.training.optimisation import WeightAverage, loss_of

SIZE = 17


def flat_squares(count: int) -> Examples:
    """Squares of one number each, which is also the class."""
    codes = torch.arange(count)
    squares = codes.float()[:, None, None, None].expand(count, 1, 2 * SIZE + 1, 2 * SIZE + 1).contiguous()
    return Examples(squares, codes, SIZE)


def test_beyond_a_straight_line_another_square_begins() -> None:
    whole = flat_squares(200)
    mixed, labels = mix_edges(whole, 1.0, np.random.default_rng(1))
    assert labels.others is not None and labels.fractions is not None
    middle = SIZE
    for square, own, other, share in zip(
        mixed.inputs[:, 0], labels.codes, labels.others, labels.fractions, strict=True
    ):
        if own == other:
            continue
        part = (square - own) / (other - own)
        # Only the pixels that the line cuts are mixed: about as many as the square is wide.
        cut = (part > 0.001) & (part < 0.999)
        assert int(cut.sum()) <= 2 * (2 * SIZE + 1)
        assert float(part[middle, middle]) == pytest.approx(float(share), abs=1e-5)
        assert float(share) <= 0.5
        # The line is at most half a patch away, so that some of the square lies beyond it.
        assert bool((part > 0.999).any()) and bool((part < 0.001).any())


def test_the_fraction_of_squares_with_a_line_is_the_probability() -> None:
    whole = flat_squares(4000)
    mixed, labels = mix_edges(whole, 0.7, np.random.default_rng(1))
    is_changed = (mixed.inputs != whole.inputs).flatten(1).any(dim=1)
    # Three standard errors of a binomial.
    assert float(is_changed.float().mean()) == pytest.approx(0.7, abs=3 * (0.7 * 0.3 / 4000) ** 0.5)
    assert labels.fractions is not None and bool((labels.fractions[~is_changed] == 0).all())


def test_a_label_that_is_mixed_has_both_losses() -> None:
    logits = torch.tensor([[2.0, 0.0, -1.0]])
    labels = Labels(torch.tensor([0]), torch.tensor([2]), torch.tensor([0.25]))
    expected = -(0.75 * logits.log_softmax(1)[0, 0] + 0.25 * logits.log_softmax(1)[0, 2])
    assert torch.allclose(loss_of(logits, labels, torch.ones(3), "cross_entropy", 0.0), expected)


def test_pixels_of_a_crop_keep_the_labels_of_the_crop_that_they_come_from() -> None:
    codes = torch.arange(50)[:, None, None].repeat(1, 16, 16)
    codes[:, ::3] = UNLABELLED
    values = codes[:, None].float()
    mixed, labels = mix_edges(Examples(values, codes, 16), 1.0, np.random.default_rng(2))
    is_labelled = mixed.codes != UNLABELLED
    # Values are the labels, so that each labelled pixel shows where it comes from.
    assert torch.equal(mixed.inputs[:, 0][is_labelled], mixed.codes[is_labelled].float())
    assert bool((mixed.codes != codes)[is_labelled].any()) and labels.others is None
    lost = (codes != UNLABELLED) & ~is_labelled
    # Only rows of pixels on a line, at most two pixels wide, lose their labels.
    assert 0 < int(lost.sum()) < 50 * 2 * 2 * 16


def test_features_of_a_network_are_mixed_as_those_of_trees() -> None:
    measure = Neighbourhoods.textured((3, 7, 31))
    features = np.random.default_rng(0).random((40, measure.count(2)), dtype=np.float32)
    whole = Examples(torch.from_numpy(features)[:, :, None, None], torch.arange(40), 1, measure=measure)
    generator = np.random.default_rng(1)
    mixed, labels = mix_edges(whole, 1.0, generator)
    assert torch.equal(labels.codes, whole.codes) and labels.others is None
    assert mixed.inputs.shape == whole.inputs.shape
    is_changed = (mixed.inputs != whole.inputs).flatten(1).any(dim=1)
    assert bool(is_changed.float().mean() > 0.8)
    unmixed, _ = mix_edges(whole, 0.0, generator)
    assert torch.equal(unmixed.inputs, whole.inputs)


@pytest.mark.parametrize("side", [1, 3, 15, 61])
def test_the_fraction_of_a_window_beyond_a_line_is_its_area(side: int) -> None:
    # A vertical line at a distance d from the middle leaves (side / 2 - d) / side beyond it.
    for distance in (0.0, side / 4, side):
        expected = max(side / 2 - distance, 0.0) / side
        found = fraction_beyond(np.array([0.0]), np.array([distance]), side)[0]
        assert found == pytest.approx(expected, abs=1e-9)


def test_copies_have_the_statistics_of_a_mixture() -> None:
    # Two flat fields of the values 0 and 1, a window of 15 pixels: the mean is the fraction f beyond the
    # line, and the variance f (1 - f), that of a Bernoulli variable.
    measure = Neighbourhoods((15,))
    features = np.array([[0, 0, 0], [1, 1, 0]], dtype=np.float32).repeat(50, axis=0)
    copies, codes = edge_copies(features, measure, 1, np.arange(100), 3, np.random.default_rng(0))
    assert copies.shape == (300, 3) and codes.tolist() == [*range(100)] * 3
    mean, deviation = copies[:, 1], copies[:, 2]
    assert np.allclose(deviation, np.sqrt(mean * (1 - mean)), atol=1e-6)
    own = features[codes, 1]
    # At most half of a window lies beyond a line, and some does of windows wider than twice its distance.
    assert (np.abs(mean - own) <= 0.5 + 1e-6).all() and (np.abs(mean - own) > 0.2).any()


def test_half_of_the_lines_of_trees_pass_near_the_pixel() -> None:
    # A line cuts the pixel, and changes its value, at a distance below 0.5. Half of the distances are uniform
    # up to 2 pixels, the others up to 8.5.
    measure = Neighbourhoods((3,))
    count = 8000
    features = np.arange(count, dtype=np.float32)[:, np.newaxis].repeat(3, axis=1)
    copies, codes = edge_copies(features, measure, 1, np.arange(count), 1, np.random.default_rng(0))
    expected = 0.5 * 0.5 / 2 + 0.5 * 0.5 / 8.5
    # Three standard errors of a binomial.
    found = float((copies[:, 0] != codes).mean())
    assert found == pytest.approx(expected, abs=3 * (expected * (1 - expected) / count) ** 0.5)


def test_the_mean_of_weights_is_exponential() -> None:
    network = nn.Linear(1, 1, bias=False)
    network.weight.data.fill_(0.0)
    average = WeightAverage(network, 0.9)
    values = np.random.default_rng(0).random(200)
    expected = 0.0
    for number, value in enumerate(values, start=1):
        network.weight.data.fill_(float(value))
        average.update()
        decay = min(0.9, number / (number + 10))
        expected = decay * expected + (1 - decay) * value
    assert float(average.weights["weight"]) == pytest.approx(expected, abs=1e-5)
    with average.applied():
        assert float(network.weight) == pytest.approx(expected, abs=1e-5)
    assert float(network.weight) == pytest.approx(float(values[-1]))
