"""Maps: each pixel shows what the model says of that very pixel, or of the one that stands for its cell."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from deep_land_cover.core.inference.backends.cascade import Computation
from deep_land_cover.core.inference.backends.torch_backend import plain_backend
from deep_land_cover.core.inference.predictors.neighbourhood import HybridPredictor, NeighbourhoodPredictor
from deep_land_cover.core.inference.predictors.patch import PatchPredictor
from deep_land_cover.core.inference.predictors.shared_stem import GatheredMaps, PatchInputs, SharedStem
from deep_land_cover.core.options import DENSE_GRID, DENSE_HALO
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.neighbourhood import Neighbourhoods
from deep_land_cover.core.raster.source import RasterSource

from .conftest import BANDS, GRIDS, NODATA, UNMAPPED, Reader, centre, positions

Make = Callable[..., Path]
Mapped = Callable[..., tuple[NDArray[np.int64], NDArray[Any]]]
CPU = torch.device("cpu")
SIZES = (4, 5, 8, 15, 16, 17, 32)
STRIDES = (1, 2, 3, 4, 5, 8, 16)
# Neither is a multiple of a tile or of a stride; the last one is smaller than most patches.
SHAPES = ((37, 45), (7, 5))


def all_positions(shape: tuple[int, int]) -> NDArray[np.int64]:
    return positions(*shape).astype(np.int64)


def cells_of(
    is_valid: NDArray[np.bool_], stride: int, window: tuple[int, int, int, int] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return what a map shows with FILL and without: for each pixel of a cell its pixel nearest the centre.

    By the plainest loop. ``window`` is (first row, first column, rows, columns) of the raster.
    """
    top, left, height, width = window or (0, 0, *is_valid.shape)
    filled = np.full((2, height, width), UNMAPPED, dtype=np.int64)
    first_row, first_column = top // stride, left // stride
    coarse_shape = -(-(top + height) // stride) - first_row, -(-(left + width) // stride) - first_column
    coarse = np.full((2, *coarse_shape), UNMAPPED, dtype=np.int64)
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row in range(top, top + height):
        for column in range(left, left + width):
            if is_valid[row, column]:
                members.setdefault((row // stride, column // stride), []).append((row, column))
    for (cell_row, cell_column), pixels in members.items():
        middle = cell_row * stride + stride // 2, cell_column * stride + stride // 2
        nearest = min(pixels, key=lambda pixel, middle=middle: (math.dist(pixel, middle), pixel))
        coarse[:, cell_row - first_row, cell_column - first_column] = nearest
        for row, column in pixels:
            filled[:, row - top, column - left] = nearest
    return filled, coarse


@pytest.mark.medium(but=("5-shape0", "16-shape0", "32-shape1"))
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", SIZES)
def test_each_pixel_shows_itself(
    make_raster: Make, mapped: Mapped, size: int, shape: tuple[int, int]
) -> None:
    path = make_raster(positions(*shape, "uint16"), names=BANDS, nodata=NODATA)
    found, _ = mapped(path, patch_size=size)
    assert np.array_equal(found, all_positions(shape))


@pytest.mark.parametrize("grid", GRIDS)
def test_each_pixel_shows_itself_wherever_the_raster_lies(
    make_raster: Make, mapped: Mapped, grid: str
) -> None:
    path = make_raster(positions(37, 45), names=BANDS, transform=GRIDS[grid])
    found, _ = mapped(path, patch_size=5)
    assert np.array_equal(found, all_positions((37, 45)))


@pytest.mark.medium(but=("1-True-5", "3-False-8", "4-True-8", "16-False-5"))
@pytest.mark.parametrize("size", [5, 8])
@pytest.mark.parametrize("fill", [True, False])
@pytest.mark.parametrize("stride", STRIDES)
def test_a_cell_shows_its_pixel_nearest_the_centre(
    make_raster: Make, mapped: Mapped, stride: int, fill: bool, size: int
) -> None:
    values = positions(37, 45, "uint16")
    is_valid = np.random.default_rng(0).random((37, 45)) > 0.2
    is_valid[10:14, 20:30] = False
    values[:, ~is_valid] = NODATA
    path = make_raster(values, names=BANDS, nodata=NODATA)
    found, _ = mapped(path, patch_size=size, stride=stride, fill=fill)
    filled, coarse = cells_of(is_valid, stride)
    assert np.array_equal(found, filled if fill else coarse)


@pytest.mark.medium(but=("5-True", "2-False"))
@pytest.mark.parametrize("fill", [True, False])
@pytest.mark.parametrize("stride", [1, 2, 5, 8])
def test_cells_are_those_of_the_whole_raster_within_an_extent(
    make_raster: Make, mapped: Mapped, stride: int, fill: bool
) -> None:
    path = make_raster(positions(37, 45), names=BANDS)
    # Rows 7 to 28, columns 5 to 33.
    extent = (500_100.0, 9_799_420.0, 500_680.0, 9_799_860.0)
    found, _ = mapped(path, patch_size=8, stride=stride, fill=fill, extent=extent)
    filled, coarse = cells_of(np.ones((37, 45), dtype=bool), stride, (7, 5, 22, 29))
    assert np.array_equal(found, filled if fill else coarse)


@pytest.mark.medium(but=("polygons-1-True", "polygons-3-False", "raster-4-True"))
@pytest.mark.parametrize("fill", [True, False])
@pytest.mark.parametrize("stride", [1, 3, 4])
@pytest.mark.parametrize("kind", ["polygons", "raster"])
def test_a_mask_leaves_its_own_pixels_out(
    make_raster: Make, mapped: Mapped, tmp_path: Path, kind: str, stride: int, fill: bool
) -> None:
    path = make_raster(positions(37, 45), names=BANDS)
    inside = np.zeros((37, 45), dtype=bool)
    inside[3:20, 11:40] = True
    options: dict[str, Any] = {}
    if kind == "polygons":
        # A quarter of a pixel beyond the centres of its outermost pixels.
        left, right, top, bottom = 11.25, 39.75, 3.25, 19.75
        ring = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        places = [[500_000 + 20 * column, 9_800_000 - 20 * row] for column, row in ring]
        polygons = tmp_path / "mask.jsonl"
        polygons.write_text(json.dumps({"geometry": {"type": "Polygon", "coordinates": [places]}}) + "\n")
        options["mask_polygons"] = str(polygons)
    else:
        mask = make_raster(inside.astype(np.uint8), name="mask.tif")
        options["mask_raster"] = RasterSource(str(mask))
    found, _ = mapped(path, patch_size=8, stride=stride, fill=fill, **options)
    filled, coarse = cells_of(inside, stride)
    assert np.array_equal(found, filled if fill else coarse)


@pytest.mark.medium(but=("1-4", "3-15", "4-32"))
@pytest.mark.parametrize("size", [4, 5, 15, 16, 32])
@pytest.mark.parametrize("stride", [1, 3, 4])
def test_each_of_the_eight_views_shows_the_same_pixel(
    make_raster: Make, mapped: Mapped, size: int, stride: int
) -> None:
    path = make_raster(positions(19, 26), names=BANDS)
    found, sure = mapped(path, patch_size=size, stride=stride, tta=True)
    filled, _ = cells_of(np.ones((19, 26), dtype=bool), stride)
    assert np.array_equal(found, filled)
    # A view that showed a neighbour would be sure of another class: with the score of the class one
    # off 1 lower, the probability of the right one is this in each view, and so in the mean.
    expected = 1.0 / np.exp(-((np.arange(64)[:, None] - np.arange(26)) ** 2.0)).sum(axis=0)
    for axis in (0, 1):
        np.testing.assert_allclose(sure[axis], expected[filled[axis]], rtol=1e-4)


class BehindStem(nn.Module):
    """A convolution, ReLU and a maximum as in a ResNet; then a reader of the place of the centre."""

    def __init__(self, size: int, axis: int, classes: int, window: int) -> None:
        super().__init__()
        # The convolution steps by 2 and the maximum by ``step``: this place of the maps is at or before the
        # centre, from which the convolution's tap leads on to it.
        step = 2 if window > 1 else 1
        self.place = (size // 2 - (2 if window > 1 else 0)) // (2 * step)
        # A maximum over three places of numbers that grow is that of the last one, 2 pixels further.
        rest = size // 2 - (2 * step * self.place + (2 if window > 1 else 0))
        self.convolution = nn.Conv2d(2, 2, 7, 2, 3, bias=False)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(window, step, window // 2)
        weight = torch.zeros(2, 2, 7, 7)
        weight[0, 0, 3 + rest, 3 + rest] = weight[1, 1, 3 + rest, 3 + rest] = 1.0
        self.convolution.weight = nn.Parameter(weight)
        self.reader = Reader(lambda maps: maps[:, :, self.place, self.place], classes, axis)

    def forward(self, patches: Tensor) -> Tensor:
        scores: Tensor = self.reader(self.pool(self.relu(self.convolution(patches))))
        return scores


@pytest.mark.slow(
    but=(
        "3-1-16",
        "3-2-17",
        "3-3-15",
        "3-4-32",
        "3-5-16",
        "3-8-17",
        "1-1-32",
        "1-2-17",
        "1-3-16",
        "1-4-15",
        "1-5-32",
        "1-8-16",
    )
)
@pytest.mark.medium(but=("3-1-16", "3-3-15", "1-2-17"))
@pytest.mark.parametrize("size", [15, 16, 17, 32])
@pytest.mark.parametrize("stride", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("window", [1, 3])
def test_with_a_shared_stem_each_pixel_shows_itself(
    make_raster: Make,
    mapped: Mapped,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    stride: int,
    window: int,
) -> None:
    shared = []
    original = SharedStem.inputs

    def noted(self: SharedStem, *given: torch.Tensor) -> PatchInputs:
        inputs = original(self, *given)
        shared.append(isinstance(inputs, GatheredMaps))
        return inputs

    monkeypatch.setattr(SharedStem, "inputs", noted)
    is_valid = np.random.default_rng(0).random((61, 50)) > 0.1
    values = positions(61, 50)
    values[:, ~is_valid] = -1
    path = make_raster(values, names=BANDS, nodata=-1)

    def network(axis: int, classes: int) -> nn.Module:
        return BehindStem(size, axis, classes, window)

    # The maximum looks at others than the centre, which must not be invalid, nor mirrored.
    inner = 20 if window > 1 else 0
    if window > 1:
        is_valid[:] = True
        path = make_raster(positions(61, 50), names=BANDS)
    found, _ = mapped(path, patch_size=size, stride=stride, network=network, tile=32, always_share=True)
    assert any(shared)
    filled, _ = cells_of(is_valid, stride)
    inside = np.s_[:, inner : 61 - inner, inner : 50 - inner]
    assert np.array_equal(found[inside], filled[inside])


@pytest.mark.medium(but=("True-1-shape0", "False-3-shape1"))
@pytest.mark.parametrize("shape", [(70, 45), (20, 131)])
@pytest.mark.parametrize("stride", [1, 3, 4])
@pytest.mark.parametrize("fill", [True, False])
def test_dense_tiles_show_each_pixel_itself(
    make_raster: Make, mapped: Mapped, shape: tuple[int, int], stride: int, fill: bool
) -> None:
    values = positions(*shape)
    is_valid = np.random.default_rng(0).random(shape) > 0.1
    values[:, ~is_valid] = -1
    path = make_raster(values, names=BANDS, nodata=-1)
    # Squares of one cell of the grid, tiles of two, and what is left over at the edges.
    found, _ = mapped(
        path,
        architecture="unet_resnet18",
        patch_size=DENSE_GRID,
        classes=140,
        tile=2 * DENSE_GRID,
        batch_size=1,
        stride=stride,
        fill=fill,
    )
    filled, coarse = cells_of(is_valid, stride)
    assert np.array_equal(found, filled if fill else coarse)


@pytest.mark.slow(but=("None-False", "extent1-False", "extent1-True"))
@pytest.mark.medium(but=("extent1-False",))
@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("extent", [None, (500_300.0, 9_799_100.0, 500_700.0, 9_799_700.0)])
def test_dense_tiles_that_are_turned_show_each_pixel_itself(
    make_raster: Make, mapped: Mapped, exact: bool, extent: tuple[float, ...] | None
) -> None:
    assert DENSE_HALO % DENSE_GRID == 0
    path = make_raster(positions(70, 45), names=BANDS)
    found, sure = mapped(
        path,
        architecture="unet_resnet18",
        patch_size=DENSE_GRID,
        classes=80,
        tile=2 * DENSE_GRID,
        tta=True,
        exact=exact,
        extent=extent,
    )
    expected = all_positions((70, 45))
    if extent:
        expected = expected[:, 15:45, 15:35]
    assert np.array_equal(found, expected)
    chances = 1.0 / np.exp(-((np.arange(80)[:, None] - np.arange(70)) ** 2.0)).sum(axis=0)
    for axis in (0, 1):
        np.testing.assert_allclose(sure[axis], chances[expected[axis]], rtol=1e-4)


@pytest.mark.parametrize("stride", [1, 4])
def test_a_network_on_neighbourhoods_shows_each_pixel_itself(
    make_raster: Make, mapped: Mapped, stride: int
) -> None:
    path = make_raster(positions(37, 45), names=BANDS)

    def network(axis: int, classes: int) -> nn.Module:
        return Reader(lambda features: features[:, :2], classes, axis)

    found, _ = mapped(path, architecture="multiscale", patch_size=1, network=network, stride=stride)
    filled, _ = cells_of(np.ones((37, 45), dtype=bool), stride)
    assert np.array_equal(found, filled)


def test_a_map_lies_where_its_raster_lies(make_raster: Make, mapped: Mapped, tmp_path: Path) -> None:
    path = make_raster(positions(37, 45), names=BANDS, transform=GRIDS["rotated"])
    mapped(path, patch_size=8, stride=4, fill=False)
    with rasterio.open(path) as scene, rasterio.open(tmp_path / "axis_0.tif") as found:
        for row, column in ((0, 0), (3, 7), (9, 11)):
            assert found.transform @ (column, row) == pytest.approx(scene.transform @ (4 * column, 4 * row))


@pytest.mark.parametrize("size", [5, 8, 16])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_hybrids_trees_are_given_the_networks_word_on_their_own_pixel(size: int, axis: int) -> None:
    tile = torch.from_numpy(positions(40, 50))
    network = PatchPredictor(
        Computation(plain_backend(Reader(centre, 64, axis).eval())), size, CPU, 50, SilentProgress()
    )
    measure = Neighbourhoods((3, 7))
    trees = NeighbourhoodPredictor(lambda features: features, measure, 50, 64)
    hybrid = HybridPredictor(network, trees)
    rows, columns = (
        axis.flatten() for axis in torch.meshgrid(torch.arange(9, 31), torch.arange(8, 42), indexing="ij")
    )
    valid = torch.ones(tile.shape[1:], dtype=torch.bool)
    features = hybrid.predict(tile, valid, rows, columns, lambda _: None)
    assert features.shape == (len(rows), 64 + measure.count(2))
    assert torch.equal(features[:, :64].argmax(dim=1), (rows, columns)[axis])
    assert torch.equal(features[:, 64:66], torch.stack([rows, columns], dim=1).float())
