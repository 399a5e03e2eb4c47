"""The dissimilarity index is that of its formula, and stands in model files of both kinds."""

import numpy as np
import pytest
import torch
from matplotlib.cbook import boxplot_stats
from scipy.spatial.distance import cdist, pdist
from torch import nn

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ModelFileError
from deep_land_cover.core.models.applicability import PREFIX, load_applicability
from deep_land_cover.core.models.network import (
    build_network,
    last_layer,
    on_features,
    with_last_layer,
)
from deep_land_cover.core.models.network_file import load_model, save_model
from deep_land_cover.core.uncertainty.applicability import across_folds, make_applicability, upper_whisker

from ...cards import model_card

CARD = model_card(
    bands=("B3", "B4", "B8"),
    patch_size=8,
    classes=(LandCoverClass(1, "Hutan", "#228B22"), LandCoverClass(2, "Air", "#0066CC")),
)


def features(count, width, seed=0):
    generator = np.random.default_rng(seed)
    # Of other scales, and correlated.
    return (generator.normal(3, 2, (count, width)) @ generator.normal(0, 1, (width, width))).astype(
        np.float32
    )


@pytest.mark.parametrize("is_weighted", [False, True])
def test_the_index_is_the_distance_to_the_nearest_sample_over_the_mean_one(is_weighted):
    known, asked = features(300, 12), features(80, 12, seed=1)
    importance = np.linspace(0.2, 0.0, 12).astype(np.float32) if is_weighted else np.ones(12, np.float32)
    scale = importance / known.std(axis=0)
    mean = pdist(known * scale).mean()
    expected = cdist(asked * scale, known * scale).min(axis=1) / mean
    area = make_applicability(torch.from_numpy(known), torch.from_numpy(importance) if is_weighted else None)
    found = area.dissimilarity(area.layer(torch.from_numpy(asked)))
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)
    # Features without weight have no component.
    assert area.components == (11 if is_weighted else 12)


def test_samples_are_compared_with_those_of_other_folds_only():
    known, folds = features(90, 4), np.arange(90) % 3 + 1
    scaled = known / known.std(axis=0)
    distances = cdist(scaled, scaled) / pdist(scaled).mean()
    distances[folds[:, None] == folds] = np.inf
    found = across_folds(make_applicability(torch.from_numpy(known)), folds)
    np.testing.assert_allclose(np.sort(found), np.sort(distances.min(axis=1)), rtol=1e-3, atol=1e-4)
    assert len(across_folds(make_applicability(torch.from_numpy(known)), np.ones(90))) == 0


def test_of_many_features_the_64_widest_components_are_left():
    area = make_applicability(torch.from_numpy(features(500, 100)))
    assert area.components == 64
    spread = area.references.std(dim=0)
    assert (spread.diff() <= 1e-4).all()


@pytest.mark.parametrize("known", [np.ones((5, 3)), np.arange(3.0)[None]], ids=["all alike", "only one"])
def test_samples_without_any_distance_have_no_area(known):
    assert make_applicability(torch.from_numpy(known.astype(np.float32))) is None


def test_a_feature_that_never_varies_does_not_count():
    known = features(50, 3)
    constant = np.concatenate([known, np.full((50, 1), 7.0, np.float32)], axis=1)
    area = make_applicability(torch.from_numpy(constant))
    asked = torch.from_numpy(constant[:5]).clone()
    asked[:, 3] = 1e6
    torch.testing.assert_close(area.dissimilarity(area.layer(asked)), torch.zeros(5), atol=1e-3, rtol=0)


def test_the_threshold_is_the_upper_whisker_of_a_box_plot():
    values = np.random.default_rng(0).lognormal(0, 1, 777).astype(np.float32)
    assert upper_whisker(torch.from_numpy(values)) == pytest.approx(boxplot_stats(values)[0]["whishi"])


def test_a_network_with_an_area_is_the_same_network(tmp_path):
    network, path = build_network("resnet18", 3, 2), tmp_path / "model.safetensors"
    area = make_applicability(torch.from_numpy(features(30, 512)))
    save_model(path, network, CARD, applicability=area)
    loaded, _ = load_model(path)
    assert loaded.state_dict().keys() == network.state_dict().keys()
    found = load_applicability(path, 512)
    for name, tensor in area.tensors().items():
        torch.testing.assert_close(getattr(found, name), tensor)


@pytest.mark.medium(but=("not a number",))
@pytest.mark.parametrize(
    "change",
    [
        {"weight": torch.zeros(4, 511)},
        {"references": torch.zeros(3, 5)},
        {"references": torch.full((3, 4), float("nan"))},
        {"mean_distance": torch.zeros(2)},
        {"bias": torch.zeros(5)},
    ],
    ids=["other features", "other components", "not a number", "two means", "other bias"],
)
def test_a_forged_area_is_refused(tmp_path, change):
    path = tmp_path / "model.safetensors"
    parts = {"weight": torch.zeros(4, 512), "bias": torch.zeros(4), "references": torch.zeros(3, 4)}

    class Forged:
        def tensors(self, prefix):
            everything = {**parts, "mean_distance": torch.ones(()), **change}
            return {f"{prefix}{name}": tensor for name, tensor in everything.items()}

    save_model(path, build_network("resnet18", 3, 2), CARD, applicability=Forged())
    with pytest.raises(ModelFileError, match="area of applicability"):
        load_applicability(path, 512)


def test_a_file_without_an_area_is_refused(tmp_path):
    path = tmp_path / "model.safetensors"
    save_model(path, build_network("resnet18", 3, 2), CARD)
    assert PREFIX not in path.read_bytes().decode("latin1")
    with pytest.raises(ModelFileError):
        load_applicability(path, 512)


def test_coordinates_of_a_dense_network_are_those_of_each_pixel():
    torch.manual_seed(0)
    network = build_network("unet_resnet18", 2, 3).eval()
    layer, linear = last_layer(network, "unet_resnet18"), nn.Linear(16, 5)
    shown = torch.randn(1, 2, 32, 32)
    with torch.no_grad():
        maps = with_last_layer(network, "unet_resnet18", nn.Identity())(shown)
        found = with_last_layer(network, "unet_resnet18", on_features(layer, linear))(shown)
        expected = linear(maps.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)
