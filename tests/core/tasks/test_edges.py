"""Every valid pixel of the raster gets its class, at exactly the right place, up to the last row and column.

The model is made by hand: its class is the number that stands at one place of the patch. So the map
is known without any code of the product: the raster's own numbers, shifted by that place and mirrored
at the edges by numpy.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from rasterio.transform import Affine
from torch import Tensor, nn

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.inference.backends.cascade import Computation
from deep_land_cover.core.inference.backends.choice import Backends
from deep_land_cover.core.inference.backends.torch_backend import plain_backend
from deep_land_cover.core.inference.predictors.factory import LoadedModel
from deep_land_cover.core.models import architectures
from deep_land_cover.core.models.architecture import Architecture
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.models.network_file import save_model
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.patch_store import read_pixels
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.tasks.classify import run
from deep_land_cover.core.training.channels import Preparation

from ...cards import model_card
from ...requests import classify_request

CODES = 7
CLASSES = tuple(LandCoverClass(10 + code, f"Class {code}", "#808080") for code in range(CODES))
NODATA = 255
BANDS = ("code", "other")
# Numbers stay as they are, and what is invalid becomes 0.
SCALING = Scaling((0.0, 0.0), (1.0, 1.0), clip=1e6)

PLACES = {
    "metres": {"transform": (10.0, 0.0, 600_000.0, 0.0, -10.0, 9_300_000.0), "crs": "EPSG:32748"},
    "degrees": {
        "transform": (8.983152841195215e-05, 0.0, 102.7, 0.0, -8.983152841195215e-05, -1.3),
        "crs": "EPSG:4326",
    },
}
BLOCKS_OF_64 = {"tiled": True, "blockxsize": 64, "blockysize": 64}
BLOCKS_OF_512 = {"tiled": True, "blockxsize": 512, "blockysize": 512}
# A tile has 256 pixels, or as many as a block where that is larger.
SIZES = {
    "exactly a tile": (256, 256, {}),
    "one pixel more than a tile": (257, 257, {}),
    "one pixel less than two tiles": (255, 511, {}),
    "one pixel more than a block": (65, 129, BLOCKS_OF_64),
    "one pixel more than a block of a tile's size": (257, 513, {**BLOCKS_OF_512, "compress": "deflate"}),
    "smaller than a block": (40, 50, BLOCKS_OF_64),
    "smaller than a patch": (3, 5, {}),
    "one row": (1, 300, {}),
    "one column": (300, 1, {}),
    "one pixel": (1, 1, {}),
    "two pixels": (2, 1, {}),
}


class Probe(nn.Module):
    """Scores each code by its distance to the first channel's value at one place of the patch."""

    seen: Tensor | None = None

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("place", torch.zeros(2))

    def forward(self, patches: Tensor) -> Tensor:
        if Probe.seen is not None:
            Probe.seen = torch.cat([Probe.seen, patches])
        row, column = (int(number) for number in self.place)
        return -((patches[:, 0, row, column, None] - torch.arange(CODES)) ** 2)


@pytest.fixture(autouse=True)
def probes(monkeypatch: pytest.MonkeyPatch, one_thread: None) -> None:
    """Let the registry know the hand-made network."""
    probe = Architecture(
        "probe",
        "Probe",
        "patch",
        "network",
        lambda channels, classes: Probe(),
        lambda entry, settings: None,
        make_predictor=architectures.architecture("resnet18").make_predictor,
    )
    monkeypatch.setattr(architectures, "ARCHITECTURES", (*architectures.ARCHITECTURES, probe))
    monkeypatch.setattr(Probe, "seen", None)


@pytest.fixture
def model(tmp_path):
    """Return a function that writes the model which looks at one place of its patch."""

    def write(patch_size, place):
        network = Probe()
        network.place = torch.tensor(place, dtype=torch.float32)
        card = model_card(
            architecture="probe",
            bands=BANDS,
            scaling=SCALING,
            patch_size=patch_size,
            pixel_size=(10.0, 10.0),
            classes=CLASSES,
        )
        path = tmp_path / f"model {patch_size} {place}.safetensors"
        save_model(path, network, card)
        return str(path)

    return write


@pytest.fixture
def scene(make_raster):
    """Return a function that writes codes at random, and returns path and codes."""

    def write(height, width, place="metres", holes=False, **profile):
        random = np.random.default_rng(height * 1000 + width)
        codes = random.integers(0, CODES, (height, width)).astype(np.float32)
        other = np.ones_like(codes)
        if holes:
            other[random.random(codes.shape) < 0.1] = np.nan
            # The corners are where a mistake would hide.
            other[0, 0] = other[-1, -1] = np.nan
        path = make_raster(np.stack([codes, other]), names=BANDS, **PLACES[place], **profile)
        return path, codes, np.isfinite(other)

    return write


def shifted(codes: np.ndarray, patch_size: int, place: tuple[int, int]) -> np.ndarray:
    """Return, for each pixel, the number at ``place`` of the patch around it, mirrored at the edges."""
    before = patch_size // 2
    around = (before, patch_size - 1 - before)
    padded = np.pad(codes, (around, around), mode="reflect")
    row, column = place
    return padded[row : row + codes.shape[0], column : column + codes.shape[1]]


def mapped(path: Path, model: str, **options) -> np.ndarray:
    """Return the map after a look at its grid."""
    output = path.with_name("map.tif")
    request = classify_request(RasterSource(str(path)), model, str(output), device="cpu", **options)
    run(request, SilentProgress())
    with rasterio.open(path) as source, rasterio.open(output) as dataset:
        # Not nearly, but to the last bit.
        assert dataset.transform == source.transform
        assert dataset.crs == source.crs
        assert dataset.shape == source.shape
        assert dataset.nodata == NODATA
        return dataset.read(1)


@pytest.mark.medium(
    but=(
        "one pixel-5-metres",
        "one pixel more than a block-16-degrees",
        "smaller than a patch-16-degrees",
        "one pixel more than a tile-5-metres",
        "one row-5-metres",
    )
)
@pytest.mark.parametrize(
    ("patch_size", "place"),
    [
        (5, "metres"),
        (16, "degrees"),
        pytest.param(5, "degrees", marks=pytest.mark.slow),
        pytest.param(16, "metres", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("size", SIZES)
def test_each_pixel_has_the_class_of_its_own_value(scene, model, size, patch_size, place):
    height, width, profile = SIZES[size]
    path, codes, _ = scene(height, width, place, **profile)
    centre = (patch_size // 2, patch_size // 2)
    assert np.array_equal(mapped(path, model(patch_size, centre)), codes + 10)


@pytest.mark.medium(
    but=("one pixel more than a block-degrees", "one pixel more than a tile-metres", "one column-metres")
)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("size", [size for size in SIZES if size not in ("one pixel", "two pixels")])
def test_each_valid_pixel_has_its_class_and_no_other_has_one(scene, model, size, place):
    height, width, profile = SIZES[size]
    path, codes, valid = scene(height, width, place, holes=True, **profile)
    expected = np.where(valid, codes + 10, NODATA)
    assert np.array_equal(mapped(path, model(8, (4, 4)), min_valid=0.0), expected)


@pytest.mark.medium(
    but=(
        "one pixel-5-corner1",
        "one pixel more than a block-16-corner0",
        "smaller than a patch-16-corner1",
        "one pixel more than a tile-5-corner0",
    )
)
@pytest.mark.parametrize("corner", [(0, 0), (-1, -1)])
@pytest.mark.parametrize("patch_size", [5, 16])
@pytest.mark.parametrize("size", SIZES)
def test_beyond_the_edge_lies_the_mirrored_raster(scene, model, size, patch_size, corner):
    height, width, profile = SIZES[size]
    path, codes, _ = scene(height, width, **profile)
    place = tuple(number % patch_size for number in corner)
    found = mapped(path, model(patch_size, place))
    assert np.array_equal(found, shifted(codes, patch_size, place) + 10)


@pytest.mark.parametrize("size", ["one pixel more than a block", "smaller than a patch", "one row"])
@pytest.mark.parametrize("patch_size", [5, 16])
def test_training_sees_the_patches_that_classification_sees(scene, model, monkeypatch, size, patch_size):
    height, width, profile = SIZES[size]
    path, _, valid = scene(height, width, holes=True, **profile)
    monkeypatch.setattr(Probe, "seen", torch.zeros(0, len(BANDS), patch_size, patch_size))
    # The probe itself has to be run, not a faster form of it.
    monkeypatch.setattr(LoadedModel, "stem_and_rest", None)
    monkeypatch.setattr(Backends, "choose", lambda self, *_: Computation(plain_backend(self.network.plain)))
    mapped(path, model(patch_size, (0, 0)), min_valid=0.0, batch_size=97)
    rows, columns = np.nonzero(valid)
    samples = Samples(
        rows, columns, np.zeros_like(rows), np.zeros_like(rows), classes=CLASSES[:1], stands_for=(1.0,)
    )
    with open_stack(RasterSource(str(path))) as stack:
        before = patch_size // 2
        pixels = read_pixels(stack, samples, BANDS, before, patch_size - 1 - before, 8, SilentProgress())
    prepared = pixels.converted(Preparation(BANDS, (), {}, 1.0, scaling=SCALING)).cut(
        torch.from_numpy(rows - before), torch.from_numpy(columns - before), patch_size
    )
    # The run begins with a trial batch and ends with measuring the model on its last one.
    start = next(first for first in range(len(Probe.seen)) if torch.equal(Probe.seen[first], prepared[0]))
    assert torch.equal(Probe.seen[start : start + len(rows)], prepared)


@pytest.mark.medium(
    but=("one pixel more than a tile-metres", "one pixel more than a block-degrees", "one row-metres")
)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("size", SIZES)
def test_the_coarse_grid_of_a_stride_begins_at_the_rasters_corner_and_covers_it(scene, model, size, place):
    height, width, profile = SIZES[size]
    path, codes, _ = scene(height, width, place, **profile)
    output = path.with_name("coarse.tif")
    request = classify_request(
        RasterSource(str(path)), model(4, (2, 2)), str(output), stride=3, fill=False, device="cpu"
    )
    run(request, SilentProgress())
    with rasterio.open(path) as source, rasterio.open(output) as dataset:
        a, b, c, d, e, f = tuple(source.transform)[:6]
        assert dataset.transform == Affine(3 * a, 3 * b, c, 3 * d, 3 * e, f)
        assert dataset.shape == (-(-height // 3), -(-width // 3))
        found = dataset.read(1)
    # The middle of each cell of 3 x 3, or what of it lies in the raster.
    rows = np.minimum(np.arange(1, height + 2, 3)[: found.shape[0]], height - 1)
    columns = np.minimum(np.arange(1, width + 2, 3)[: found.shape[1]], width - 1)
    assert np.array_equal(found, codes[np.ix_(rows, columns)] + 10)
