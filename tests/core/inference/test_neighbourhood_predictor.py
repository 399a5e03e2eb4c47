from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.ensemble import ExtraTreesClassifier

from deep_land_cover.core.inference.predictors.neighbourhood import network_predictor, tree_predictor
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.tree_model import TreeModel
from deep_land_cover.core.raster.neighbourhood import Neighbourhoods, neighbourhood_features

WINDOWS = (3, 7)


@pytest.fixture(scope="module")
def model() -> TreeModel:
    generator = np.random.default_rng(0)
    codes = generator.integers(0, 3, 200)
    features = generator.normal(codes[:, None], 1.0, (200, 2 * (1 + 2 * len(WINDOWS)))).astype(np.float32)
    return TreeModel(
        Neighbourhoods(WINDOWS), (ExtraTreesClassifier(8, random_state=0).fit(features, codes),), 4
    )


def tile() -> tuple[torch.Tensor, ...]:
    """Channels and validity of 20 x 20 pixels with a halo of 3, and its centres without the invalid."""
    generator = torch.Generator().manual_seed(1)
    valid = torch.rand((26, 26), generator=generator) < 0.8
    channels = torch.where(valid, torch.randn((2, 26, 26), generator=generator), 0.0)
    rows, columns = torch.nonzero(valid[3:-3, 3:-3], as_tuple=True)
    return channels, valid, rows + 3, columns + 3


@pytest.mark.parametrize("batch_size", [0, 7])
def test_pixels_are_scored_by_their_neighbourhoods_in_their_order(model: TreeModel, batch_size: int) -> None:
    counted: list[int] = []
    channels, valid, rows, columns = tile()
    predictor = tree_predictor(model, batch_size)
    assert (predictor.before, predictor.behind, predictor.alignment) == (3, 3, 1)
    scores = predictor.predict(channels, valid, rows, columns, counted.append)
    features = neighbourhood_features(channels, valid, rows, columns, WINDOWS).numpy()
    np.testing.assert_allclose(
        np.exp(scores[:, :3].numpy()), model.members[0].predict_proba(features), atol=2e-6
    )
    assert scores.shape == (len(rows), 4) and scores.dtype == torch.float32
    assert sum(counted) == len(rows)
    assert batch_size == 0 or max(counted) == batch_size


def test_a_model_without_neighbourhoods_needs_no_halo(model: TreeModel) -> None:
    alone = tree_predictor(TreeModel(Neighbourhoods(()), model.members, 4), 0)
    assert (alone.before, alone.behind) == (0, 0)


def test_no_centres_give_no_scores(model: TreeModel) -> None:
    channels, valid, _, _ = tile()
    nothing = torch.empty(0, dtype=torch.int64)
    assert tree_predictor(model, 0).predict(channels, valid, nothing, nothing, int).shape == (0, 4)


def test_the_rate_is_told_before_and_after_the_work(model: TreeModel) -> None:
    predictor = tree_predictor(model, 0)
    assert predictor.model_rate(0.0) is None
    rate = predictor.trial_rate(2, 1000)
    assert rate is not None and rate > 0
    predictor.predict(*tile(), lambda _: None)
    assert (predictor.model_rate(0.01) or 0) > 0


def test_a_network_scores_the_same_features() -> None:
    channels, valid, rows, columns = tile()
    torch.manual_seed(0)
    network = build_network("multiscale", 2, 4, WINDOWS).eval()
    counted: list[int] = []
    predictor = network_predictor(network, WINDOWS, torch.device("cpu"), 50)
    scores = predictor.predict(channels, valid, rows, columns, counted.append)
    with torch.inference_mode():
        expected = network(neighbourhood_features(channels, valid, rows, columns, WINDOWS))
    torch.testing.assert_close(scores, expected)
    assert sum(counted) == len(rows) and max(counted) == 50
    rate = predictor.trial_rate(2, 1000)
    assert rate is not None and rate > 0
