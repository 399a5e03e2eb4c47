from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from deep_land_cover.core.models.checkpoint import open_checkpoint
from deep_land_cover.core.models.foreign_facts import Facts, facts_of


def facts_in(tmp_path: Path, content: Any) -> Facts:
    """Return the facts of a file that torch.save wrote."""
    path = tmp_path / "a.pth"
    torch.save(content, path)
    with open_checkpoint(path) as checkpoint:
        return facts_of(checkpoint.content)


NAMES = ("Forest", "Rice", "Water")
CLASSES = {
    "list": {"class_names": list(NAMES)},
    "array": {"classes": np.array(NAMES)},
    "array of objects": {"classes": np.array(NAMES, dtype=object)},
    "by number": {"idx_to_class": {2: "Water", 0: "Forest", 1: "Rice"}},
    "by number as text": {"class_names": {"1": "Rice", "0": "Forest", "2": "Water"}},
    "numbers by name": {"class_to_idx": {"Water": 2, "Forest": 0, "Rice": 1}},
    "in settings": {"config": {"model": "resnet", "class_names": list(NAMES)}},
    "in a namespace": {"args": argparse.Namespace(classes=list(NAMES))},
}


@pytest.mark.parametrize("case", CLASSES)
def test_class_names_are_found_in_the_order_of_the_outputs(tmp_path: Path, case: str) -> None:
    assert facts_in(tmp_path, {**CLASSES[case], "epoch": 3}).class_names == NAMES


def test_class_values_scaling_bands_and_patch_size_are_found(tmp_path: Path) -> None:
    found = facts_in(
        tmp_path,
        {
            "classes": np.array([10, 20, 40]),
            "normalization": {"mean": np.array([[[1.0]], [[2.0]]]), "std": [0.5, 4]},
            "band_names": ("red", "nir"),
            "hyper_parameters": {"patch_size": (16, 16)},
            "best_acc": np.float64(0.75),
        },
    )
    assert found.class_values == (10, 20, 40) and found.class_names == ()
    assert (found.mean, found.std) == ((1.0, 2.0), (0.5, 4.0))
    assert found.bands == ("red", "nir") and found.patch_size == 16
    assert found.recorded == {"best_acc": "0.75"}


@pytest.mark.parametrize(
    "content",
    [
        {"class_names": [1, "a"]},
        {"class_to_idx": {"a": 1, "b": 3}},
        {"idx_to_class": {0: "a", 2: "b"}},
        {"mean": [1.0]},
        {"mean": [1.0, 2.0], "std": [1.0]},
        {"mean": [1.0], "std": [0.0]},
        {"mean": ["a"], "std": ["b"]},
        {"mean": [float("nan")], "std": [1.0]},
        {"patch_size": 10_000},
        {"patch_size": (16, 32)},
        {"bands": 6},
        [1, 2],
    ],
)
def test_what_cannot_be_understood_is_left_to_the_user(tmp_path: Path, content: Any) -> None:
    assert facts_in(tmp_path, content) == Facts()
