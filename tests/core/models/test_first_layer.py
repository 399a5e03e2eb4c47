"""The first layer of published weights on other channels, in another scaling."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from deep_land_cover.core.models.first_layer import adapted_layer, matched_roles, names_of

BANDS = ("blue", "green", "red", "nir")


def layers(channels: int) -> nn.Sequential:
    """Return a convolution with the normalisation after it, in evaluation mode."""
    torch.manual_seed(channels)
    convolution = nn.Conv2d(channels, 8, 7, stride=2, bias=False).double()
    norm = nn.BatchNorm2d(8).double()
    norm.running_mean.copy_(torch.rand(8))
    norm.running_var.copy_(0.1 + torch.rand(8))
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    return nn.Sequential(convolution, norm).eval()


def test_with_all_bands_the_outputs_are_those_of_the_weights_on_their_own_scale():
    theirs, ours = layers(4), layers(4)
    ours.load_state_dict(theirs.state_dict())
    order = (3, 0, 2, 1)
    # Reflectances of 0 to 0.5; the network reads them standardised, band by band, in another order.
    reflectance = 0.5 * torch.rand(2, 4, 31, 31, dtype=torch.float64)
    means = torch.tensor([0.05, 0.08, 0.1, 0.3], dtype=torch.float64)
    deviations = torch.tensor([0.02, 0.03, 0.05, 0.1], dtype=torch.float64)
    standardised = (reflectance - means[:, None, None]) / deviations[:, None, None]
    # As Landsat weights expect it: divided by 0.3.
    expected = theirs(reflectance / 0.3)
    convolution, norm = theirs
    layer = adapted_layer(
        convolution.weight.detach(),
        norm.running_mean,
        norm.running_var,
        order,
        [float(deviations[band]) / 0.3 for band in order],
        [float(means[band]) / 0.3 for band in order],
    )
    ours[0].weight.data.copy_(layer.kernels)
    ours[1].running_mean.copy_(layer.mean)
    ours[1].running_var.copy_(layer.variance)
    found = ours(standardised[:, list(order)])
    # The normalisation adds 1e-5 to a variance that is now larger.
    assert torch.allclose(found, expected, rtol=1e-3, atol=1e-3)
    assert float(layer.kernels.square().mean()) == pytest.approx(
        float(convolution.weight.detach().square().mean())
    )


def test_a_channel_without_a_partner_counts_as_much_as_the_others():
    kernels = torch.rand(8, 4, 7, 7)
    factors, shifts = [0.1, 0.2, 1.0, 0.4], [0.0] * 4
    layer = adapted_layer(kernels, torch.zeros(8), torch.ones(8), (0, 1, None, 3), factors, shifts)
    new = layer.kernels
    # Kernels keep their proportions in the unit that they expect, and the third is the mean of the others.
    assert torch.allclose(new[:, 1] / new[:, 0], 2 * kernels[:, 1] / kernels[:, 0], rtol=1e-4)
    assert torch.allclose(new[:, 2], (new[:, 0] + new[:, 1] + new[:, 3]) / 3, rtol=1e-5)


def test_half_of_the_bands_give_outputs_of_the_same_size():
    # All bands show the same: then as many kernels or half of them must give the same sum.
    kernels = torch.rand(8, 4, 7, 7).double()
    some = [0.5] * 2
    layer = adapted_layer(kernels, torch.zeros(8).double(), torch.ones(8).double(), (0, 0), some, some)
    all_four = adapted_layer(
        kernels[:, :1].expand(-1, 4, -1, -1),
        torch.zeros(8).double(),
        torch.ones(8).double(),
        (0,) * 4,
        *[[0.5] * 4] * 2,
    )
    sums = [part.kernels.sum(dim=1) / part.variance.sqrt()[:, None, None] for part in (layer, all_four)]
    assert torch.allclose(*sums)


def test_bands_are_matched_by_role_and_not_by_number():
    # Landsat's B5 is near infrared and Sentinel-2's the first red edge.
    roles = {"blue": "B2", "green": "B3", "red": "B4", "nir": "B5", "swir1": "B6"}
    channels = ("B2", "B5", "B6", "NDVI")
    weights = ("blue", "green", "red", "red_edge_1", "nir", "nir_narrow", "swir1")
    assert matched_roles(names_of(channels, roles), weights) == (0, 4, 6, None)


def test_a_narrow_near_infrared_takes_its_own_kernel_before_that_of_the_broad_one():
    names = names_of(("B8A",), {"nir": "B8A", "nir_narrow": "B8A"})
    assert matched_roles(names, ("red", "nir", "nir_narrow")) == (2,)
    assert matched_roles(names, ("red", "nir")) == (1,)
