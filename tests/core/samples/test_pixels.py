from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.patch_store import (
    TURNS,
    Pixels,
    oriented,
    read_pixels,
)
from deep_land_cover.core.samples.samples import Samples

CLASSES = (LandCoverClass(1, "A", "#000000"), LandCoverClass(2, "B", "#FFFFFF"))


def samples_at(rows: list[int], columns: list[int]) -> Samples:
    zeros = np.zeros(len(rows), dtype=np.int64)
    return Samples(np.array(rows), np.array(columns), zeros, zeros, CLASSES, (1.0, 1.0))


class Scene:
    """A stack in memory, mirrored beyond its edge as numpy mirrors."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values
        self.grid = type("Grid", (), {"height": values.shape[1], "width": values.shape[2]})()
        self.read_pixels = 0

    def read(self, top: int, bottom: int, left: int, right: int, bands: object = None) -> np.ndarray:
        self.read_pixels += (bottom - top) * (right - left)
        return self.square(top, bottom, left, right)

    def square(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        border = 64
        padded = np.pad(self.values, ((0, 0), (border, border), (border, border)), mode="reflect")
        return padded[:, top + border : bottom + border, left + border : right + border]


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(st.integers(3, 40), st.integers(3, 40)),
    st.integers(1, 20),
    st.sampled_from([1, 4, 8]),
    st.data(),
)
def test_a_patch_is_the_mirrored_rasters_square(
    shape: tuple[int, int], size: int, side: int, data: st.DataObject
) -> None:
    scene = Scene(np.random.default_rng(0).random((2, *shape), dtype=np.float32))
    places = st.tuples(st.integers(0, shape[0] - 1), st.integers(0, shape[1] - 1))
    chosen = data.draw(st.lists(places, min_size=1, max_size=8, unique=True))
    samples = samples_at([row for row, _ in chosen], [column for _, column in chosen])
    before = size // 2
    pixels = read_pixels(scene, samples, ["a", "b"], before, size - 1 - before, side, SilentProgress())  # type: ignore[arg-type]
    patches = pixels.cut(
        torch.from_numpy(samples.rows - before), torch.from_numpy(samples.columns - before), size
    )
    for patch, (row, column) in zip(patches.numpy(), chosen, strict=True):
        top, left = row - before, column - before
        assert np.array_equal(patch, scene.square(top, top + size, left, left + size))


def small() -> Pixels:
    scene = Scene(np.random.default_rng(1).random((3, 30, 30), dtype=np.float32))
    return read_pixels(scene, samples_at([15], [15]), ["a", "b", "c"], 6, 5, 4, SilentProgress())  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [4, 5, 8, 11])
@pytest.mark.parametrize("orientation", range(TURNS))
def test_a_patch_is_turned_around_its_labelled_pixel(size: int, orientation: int) -> None:
    """Row and column numbers as values: numpy turns the odd square whose middle has the label."""
    half = size // 2
    scene = Scene(np.stack(np.mgrid[:40, :40]).astype(np.float32))
    pixels = read_pixels(scene, samples_at([17], [22]), ["row", "column"], half, half, 4, SilentProgress())  # type: ignore[arg-type]
    turned = pixels.cut(
        torch.tensor([17 - half]), torch.tensor([22 - half]), size, torch.tensor([orientation])
    )[0].numpy()
    assert turned[:, half, half].tolist() == [17, 22]
    square = scene.values[:, 17 - half : 18 + half, 22 - half : 23 + half]
    mirrored = square[..., ::-1] if orientation >= 4 else square
    whole = np.rot90(mirrored, orientation % 4, axes=(-2, -1))
    assert np.array_equal(turned, whole[:, :size, :size])


def test_the_eight_orientations_differ() -> None:
    square = torch.arange(9).view(3, 3)
    assert len({tuple(oriented(square, turn).flatten().tolist()) for turn in range(TURNS)}) == TURNS


def test_what_is_not_held_is_nan() -> None:
    pixels = small()
    far = torch.tensor([0, 1000, -50])
    assert torch.isnan(pixels.cut(far, far, 3)).all()


def test_each_pixel_is_held_once_however_many_samples_want_it() -> None:
    scene = Scene(np.zeros((2, 64, 64), dtype=np.float32))
    rows, columns = (axis.ravel().tolist() for axis in np.mgrid[16:48, 16:48])
    progress = SilentProgress()
    pixels = read_pixels(scene, samples_at(rows, columns), ["a", "b"], 16, 15, 8, progress)  # type: ignore[arg-type]
    # The union of 1,024 patches of 32 x 32 pixels is the whole scene but for its last row and column.
    assert pixels.bytes == (64 * 64 + 64) * 2 * 4
    assert scene.read_pixels == 64 * 64
    assert progress.lines[0][1].startswith(
        "The pixels around 1,024 samples take 0 MB of memory (4,096 pixels"
    )


def test_other_channels_are_made_of_each_pixel() -> None:
    pixels = small()
    doubled = pixels.converted(lambda values: torch.cat([values, values[:, :1] * 2], dim=1))
    corner = torch.tensor([10])
    before, after = pixels.cut(corner, corner, 8), doubled.cut(corner, corner, 8)
    assert torch.equal(after[:, :3], before)
    assert torch.equal(after[:, 3], before[:, 0] * 2)


def test_a_raster_on_disk_is_read_so(make_raster: Callable[..., Path]) -> None:
    values = np.random.default_rng(2).random((2, 700, 600), dtype=np.float32)
    path = make_raster(values, names=("red", "nir"), nodata=-1)
    rows, columns = [0, 350, 699, 511], [599, 300, 0, 513]
    with open_stack(RasterSource(str(path))) as stack:
        pixels = read_pixels(stack, samples_at(rows, columns), ["nir", "red"], 4, 3, 8, SilentProgress())
    patches = pixels.cut(torch.tensor(rows) - 4, torch.tensor(columns) - 4, 8).numpy()
    padded = np.pad(values[::-1], ((0, 0), (8, 8), (8, 8)), mode="reflect")
    for patch, row, column in zip(patches, rows, columns, strict=True):
        assert np.array_equal(patch, padded[:, row + 4 : row + 12, column + 4 : column + 12])
