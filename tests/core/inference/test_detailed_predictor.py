"""Augmentation is the mean over a patch's eight orientations; dropout deviates as its formula says."""

import numpy as np
import pytest
import torch
from scipy.special import softmax
from torch import nn

from deep_land_cover.core.inference.backends.cascade import Computation
from deep_land_cover.core.inference.backends.torch_backend import plain_backend
from deep_land_cover.core.inference.diagnostics import (
    DetailedPredictor,
    Details,
    RunningDeviation,
    rotated_positions,
)
from deep_land_cover.core.inference.predictors.patch import PatchPredictor
from deep_land_cover.core.models.card import Calibration
from deep_land_cover.core.models.network import (
    build_network,
    dropped_out,
    last_layer,
    widened,
    with_last_layer,
)
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.samples.patch_store import oriented

SIZE, CLASSES = 5, 3
CALIBRATION = Calibration(2.0, 1.0, (0.3, 0.0, -0.3), (0.2, 0.3, 0.5), 0.0, 10)


@pytest.mark.parametrize("turn", range(8))
def test_a_turned_tile_has_each_pixel_where_turned_places_says(turn):
    tile = torch.arange(5 * 7).view(5, 7)
    rows, columns = torch.cartesian_prod(torch.arange(5), torch.arange(7)).T
    found = oriented(tile, turn)[rotated_positions(rows, columns, tile.shape, turn)]
    assert torch.equal(found, tile.flatten())


def test_the_spread_is_that_of_all_probabilities_together():
    views = np.random.default_rng(0).dirichlet(np.ones(4), (8, 100)).astype(np.float32)
    spread = RunningDeviation(torch.from_numpy(views[0]))
    for view in views[1:]:
        spread.add(torch.from_numpy(view))
    best = views.mean(axis=0).argmax(axis=1)
    np.testing.assert_allclose(spread.mean, views.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(spread.of_best(), views.std(axis=0)[np.arange(100), best], atol=1e-6)


@pytest.mark.parametrize("size", [5, 6])
def test_turned_views_are_those_of_patches_around_the_same_centre(size):
    torch.manual_seed(1)
    network = nn.Sequential(nn.Flatten(), nn.Linear(2 * size**2, CLASSES)).eval()
    plain = PatchPredictor(
        Computation(plain_backend(network)), size, torch.device("cpu"), 4, SilentProgress()
    )
    predictor = DetailedPredictor(plain, Details(CLASSES, CALIBRATION, is_turned=True))
    tile = torch.randn(2, 20, 24)
    rows, columns = torch.randint(size, 20 - size, (30,)), torch.randint(size, 24 - size, (30,))
    counted = []
    found = predictor.predict(tile, torch.ones(20, 24, dtype=torch.bool), rows, columns, counted.append)
    views = []
    for is_mirrored in (False, True):
        for turns in range(4):
            # Odd patches, in which the centre stays; of the next larger odd one, an even patch is the
            # first rows and columns after turning.
            odd = size // 2 * 2 + 1
            patches = np.stack(
                [
                    tile[:, r - odd // 2 : r + odd // 2 + 1, c - odd // 2 : c + odd // 2 + 1].numpy()
                    for r, c in zip(rows.tolist(), columns.tolist(), strict=True)
                ]
            )
            patches = np.rot90(patches[..., ::-1] if is_mirrored else patches, turns, axes=(2, 3))
            patches = np.ascontiguousarray(patches[..., :size, :size])
            logits = network(torch.from_numpy(patches)).detach().numpy().astype(np.float64)
            views.append(softmax(logits / 2.0 + np.array([0.3, 0.0, -0.3]), axis=1))
    mean = np.mean(views, axis=0)
    np.testing.assert_allclose(found[:, :CLASSES].softmax(dim=1), mean, atol=1e-6)
    best = np.std(views, axis=0)[np.arange(30), mean.argmax(axis=1)]
    np.testing.assert_allclose(found[:, CLASSES], best, atol=1e-5)
    assert sum(counted) == 30


@pytest.mark.parametrize("name", ["resnet18", "multiscale", "unet_resnet18"])
def test_a_wider_last_layer_gives_the_same_logits_first(name):
    torch.manual_seed(0)
    network = build_network(name, 2, CLASSES, windows=(3, 7)).eval()
    layer = last_layer(network, name)
    made = with_last_layer(network, name, widened(layer, [dropped_out(layer, 0.0, 2)]))
    shape = 2, 2, 32, 32
    if name == "multiscale":
        shape = (2, next(item for item in network if isinstance(item, nn.Linear)).in_features)
    shown = torch.randn(shape)
    with torch.no_grad():
        expected, found = network(shown), made(shown)
    for part in found.split(CLASSES, dim=1):
        torch.testing.assert_close(part, expected, atol=1e-5, rtol=1e-4)
    # The network itself is as it was.
    assert last_layer(network, name) is layer


def test_dropped_features_leave_the_mean_and_have_the_variance_of_bernoulli_draws():
    torch.manual_seed(0)
    layer, features, rate = nn.Linear(6, 1), torch.randn(6), 0.3
    samples = dropped_out(layer, rate, 20_000)(features).detach().numpy()
    terms = (layer.weight[0] * features).detach().numpy()
    # Var(x b / (1 - p)) = x² p / (1 - p) for a draw b that is 1 with the chance 1 - p.
    variance = float(np.sum(terms**2)) * rate / (1 - rate)
    assert float(samples.mean()) == pytest.approx(
        terms.sum() + layer.bias.item(), abs=4 * (variance / 20_000) ** 0.5
    )
    assert float(samples.var()) == pytest.approx(variance, rel=0.05)


def test_deviations_over_dropout_are_those_of_calibrated_probabilities():
    torch.manual_seed(0)
    logits = torch.randn(50, CLASSES * 6)
    views = logits.view(50, 6, CLASSES)

    class Given:
        tile_size = alignment = batch_size = 1
        before = behind = 0
        method = agreement = None

        def predict(self, *_):
            return logits

    predictor = DetailedPredictor(Given(), Details(CLASSES, CALIBRATION, samples=5))
    found = predictor.predict(torch.zeros(1, 1, 1), None, None, None, lambda _: None)
    assert torch.equal(found[:, :CLASSES], views[:, 0])
    chances = softmax(views[:, 1:].numpy() / 2.0 + np.array([0.3, 0.0, -0.3]), axis=2)
    best = chances.mean(axis=1).argmax(axis=1)
    np.testing.assert_allclose(found[:, CLASSES], chances.std(axis=1)[np.arange(50), best], atol=1e-6)
