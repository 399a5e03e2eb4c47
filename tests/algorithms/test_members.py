"""Members of an ensemble as the dialog, scripts and the command line give them."""

from __future__ import annotations

import os

import pytest
from qgis.core import QgsApplication, QgsProcessingContext

from deep_land_cover.core.models.card import read_card

pytestmark = pytest.mark.qgis


@pytest.mark.parametrize(
    ("values", "names", "files"),
    [
        ({}, (), ()),
        ({"MEMBERS": [], "MEMBER_FILES": []}, (), ()),
        ({"MEMBERS": ["resnet18", "extra_trees"]}, ("resnet18", "extra_trees"), ()),
        ({"MEMBERS": "resnet18"}, ("resnet18",), ()),
        ({"MEMBER_FILES": ["a.skops", "b.safetensors"]}, (), ("a.skops", "b.safetensors")),
        ({"MEMBER_FILES": "a.skops"}, (), ("a.skops",)),
    ],
)
def test_members_are_names_and_whole_paths(plugin, values, names, files):
    from deep_land_cover.algorithms.parameters.train import chosen_members

    algorithm = QgsApplication.processingRegistry().algorithmById("deeplandcover:trainmodel")
    found = chosen_members(algorithm, values, QgsProcessingContext())
    assert found == (names, tuple(map(os.path.abspath, files)))


@pytest.mark.medium
def test_two_models_are_combined_and_described(train, samples, run, tmp_path):
    done = train(
        samples,
        ARCHITECTURE="ensemble",
        MEMBERS=["random_forest", "multiscale"],
        COMBINE="log_mean",
        WINDOWS="3",
        OUTPUT=str(tmp_path / "model.skops"),
    )
    assert done.succeeded, done.log
    members = read_card(tmp_path / "model.skops").members
    assert [item.architecture for item in members] == ["random_forest", "multiscale"]
    described = run("modelinfo", {"MODEL": str(tmp_path / "model.skops")})
    assert described.succeeded and "mean of log-probabilities" in described.log


def test_model_files_are_inputs_and_no_layers(plugin, tmp_path, capfd):
    from deep_land_cover.algorithms.layers.run_context import sources_of

    files = [tmp_path / "a.skops", tmp_path / "b.safetensors"]
    for file in files:
        file.write_bytes(b"no raster")
    algorithm = QgsApplication.processingRegistry().algorithmById("deeplandcover:trainmodel")
    values = {"MEMBER_FILES": list(map(str, files))}
    found = sources_of(algorithm, ("MEMBER_FILES",), values, QgsProcessingContext())
    assert found == tuple(map(str, files))
    assert "mesh" not in capfd.readouterr().err
