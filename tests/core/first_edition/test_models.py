"""Models of the first edition give the labels that they gave then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.models.architectures import ARCHITECTURES
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.values import to_plain

from ...first_edition.files import FOLDER, differences, is_network, kept, map_rows, model_file

# Ensembles came later.
NAMES = sorted(
    entry.name
    for item in ARCHITECTURES
    for entry in (item, *item.encoders)
    if (FOLDER / f"{entry.name}.json").exists()
)
# One of each kind: a network on patches, one on neighbourhoods, trees.
QUICK = ("resnet18", "multiscale", "random_forest")


def marked(name: str) -> Any:
    return name if name in QUICK else pytest.param(name, marks=pytest.mark.slow)


def test_a_model_of_each_architecture_is_kept() -> None:
    stored = {path.stem for path in FOLDER.glob("*.json") if "labels" in kept(path.stem)}
    # Later editions may know more architectures, but no fewer.
    assert stored <= set(NAMES) and len(stored) == 12


@pytest.mark.parametrize("name", [marked(path.stem) for path in sorted(FOLDER.glob("*.skops"))])
def test_trees_give_the_labels_of_the_first_edition(
    name: str, folder: Path, classified: Callable[..., Any], usable_trees: None
) -> None:
    check(name, folder, classified)


@pytest.mark.parametrize("name", [marked(name) for name in NAMES if is_network(name)])
def test_a_network_gives_the_labels_of_the_first_edition(
    name: str, folder: Path, classified: Callable[..., Any]
) -> None:
    check(name, folder, classified)


def check(name: str, folder: Path, classified: Callable[..., Any]) -> None:
    """Classify the small raster and compare, but for pixels whose two likeliest classes are close."""
    content = kept(name)
    model = model_file(name, folder)
    values, classes, shares, _ = classified(model, backend="torch", precision="fp32")
    expected = content["labels"]
    assert not differences(expected, map_rows(values, classes))
    assert len(set("".join(expected)) - {".", "?"}) >= 5
    np.testing.assert_allclose(np.nanmean(shares, axis=(1, 2)), content["probabilities"], atol=5e-4)


@pytest.mark.parametrize("name", ["resnet18", "multiscale", "unet_resnet18"])
def test_the_document_says_what_it_said(name: str, tmp_path: Path) -> None:
    stored = kept(name)["document"]
    card = to_plain(read_card(model_file(name, tmp_path)))
    assert common(card, stored) == stored


def common(now: Any, stored: Any) -> Any:
    """Return what a document has under the keys of a stored one: later editions may add keys at any depth."""
    if not isinstance(stored, dict):
        return now
    return {key: common(now[key], value) for key, value in stored.items()}
