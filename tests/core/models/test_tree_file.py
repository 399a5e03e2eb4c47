from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.tree import DecisionTreeClassifier

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ModelFileError
from deep_land_cover.core.models.architectures import ARCHITECTURES, architecture
from deep_land_cover.core.models.card import (
    DOCUMENT_MEMBER,
    FORMAT_VERSION,
    ModelCard,
    Scaling,
    Training,
    read_card,
)
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.tree_file import load_trees, save_trees
from deep_land_cover.core.models.tree_model import TreeModel

TREES = [item.name for item in ARCHITECTURES if item.family == "trees"]
CARD = ModelCard(
    architecture="extra_trees",
    bands=("B4", "B8"),
    band_roles={"red": "B4", "nir": "B8"},
    indices=("NDVI",),
    reflectance_scale=0.0001,
    scaling=Scaling(mean=(1.0, 2.0, 0.5), std=(1.0, 1.0, 0.1)),
    patch_size=1,
    padding="reflect",
    pixel_size=(20.0, 20.0),
    crs="EPSG:32748",
    nodata=None,
    classes=tuple(LandCoverClass(value, f"农田 {value}", "#90EE90") for value in (1, 4, 9)),
    training=Training("blocks", "note", 10, 3, 3, 0, None),
    metrics=None,
    created="2026-01-01T00:00:00+00:00",
    versions={"scikit-learn": "1.5.0"},
    windows=(3,),
)
FEATURES = 3 * 3


def table(seed: int = 0, classes: tuple[int, ...] = (0, 1, 2)) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    codes = generator.choice(classes, 200)
    # Those of the channels, of as many class maps, and of a network.
    features = generator.normal(codes[:, None], 1.0, (200, 2 * FEATURES + 3)).astype(np.float32)
    return features, codes.astype(np.int64)


def fitted(name: str = "extra_trees", classes: tuple[int, ...] = (0, 1, 2)) -> TreeModel:
    model: TreeModel = architecture(name).build(0, 1, 3, CARD.windows)
    features, codes = table(classes=classes)
    if model.pixel is not None:
        model.pixel.set_params(max_iter=4).fit(features[:, : len(CARD.channels)], codes)
    for member, count in zip(model.members, model.counts(3), strict=True):
        size = "max_iter" if hasattr(member, "max_iter") else "n_estimators"
        member.set_params(**{size: 4}).fit(features[:, :count], codes)
    network = architecture(name).network
    return replace(model, network=build_network(network.name, 3, 3)) if network else model


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "Modell ü.skops"
    save_trees(path, fitted(), CARD)
    return path


def rewrite(path: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """Pass each member through ``change``; None leaves it out."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            changed = change(name, content)
            if changed is not None:
                archive.writestr(name, changed)


def refuse(path: Path, match: str) -> None:
    with pytest.raises(ModelFileError, match=match) as caught:
        load_trees(path)
    assert caught.value.where == str(path)
    assert caught.value.advice


@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize("classes", [(0, 1, 2), (0, 2)])
def test_a_saved_model_gives_the_same_and_has_its_document(
    name: str, classes: tuple[int, ...], tmp_path: Path
) -> None:
    model, card = fitted(name, classes), replace(CARD, architecture=name)
    path = tmp_path / "any.skops"
    save_trees(path, model, card)
    loaded, loaded_card = load_trees(path)
    assert loaded_card == card == read_card(path)
    assert (loaded.network is None) == (model.network is None)
    if model.network is not None and loaded.network is not None:
        weights = loaded.network.state_dict()
        assert all(value.equal(weights[name]) for name, value in model.network.state_dict().items())
    features, _ = table(seed=1)
    np.testing.assert_array_equal(loaded.log_probabilities(features), model.log_probabilities(features))
    assert [item.name for item in tmp_path.iterdir()] == ["any.skops"]


def test_log_probabilities_are_those_of_scikit_learn() -> None:
    model = fitted()
    features, _ = table(seed=1)
    found = model.log_probabilities(features)
    assert found.dtype == np.float32
    expected = model.members[0].predict_proba(features[:, :FEATURES])
    np.testing.assert_allclose(np.exp(found), expected, atol=2e-6)


def test_a_class_without_training_samples_is_never_chosen() -> None:
    model = fitted(classes=(0, 2))
    found = model.log_probabilities(table(seed=1)[0])
    assert found.shape == (200, 3) and np.isfinite(found).all()
    assert set(found.argmax(axis=1)) == {0, 2}
    assert model.log_probabilities(np.empty((0, FEATURES), np.float32)).shape == (0, 3)


def test_the_file_is_known_by_its_content(model: Path) -> None:
    other = model.with_suffix(".safetensors")
    shutil.copy(model, other)
    assert read_card(other) == CARD


def test_scikit_learn_users_can_open_it_with_skops(model: Path) -> None:
    unknown = skops.io.get_untrusted_types(file=model)
    assert set(unknown) <= {"sklearn.tree._tree.Tree"}
    (estimator,) = skops.io.load(model, trusted=unknown)["members"]
    assert estimator.n_features_in_ == FEATURES


def test_a_skops_file_without_a_document_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "other.skops"
    skops.io.dump(fitted().members[0], path)
    refuse(path, "The file is not a model")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x03\x04" + bytes(1000)])
def test_a_broken_zip_is_no_model(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.skops"
    path.write_bytes(content)
    refuse(path, "The file is not a model")


def test_a_model_cut_short_is_no_model(model: Path) -> None:
    model.write_bytes(model.read_bytes()[:-200])
    refuse(model, "The file is not a model")


def test_a_document_of_a_newer_version_is_refused(model: Path) -> None:
    newer = json.dumps({**json.loads(CARD.to_json()), "format_version": FORMAT_VERSION + 1}).encode()
    rewrite(model, lambda name, content: newer if name == DOCUMENT_MEMBER else content)
    refuse(model, "newer version")


def test_a_document_that_unfolds_without_end_is_not_read(model: Path) -> None:
    rewrite(model, lambda name, content: b" " * 20_000_000 if name == DOCUMENT_MEMBER else content)
    refuse(model, "The file is not a model")


@pytest.mark.medium
def test_a_zip_bomb_is_refused(model: Path) -> None:
    with zipfile.ZipFile(model, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.npy", bytes(300_000_000))
    refuse(model, "decompress to 300 MB")


@pytest.mark.parametrize(
    ("module", "name"), [("os", "system"), ("builtins", "eval"), ("sklearn.svm._classes", "SVC")]
)
def test_a_class_that_no_trees_need_is_refused_before_anything_is_loaded(
    module: str, name: str, model: Path
) -> None:
    def forge(member: str, content: bytes) -> bytes:
        if member != "schema.json":
            return content
        schema = json.loads(content)
        schema["content"]["members"] = {
            "__class__": name,
            "__module__": module,
            "__loader__": "TypeNode",
            "__id__": 1,
        }
        return json.dumps(schema).encode()

    rewrite(model, forge)
    refuse(model, f"contains '{module}.{name}'")


def bend(change: Callable[[Any], None]) -> TreeModel:
    """Return a forest after ``change`` to the nodes of its first tree, whose memory they share."""
    model = fitted()
    tree = model.members[0].estimators_[0].tree_
    state = tree.__getstate__()
    nodes = state["nodes"].copy()
    change(nodes)
    tree.__setstate__({**state, "nodes": nodes})
    return model


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda nodes: nodes["left_child"].__setitem__(0, 10**9), "points outside itself"),
        (lambda nodes: nodes["right_child"].__setitem__(0, 0), "points outside itself"),
        (lambda nodes: nodes["right_child"].__setitem__(0, -5), "points outside itself"),
        (lambda nodes: nodes["feature"].__setitem__(0, FEATURES), "a feature that does not exist"),
        (lambda nodes: nodes["feature"].__setitem__(0, -1), "a feature that does not exist"),
    ],
)
def test_a_tree_that_points_outside_itself_is_refused(
    change: Callable[[Any], None], match: str, tmp_path: Path
) -> None:
    path = tmp_path / "bent.skops"
    try:
        save_trees(path, bend(change), CARD)
    except ValueError:
        pytest.skip("this scikit-learn refuses it itself")
    refuse(path, match)


@pytest.mark.parametrize("field", ["left", "right", "feature_idx", "is_categorical"])
def test_a_boosted_tree_that_points_outside_itself_is_refused(field: str, tmp_path: Path) -> None:
    model = fitted("gradient_boosting")
    nodes = model.members[0]._predictors[-1][-1].nodes
    assert not nodes["is_leaf"][0]
    nodes[field][0] = 200
    path = tmp_path / "bent.skops"
    save_trees(path, model, replace(CARD, architecture="gradient_boosting"))
    refuse(path, "a tree")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"architecture": "random_forest"}, "not RandomForestClassifier"),
        ({"architecture": "tree_ensemble"}, "not ExtraTreesClassifier, Hist"),
        ({"windows": (3, 5)}, "they take 9 features, not 15"),
        ({"classes": CARD.classes[:2]}, "not those of the description"),
        ({"architecture": "resnet18"}, "resnet18"),
    ],
)
def test_trees_that_are_not_those_of_the_document_are_refused(
    change: dict[str, Any], match: str, tmp_path: Path
) -> None:
    path = tmp_path / "other.skops"
    save_trees(path, fitted(), replace(CARD, **change))
    refuse(path, match)


def test_a_tree_of_another_size_than_its_forest_is_refused(tmp_path: Path) -> None:
    model = fitted("random_forest")
    features, codes = table()
    other = DecisionTreeClassifier(random_state=0).fit(features[:, :2], codes)
    model.members[0].estimators_[1] = other
    path = tmp_path / "mixed.skops"
    save_trees(path, model, replace(CARD, architecture="random_forest"))
    refuse(path, "another size than the forest")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (None, "has no network"),
        (b"", "network's weights cannot be read"),
        (b"\x08\0\0\0\0\0\0\0{}      ", "no weight 'bn1.bias'"),
    ],
)
def test_a_hybrid_whose_network_is_damaged_is_refused(
    content: bytes | None, match: str, tmp_path: Path
) -> None:
    path = tmp_path / "hybrid.skops"
    save_trees(path, fitted("hybrid"), replace(CARD, architecture="hybrid"))
    rewrite(path, lambda name, old: content if name == "network.safetensors" else old)
    refuse(path, match)


def test_a_hybrid_with_the_network_of_other_classes_is_refused(tmp_path: Path) -> None:
    model = replace(fitted("hybrid"), network=build_network("resnet18", 3, 4))
    path = tmp_path / "hybrid.skops"
    save_trees(path, model, replace(CARD, architecture="hybrid"))
    refuse(path, r"'fc.weight' must have the shape \(3, 512\)")


def test_trees_that_saw_no_network_are_no_hybrid(tmp_path: Path) -> None:
    model = replace(fitted("tree_ensemble"), network=build_network("resnet18", 3, 3))
    path = tmp_path / "hybrid.skops"
    save_trees(path, model, replace(CARD, architecture="hybrid"))
    refuse(path, "they take 18 features, not 21")


def test_the_version_that_made_it_is_named_where_it_cannot_be_read(model: Path) -> None:
    rewrite(model, lambda name, content: None if name.endswith(".npy") else content)
    with pytest.raises(ModelFileError, match=r"written with scikit-learn 1\.5\.0"):
        load_trees(model)
