"""Copies of model files with other class names: the same weights, and readable by all that reads models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.models.card import MemberWeight, ModelCard, read_card
from deep_land_cover.core.models.ensemble import (
    EnsembleModel,
    Member,
    load_ensemble,
    member_card,
    save_ensemble,
)
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import load_model, save_model
from deep_land_cover.core.models.pool import Pool
from deep_land_cover.core.models.redescribe import describe_again
from deep_land_cover.core.models.tree_file import load_trees, save_trees
from deep_land_cover.core.models.tree_model import TreeModel
from deep_land_cover.core.progress import SilentProgress

from ...cards import model_card

OLD = tuple(LandCoverClass(value, f"Class {value}", "#90EE90") for value in (1, 4, 9))
NEW = tuple(LandCoverClass(value, f"农田 {value}", "#123456", "Crops") for value in (1, 4, 9))
STEP = {"algorithm": "deeplandcover:renameclasses"}
CARD = model_card(bands=("B4", "B8"), classes=OLD, patch_size=1, architecture="multiscale", windows=(3,))


def trees() -> TreeModel:
    generator = np.random.default_rng(0)
    model: TreeModel = architecture("random_forest").build(0, 1, 3, (3,))
    codes = generator.integers(3, size=60)
    for forest in model.members:
        forest.set_params(n_estimators=3).fit(
            generator.normal(codes[:, None], 1.0, (60, model.count(2))).astype(np.float32), codes
        )
    return model


def copied(folder: Path, source: Path) -> tuple[Path, ModelCard]:
    target = folder / f"new{source.suffix}"
    card = describe_again(source, target, NEW, STEP, SilentProgress())
    assert not list(folder.glob("*.part"))
    assert card == read_card(target) and card.classes == NEW and card.changes == (STEP,)
    before = read_card(source)
    assert replace(card, classes=OLD, changes=()) == before
    return target, card


def test_a_network_keeps_its_weights(tmp_path: Path) -> None:
    source = tmp_path / "m.safetensors"
    save_model(source, build_network("multiscale", 2, 3, (3,)), CARD)
    target, _card = copied(tmp_path, source)
    old, new = load_file(source), load_file(target)
    assert old.keys() == new.keys() and all(torch.equal(old[name], new[name]) for name in old)
    assert load_model(target)[1].classes == NEW
    # Again, so that the history grows.
    again = tmp_path / "again.safetensors"
    assert len(describe_again(target, again, OLD, STEP, SilentProgress()).changes) == 2


def test_trees_and_the_members_of_an_ensemble_are_described_alike(tmp_path: Path) -> None:
    card = replace(CARD, architecture="random_forest")
    model, source = trees(), tmp_path / "trees.skops"
    save_trees(source, model, card)
    target, _card = copied(tmp_path, source)
    features = np.random.default_rng(1).normal(size=(9, model.count(2))).astype(np.float32)
    assert np.array_equal(
        load_trees(target)[0].log_probabilities(features), model.log_probabilities(features)
    )

    weights = (MemberWeight("multiscale", 0.75), MemberWeight("random_forest", 0.5))
    whole = replace(CARD, architecture="ensemble", members=weights, format_version=2)
    members = (
        Member(build_network("multiscale", 2, 3, (3,)).eval(), member_card(whole, "multiscale", 1, (3,))),
        Member(model, member_card(whole, "random_forest", 1, (3,))),
    )
    source = tmp_path / "ensemble.skops"
    save_ensemble(source, EnsembleModel(members, Pool(((0.75,), (0.5,)))), whole)
    target, _card = copied(tmp_path, source)
    ensemble, _card = load_ensemble(target)
    assert [member.card.classes for member in ensemble.members] == [NEW, NEW]


def test_the_values_of_a_model_do_not_change(tmp_path: Path) -> None:
    source = tmp_path / "m.safetensors"
    save_model(source, build_network("multiscale", 2, 3, (3,)), CARD)
    with pytest.raises(RuntimeError):
        describe_again(source, tmp_path / "new.safetensors", NEW[::-1], STEP, SilentProgress())
