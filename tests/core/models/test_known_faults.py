"""Models of earlier versions whose labels were shifted are told apart from all others."""

from __future__ import annotations

import json

import pytest

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.card import ModelCard, Training, known_faults
from deep_land_cover.core.values import from_plain
from deep_land_cover.tests.cards import model_card

CLASSES = (LandCoverClass(1, "A", "#000000"), LandCoverClass(2, "B", "#FFFFFF"))


def first_edition(architecture: str, patch_size: int, **parameters: bool) -> ModelCard:
    """The document of a model as version 0.1.0 wrote it: it did not name the centre of orientation."""
    training = Training("blocks", "", 1, 1, 1, 0, 1, parameters=dict(parameters))
    card = model_card(
        bands=("a",), classes=CLASSES, patch_size=patch_size, architecture=architecture, training=training
    )
    plain = json.loads(card.to_json())
    del plain["training"]["orientation_centre"]
    return from_plain(ModelCard, plain)


@pytest.mark.parametrize(
    ("architecture", "patch_size", "parameters", "is_shifted"),
    [
        ("resnet50", 32, {"augment": True}, True),
        ("resnet18", 8, {}, True),
        ("hybrid", 16, {"augment": True}, True),
        ("resnet50", 32, {"augment": False}, False),
        ("resnet50", 31, {"augment": True}, False),
        ("hybrid", 15, {"augment": True}, False),
        ("unet_resnet18", 32, {"augment": True}, False),
        ("multiscale", 1, {"augment": True}, False),
        ("tree_ensemble", 1, {}, False),
        ("of a later version", 16, {}, False),
    ],
)
def test_only_networks_on_turned_even_patches_are_shifted(
    architecture: str, patch_size: int, parameters: dict[str, bool], is_shifted: bool
) -> None:
    faults = known_faults(first_edition(architecture, patch_size, **parameters))
    assert bool(faults) == is_shifted
    assert all("Train the model again" in fault for fault in faults)


def test_models_of_this_version_have_no_known_fault() -> None:
    assert not known_faults(model_card(bands=("a",), classes=CLASSES, patch_size=16))
