"""Model file of an ensemble."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ModelFileError
from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.models.card import DOCUMENT_MEMBER, MemberWeight, ModelCard, Scaling
from deep_land_cover.core.models.ensemble import (
    EnsembleModel,
    Member,
    load_ensemble,
    member_card,
    save_ensemble,
)
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.pool import Pool
from deep_land_cover.core.models.tree_model import TreeModel
from deep_land_cover.core.raster.neighbourhood import Neighbourhoods

from ...cards import model_card

CARD = model_card(
    bands=("B4", "B8"),
    classes=tuple(LandCoverClass(value, f"Class {value}", "#90EE90") for value in (1, 4, 9)),
    patch_size=1,
    architecture="ensemble",
    windows=(3,),
    members=(MemberWeight("multiscale", 0.75, 0.8), MemberWeight("random_forest", 0.5)),
    format_version=2,
)


def ensemble(card: ModelCard = CARD) -> EnsembleModel:
    generator = np.random.default_rng(0)
    codes = generator.integers(3, size=100)
    trees: TreeModel = architecture("random_forest").build(0, 1, 3, (3,))
    features = generator.normal(codes[:, None], 1.0, (100, trees.count(2))).astype(np.float32)
    for forest in trees.members:
        forest.set_params(n_estimators=5).fit(features, codes)
    torch.manual_seed(0)
    members = (
        Member(build_network("multiscale", 2, 3, (3,)).eval(), member_card(card, "multiscale", 1, (3,))),
        Member(trees, member_card(card, "random_forest", 1, (3,))),
    )
    return EnsembleModel(members, Pool(((0.75,), (0.5,))))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "model.skops"
    save_ensemble(file, ensemble(), CARD)
    return file


def rewritten(path: Path, *, compressed: str = "", without: str = "", document: str = "") -> Path:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist() if name != without}
    if document:
        content[DOCUMENT_MEMBER] = document.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data, zipfile.ZIP_DEFLATED if name == compressed else zipfile.ZIP_STORED)
    return path


def test_an_ensemble_that_is_read_again_predicts_the_same(path: Path) -> None:
    before, (after, card) = ensemble(), load_ensemble(path)
    assert (after.pool, card.members, card.classes) == (before.pool, CARD.members, CARD.classes)
    count = before.members[1].model.count(2)
    features = np.random.default_rng(1).normal(size=(20, count)).astype(np.float32)
    inputs = torch.randn(4, Neighbourhoods.textured((3,)).count(2), generator=torch.manual_seed(1))
    with torch.inference_mode():
        old, new = (model.members[0].model(inputs) for model in (before, after))
    assert torch.equal(old, new)
    assert np.array_equal(
        before.members[1].model.log_probabilities(features),
        after.members[1].model.log_probabilities(features),
    )


def test_a_document_of_earlier_ensembles_pools_as_before(path: Path) -> None:
    document = json.loads(CARD.to_json())
    for name in ("combination", "scales_members"):
        del document[name]
    for member in document["members"]:
        for name in ("class_weights", "gain", "file"):
            del member[name]
    ensemble_before, card = load_ensemble(rewritten(path, document=json.dumps(document)))
    assert card == CARD
    scores = torch.randn(2, 5, 3, generator=torch.manual_seed(2))
    expected = 0.75 * scores[0].log_softmax(dim=1) + 0.5 * scores[1].log_softmax(dim=1)
    torch.testing.assert_close(ensemble_before.pool.scores(list(scores)), expected)


def test_members_are_complete_model_files(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    assert {"members/0.safetensors", "members/1.skops", DOCUMENT_MEMBER} <= names
    assert not list(path.parent.glob(".deep_land_cover*"))


@pytest.mark.parametrize("name", ["members/0.safetensors", "members/1.skops"])
def test_a_compressed_member_is_refused(path: Path, name: str) -> None:
    # It could grow without limit when it is read.
    with pytest.raises(ModelFileError, match="compressed"):
        load_ensemble(rewritten(path, compressed=name))


def test_a_missing_member_is_refused(path: Path) -> None:
    with pytest.raises(ModelFileError, match="members"):
        load_ensemble(rewritten(path, without="members/1.skops"))


@pytest.mark.parametrize(
    "by_class", [((1.0, 0.0), (1.0, 1.0)), ((1.0, 1.0, -1.0), (1.0, 1.0, 1.0)), ((0.0,) * 3, (0.0,) * 3)]
)
def test_malformed_weights_of_classes_are_refused(
    path: Path, by_class: tuple[tuple[float, ...], ...]
) -> None:
    members = tuple(
        replace(item, class_weights=own) for item, own in zip(CARD.members, by_class, strict=True)
    )
    card = replace(CARD, members=members, combination="class_weighted")
    with pytest.raises(ModelFileError, match="weights"):
        load_ensemble(rewritten(path, document=card.to_json()))


def test_a_rule_of_a_newer_version_is_refused(path: Path) -> None:
    card = replace(CARD, combination="vote")
    with pytest.raises(ModelFileError, match="weights"):
        load_ensemble(rewritten(path, document=card.to_json()))


@pytest.mark.parametrize("weights", [(), (-1.0, 1.0), (0.0, 0.0), (float("nan"), 1.0)])
def test_malformed_weights_are_refused(path: Path, weights: tuple[float, ...]) -> None:
    members = tuple(
        MemberWeight(item.architecture, weight) for item, weight in zip(CARD.members, weights, strict=False)
    )
    with pytest.raises(ModelFileError, match="weights"):
        load_ensemble(rewritten(path, document=replace(CARD, members=members).to_json()))


def test_a_member_with_another_scaling_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.skops"
    other = replace(CARD, scaling=Scaling((1.0, 0.0), (1.0, 1.0)))
    save_ensemble(file, ensemble(other), CARD)
    with pytest.raises(ModelFileError, match="other channels"):
        load_ensemble(file)


def test_a_member_of_an_unknown_architecture_is_refused(path: Path) -> None:
    document = json.loads(CARD.to_json())
    document["members"][0]["architecture"] = "../../evil"
    with pytest.raises(ModelFileError, match="evil"):
        load_ensemble(rewritten(path, document=json.dumps(document)))


def test_a_damaged_member_is_named_with_the_ensembles_file_once(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content["members/0.safetensors"] = content["members/0.safetensors"][:1000]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    with pytest.raises(ModelFileError, match=r"members/0\.safetensors") as caught:
        load_ensemble(path)
    assert caught.value.where == str(path)
    assert str(caught.value).count(str(path.parent)) == 1
