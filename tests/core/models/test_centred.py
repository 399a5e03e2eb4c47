"""A centred network gives in a map what it gives for the square around each pixel."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.inference import pipeline
from deep_land_cover.core.inference.predictors.factory import load_once
from deep_land_cover.core.models.architecture import CentreBranch
from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.models.centred import square_statistics
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import load_model, save_model
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.neighbourhood import neighbourhood_features
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.samples.patch_store import oriented
from deep_land_cover.core.tasks import classify as job
from deep_land_cover.core.training.feeds.centred import turned_shifts
from deep_land_cover.core.training.network_trainer import FittedNetwork

from ...cards import model_card
from ...requests import classify_request

CHANNELS, SIZE = 2, 9
FORMS = (CentreBranch((3, 7), 1, (1,)), CentreBranch((3, 5), 4, (1, 3)), CentreBranch((15,), 5, (1,)))
CLASSES = tuple(LandCoverClass(value, f"Class {value}", "#006400") for value in (1, 4, 9))
CARD = model_card(
    bands=("red", "nir"), patch_size=SIZE, classes=CLASSES, scaling=Scaling((50.0, 50.0), (25.0, 25.0))
)
Make = Callable[..., Path]


def write(path: Path, form: CentreBranch) -> Path:
    torch.manual_seed(3)
    network = build_network("resnet18", CHANNELS, len(CLASSES), centre=form, patch_size=SIZE)
    # Statistics of random inputs, so that no branch is constant.
    network.train()
    side = 2 * form.reach(SIZE) + 1
    for _ in range(5):
        valid = torch.ones(16, 1, side, side)
        network(torch.randn(16, CHANNELS, side, side), valid, torch.zeros(16, 2, dtype=torch.int64))
    save_model(path, network.eval(), dataclasses.replace(CARD, centre=form))
    return path


@pytest.fixture
def scene(make_raster: Make) -> Path:
    generator = np.random.default_rng(0)
    values = generator.integers(1, 100, (CHANNELS, 23, 19)).astype(np.float32)
    values[:, generator.random((23, 19)) < 0.05] = 0
    return make_raster(values, names=("red", "nir"), nodata=0)


def by_squares(path: Path, raster: Path, form: CentreBranch) -> np.ndarray:
    """Return the class of each valid pixel from the square around it, 255 elsewhere."""
    network, _card = load_model(path)
    with rasterio.open(raster) as dataset:
        values = dataset.read().astype(np.float32)
    valid = (values != 0).all(axis=0)
    channels = np.where(valid, (values - 50.0) / 25.0, 0.0).astype(np.float32)
    reach, grid = form.reach(SIZE), form.grid
    padded = np.pad(channels, ((0, 0), (reach, reach), (reach, reach)), "reflect")
    padded_valid = np.pad(valid, reach, "reflect").astype(np.float32)[None]
    side = 2 * reach + 1
    places = np.argwhere(valid)
    squares, are_valid = (
        torch.from_numpy(
            np.stack([whole[:, row : row + side, column : column + side] for row, column in places])
        )
        for whole in (padded, padded_valid)
    )
    shifts = torch.from_numpy(places // grid * grid + grid // 2 - places)
    with torch.inference_mode():
        codes = network(squares, are_valid, shifts).argmax(dim=1).numpy()
    result = np.full(valid.shape, 255)
    result[valid] = np.array([item.value for item in CLASSES])[codes]
    return result


@pytest.mark.medium(but=("10-CentreBranch(windows=(3, 7), grid=1, scales=(1,))",))
@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("tile", [10, 100])
def test_a_map_shows_what_the_network_says_of_each_square(
    scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: CentreBranch, tile: int
) -> None:
    path = write(tmp_path / "model.safetensors", form)
    for module in (job, pipeline):
        monkeypatch.setattr(module, "tile_size", lambda *_: tile)
    request = classify_request(
        RasterSource(str(scene)), str(path), str(tmp_path / "map.tif"), device="cpu", min_valid=0.0
    )
    job.run(request, SilentProgress())
    with rasterio.open(tmp_path / "map.tif") as dataset:
        found = np.where(dataset.read_masks(1) > 0, dataset.read(1), 255)
    assert np.array_equal(found, by_squares(path, scene, form))


def test_statistics_are_those_of_the_trees() -> None:
    generator = torch.Generator().manual_seed(1)
    squares = torch.randn(1, CHANNELS, 21, 21, generator=generator)
    valid = torch.rand(21, 21, generator=generator) > 0.2
    squares[:, :, ~valid] = 0.0
    found = square_statistics(squares, valid[None, None].float(), (3, 5, 15))
    place = torch.tensor([10])
    expected = neighbourhood_features(squares[0], valid, place, place, (3, 5, 15))
    # The trees' values are rounded to a sixteen thousandth of a deviation.
    assert torch.allclose(found, expected, atol=1e-3)


@pytest.mark.parametrize("turn", range(8))
def test_shifts_turn_with_the_square(turn: int) -> None:
    square = torch.zeros(7, 7)
    square[3 + 2, 3 - 1] = 1.0
    row, column = divmod(int(oriented(square, turn).flatten().argmax()), 7)
    found = turned_shifts(torch.tensor([[2, -1]]), torch.tensor([turn]))
    assert found.tolist() == [[row - 3, column - 3]]


def test_a_loaded_network_is_kept_with_its_form(tmp_path: Path) -> None:
    path = write(tmp_path / "model.safetensors", FORMS[1])
    (model,) = load_once(path, (torch.device("cpu"),))
    assert model.card.centre == FORMS[1]


def test_earlier_versions_are_told_that_a_centred_model_is_newer(tmp_path: Path) -> None:
    # 0.1.0 reads documents up to version 1, and plain networks stay readable for it.
    card = dataclasses.replace(CARD, centre=FORMS[1])
    network = build_network("resnet18", CHANNELS, len(CLASSES), centre=FORMS[1], patch_size=SIZE)
    for form, version in ((FORMS[1], 2), (None, 1)):
        fitted = FittedNetwork(architecture("resnet18"), network, None, None, CARD.scaling, False, form)  # type: ignore[arg-type]
        assert fitted.in_memory(card)[1].format_version == version


@pytest.mark.parametrize("size", [8, 9])
@pytest.mark.parametrize("scale", [1, 3])
def test_the_middle_cell_of_a_patch_lies_around_the_node(size: int, scale: int) -> None:
    # Pixels hold their own row and column, so that a cell's mean is the place of its middle.
    form = CentreBranch((3,), 4, (scale,))
    network = build_network("resnet18", CHANNELS, len(CLASSES), centre=form, patch_size=size)
    side = 2 * form.reach(size) + 1
    squares = torch.stack(torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")).float()
    for shift in ((0, 0), (2, -1), (-1, 2)):
        patches = network.patches(squares[None], torch.tensor([shift]))  # type: ignore[operator]
        middle = patches[0, :, size // 2, size // 2].tolist()
        assert middle == [form.reach(size) + shift[0], form.reach(size) + shift[1]]
        # The next cell lies one cell further.
        assert patches[0, 0, size // 2 + 1, size // 2] - middle[0] == scale
