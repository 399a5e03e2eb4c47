"""A checkpoint written by plain torchvision code maps with the labels that torch itself gives."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

pytestmark = [pytest.mark.qgis, pytest.mark.medium]
PLAIN_TORCH = Path(__file__).parents[1] / "plain_torch.py"
# A notebook's patches, and a window of the demo scene: row, column, rows, columns.
SIZE, WINDOW = 16, (100, 120, 32, 40)
# Logits in another order of sums differ by less.
MARGIN = 1e-3


@pytest.fixture(scope="module")
def plain_torch(environment):
    """Run the other program, and return what it printed."""

    def run(*arguments):
        python = environment["DEEP_LAND_COVER_PYTHON"]
        command = [python, str(PLAIN_TORCH), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=os.environ)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="module")
def notebook(prepared, demo, plain_torch, made_once):
    """Ten bands and thirteen indices of the demo scene, and a network that a notebook trained on them."""

    def make(folder):
        stack, checkpoint = folder / "stack.tif", folder / "notebook.pth"
        results = prepared("stackfeatures", INPUT=demo["RASTER"], OUTPUT=stack)
        assert len(results["BANDS"].split(", ")) == 23
        scaling = plain_torch("train", stack, demo["REFERENCE"], checkpoint, SIZE)
        return {"stack": str(stack), "checkpoint": str(checkpoint), **scaling}

    return made_once("notebook", make)


def extent_of(raster, window):
    from osgeo import gdal

    left, width, _, top, _, height = gdal.Open(raster).GetGeoTransform()
    row, column, rows, columns = window
    west, north = left + column * width, top + row * height
    return f"{west},{west + columns * width},{north + rows * height},{north}"


@pytest.mark.slow(but=("from the raster",))
@pytest.mark.parametrize("scaling", ["given", "from the raster"])
def test_a_notebooks_network_maps_with_the_labels_of_torch(
    prepared, demo, notebook, plain_torch, tmp_path, scaling
):
    from osgeo import gdal

    given = {name.upper(): ", ".join(map(repr, notebook[name])) for name in ("mean", "std")}
    sample = {"SAMPLE_RASTER": notebook["stack"]}
    results = prepared(
        "importmodel",
        INPUT=notebook["checkpoint"],
        PATCH_SIZE=SIZE,
        SCHEME="jambi",
        CLASSES="0, 1, 2, 3, 4, 5",
        OUTPUT=tmp_path / "model.safetensors",
        **(given if scaling == "given" else sample),
    )
    assert (results["ARCHITECTURE"], results["CHANNELS"], results["CLASS_COUNT"]) == ("resnet18", 23, 6)
    results = prepared(
        "classifyraster",
        INPUT=notebook["stack"],
        MODEL=results["OUTPUT"],
        EXTENT=extent_of(notebook["stack"], WINDOW),
        OUTPUT=tmp_path / "map.tif",
        DEVICE="cpu",
    )
    plain_torch("map", notebook["stack"], notebook["checkpoint"], SIZE, *WINDOW, tmp_path / "logits.npy")
    logits = np.load(tmp_path / "logits.npy")
    best = np.sort(logits, axis=-1)
    is_clear = best[..., -1] - best[..., -2] > MARGIN
    labels = gdal.Open(results["OUTPUT"]).ReadAsArray()
    assert labels.shape == logits.shape[:2] and is_clear.mean() > 0.99
    assert len(np.unique(labels)) > 1
    assert np.array_equal(labels[is_clear], logits.argmax(axis=-1)[is_clear])
