from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ModelFileError
from deep_land_cover.core.models.card import (
    FORMAT_VERSION,
    METADATA_KEY,
    Epoch,
    ModelCard,
    Scaling,
    Training,
    read_card,
)
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import load_model, save_model

CARD = ModelCard(
    architecture="resnet18",
    bands=("B4", "B8"),
    band_roles={"red": "B4", "nir": "B8"},
    indices=("NDVI",),
    reflectance_scale=0.0001,
    scaling=Scaling(mean=(1.0, 2.0, 0.5), std=(1.0, 1.0, 0.1)),
    patch_size=8,
    padding="reflect",
    pixel_size=(20.0, 20.0),
    crs="EPSG:32748",
    nodata=None,
    classes=(LandCoverClass(-3, "Hutan lahan kering", "#228B22"), LandCoverClass(20041, "农田", "#90EE90")),
    training=Training("blocks", "note", 10, 3, 3, 0, 1, (Epoch(1, 1.0, 0.5, 1.0, 0.5, 0.4),), {"epochs": 1}),
    metrics=None,
    created="2026-01-01T00:00:00+00:00",
    versions={"torch": "2.0"},
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    path = tmp_path / "model.safetensors"
    save_model(path, build_network("resnet18", 3, 2), CARD)
    return path


def rewrite(path: Path, change: Callable[[dict[str, torch.Tensor]], None], card: ModelCard = CARD) -> None:
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path, metadata={METADATA_KEY: card.to_json()})


def rewrite_document(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    document = json.loads(CARD.to_json())
    change(document)
    save_file(load_file(path), path, metadata={METADATA_KEY: json.dumps(document)})


def refuse(path: Path) -> ModelFileError:
    with pytest.raises(ModelFileError) as caught:
        load_model(path)
    assert caught.value.where == str(path)
    assert caught.value.advice
    return caught.value


def test_a_saved_model_has_the_same_weights_and_document(tmp_path: Path) -> None:
    torch.manual_seed(1)
    network = build_network("resnet18", 3, 2).to(memory_format=torch.channels_last)
    network(torch.randn(4, 3, 8, 8))  # moves the running statistics of batch normalisation
    path = tmp_path / "saved.safetensors"
    save_model(path, network, CARD)
    loaded, card = load_model(path)
    assert card == CARD == read_card(path)
    assert not loaded.training
    weights = loaded.state_dict()
    assert all(torch.equal(value, weights[name]) for name, value in network.state_dict().items())
    patches = torch.randn(5, 3, 8, 8)
    with torch.inference_mode():
        torch.testing.assert_close(loaded(patches), network.eval()(patches))


def test_saving_leaves_no_partial_file(model: Path) -> None:
    assert [path.name for path in model.parent.iterdir()] == [model.name]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "no such model file" in str(refuse(tmp_path / "absent.safetensors"))


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x00" * 64, struct.pack("<Q", 2**62) + b"{}"])
def test_a_file_of_another_kind_is_no_model(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(content)
    assert "The file is not a model" in str(refuse(path))


def test_weights_without_a_document_are_no_model(model: Path) -> None:
    save_file(load_file(model), model)
    assert "no description of a land-cover model" in str(refuse(model))


def test_a_model_cut_short_is_damaged(model: Path) -> None:
    model.write_bytes(model.read_bytes()[:-1000])
    assert "The weights cannot be read" in str(refuse(model))


def test_a_newer_model_says_to_update(model: Path) -> None:
    rewrite_document(model, lambda document: document.update(format_version=FORMAT_VERSION + 1))
    error = refuse(model)
    assert "newer version" in error.what
    assert error.advice == "Update the plugin."


def test_an_architecture_of_the_future_says_to_update(model: Path) -> None:
    rewrite_document(model, lambda document: document.update(architecture="transformer9"))
    assert "transformer9" in str(refuse(model))


def test_a_document_with_missing_entries_is_damaged(model: Path) -> None:
    rewrite_document(model, lambda document: document.pop("classes"))
    assert "damaged" in str(refuse(model))


def test_scaling_for_other_channels_is_damaged(model: Path) -> None:
    rewrite_document(model, lambda document: document.update(bands=["B4"]))
    assert "scaling" in str(refuse(model))


def test_weights_of_another_shape_are_refused(model: Path) -> None:
    rewrite(model, lambda tensors: tensors.update({"conv1.weight": torch.zeros(64, 5, 7, 7)}))
    assert "'conv1.weight' must have the shape (64, 3, 7, 7)" in str(refuse(model))


def test_a_document_with_more_classes_than_outputs_is_refused(model: Path) -> None:
    more = replace(CARD, classes=(*CARD.classes, LandCoverClass(7, "Bare", "#D2691E")))
    rewrite(model, lambda tensors: None, more)
    assert "must have the shape (3" in str(refuse(model))


def test_a_missing_weight_is_refused(model: Path) -> None:
    rewrite(model, lambda tensors: tensors.pop("fc.bias"))
    assert "no weight 'fc.bias'" in str(refuse(model))


def test_a_foreign_weight_is_refused(model: Path) -> None:
    rewrite(model, lambda tensors: tensors.update(extra=torch.zeros(1)))
    assert "'extra'" in str(refuse(model))


def test_weights_of_another_type_are_refused(model: Path) -> None:
    rewrite(model, lambda tensors: tensors.update({"fc.bias": torch.zeros(2, dtype=torch.float16)}))
    assert "float16" in str(refuse(model))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(model: Path, value: float) -> None:
    rewrite(model, lambda tensors: tensors.update({"fc.bias": torch.tensor([0.0, value])}))
    assert "'fc.bias' has a value that is not a finite number" in str(refuse(model))


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ({"scaling": {"mean": [float("nan")] * 3, "std": [1.0] * 3}}, "finite"),
        ({"scaling": {"mean": [0.0] * 3, "std": [1.0, float("inf"), 1.0]}}, "finite"),
        ({"scaling": {"mean": [0.0] * 3, "std": [1.0, -1.0, 1.0]}}, "negative"),
        ({"scaling": {"mean": [0.0] * 3, "std": [1.0] * 3, "clip": float("nan")}}, "finite"),
        ({"patch_size": 10**9}, "patches and windows"),
        ({"windows": [3, 100_001]}, "patches and windows"),
        ({"centre": {"windows": [3], "grid": 1, "scales": [1, 10**7]}}, "patches and windows"),
        ({"centre": {"windows": [3], "grid": 0, "scales": [1]}}, "patches and windows"),
    ],
)
def test_a_forged_document_is_damaged(model: Path, entry: dict[str, object], word: str) -> None:
    rewrite_document(model, lambda document: document.update(entry))
    assert word in str(refuse(model))


def test_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    torch.save({"weight": torch.zeros(2)}, path)
    assert "The file is not a model" in str(refuse(path))
