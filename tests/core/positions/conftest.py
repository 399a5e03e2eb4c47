"""Rasters whose values are their own row and column numbers, and networks that read nothing but a centre.

Whatever is done with such a raster, the numbers that come out say which pixel they come from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.inference import pipeline as survey
from deep_land_cover.core.inference.backends.choice import Backends
from deep_land_cover.core.inference.predictors.factory import LoadedModel
from deep_land_cover.core.inference.predictors.shared_stem import SharedStem
from deep_land_cover.core.models.architectures import architecture as registered
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.tasks import classify as job

from ...cards import model_card
from ...requests import classify_request

BANDS = ("row", "column")
GRIDS = {
    "north up": (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0),
    "south up": (20.0, 0.0, 500_000.0, 0.0, 20.0, 9_700_000.0),
    "rotated": (17.0, 9.0, 500_000.0, 9.0, -17.0, 9_800_000.0),
    "oblong": (30.0, 0.0, 500_000.0, 0.0, -10.0, 9_800_000.0),
}
NODATA = 65535
UNMAPPED = -1
TILE = 16


def positions(height: int, width: int, dtype: str = "float32") -> NDArray[Any]:
    """Return bands of row and column numbers (2, rows, columns)."""
    return np.stack(np.mgrid[0:height, 0:width]).astype(dtype)


def mirrored(values: NDArray[Any], border: int) -> NDArray[Any]:
    """Return an image with a mirrored border, as numpy mirrors."""
    return np.pad(values, ((0, 0), (border, border), (border, border)), mode="reflect")


def samples_at(places: Sequence[tuple[int, int]]) -> Samples:
    """Return a sample at each row and column, each of a class of its own."""
    rows, columns = np.array(places, dtype=np.int64).reshape(-1, 2).T
    number = np.arange(len(rows))
    classes = tuple(LandCoverClass(int(value), f"Class {value}", "#808080") for value in number)
    return Samples(rows.copy(), columns.copy(), number, number, classes, (1.0,) * len(number))


class Reader(nn.Module):
    """Scores of as many classes as there may be rows: the best one is the value that ``read`` finds."""

    def __init__(self, read: Callable[[Tensor], Tensor], classes: int, axis: int) -> None:
        super().__init__()
        self._read, self._axis = read, axis
        self.register_buffer("classes", torch.arange(classes, dtype=torch.float32))

    def forward(self, squares: Tensor) -> Tensor:
        # A parabola with its top at the value, less its square: linear in the value.
        values = self._read(squares)[:, self._axis, None]
        shape = (1, -1) + (1,) * (values.ndim - 2)
        classes = self.classes.view(shape)
        return 2.0 * values * classes - classes**2


def centre(patches: Tensor) -> Tensor:
    """Return the labelled pixels of patches (N, channels, size, size)."""
    return patches[:, :, patches.shape[2] // 2, patches.shape[3] // 2]


def itself(squares: Tensor) -> Tensor:
    """Return squares as they are: each pixel is a labelled one."""
    return squares


class SharingModel(LoadedModel):
    """A model whose patches share a stem however few of them overlap."""

    @cached_property
    def stem_and_rest(self) -> tuple[SharedStem, Backends] | None:
        cut = super().stem_and_rest
        return cut and (SharedStem(cut[0].stem, self.card.patch_size, max_work=inf), cut[1])


@pytest.fixture
def mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[NDArray[np.int64], NDArray[Any]]]:
    """Return a function that classifies a raster and returns which pixel each pixel of the map shows.

    ``mapped(path, patch_size=8, extra_inputs=…, stride=…, …)`` runs the whole job twice, with a network
    that reads the row and one that reads the column. It returns rows and columns (2, rows, columns),
    ``UNMAPPED`` where there is no class, and the highest probabilities (2, rows, columns).
    """

    def classify(
        path: Path,
        *,
        patch_size: int = 8,
        architecture: str = "resnet18",
        network: Callable[[int, int], nn.Module] | None = None,
        bands: tuple[str, ...] = BANDS,
        classes: int = 64,
        tile: int = TILE,
        always_share: bool = False,
        **options: Any,
    ) -> tuple[NDArray[np.int64], NDArray[Any]]:
        monkeypatch.setattr(job, "tile_size", lambda block, stride, suited=256: max(tile, stride))
        monkeypatch.setattr(survey, "tile_size", lambda block, stride, suited=256: max(tile, stride))
        read = itself if registered(architecture).kind == "pixel" else centre
        card = model_card(
            architecture=architecture,
            bands=bands,
            patch_size=patch_size,
            classes=tuple(LandCoverClass(value, f"Class {value}", "#808080") for value in range(classes)),
            scaling=Scaling((0.0,) * len(bands), (1.0,) * len(bands), clip=1e9),
        )
        found, shares = [], []
        for axis in (0, 1):
            made = network(axis, classes) if network else Reader(read, classes, axis)
            kind = SharingModel if always_share else LoadedModel
            model = kind(made.eval(), card, f"axis {axis}", torch.device("cpu"))
            monkeypatch.setattr(job, "load_once", lambda *_, model=model: (model,))
            output, sure = tmp_path / f"axis_{axis}.tif", tmp_path / f"sure_{axis}.tif"
            request = classify_request(
                RasterSource(str(path)),
                str(path),
                str(output),
                uncertainty=str(sure),
                share_type="float32",
                device="cpu",
                backend="torch",
                precision="fp32",
                resume=False,
                **{"min_valid": 0.0, "allow_different_values": True, **options},
            )
            job.classify(request, card, SilentProgress())
            with rasterio.open(output) as dataset, rasterio.open(sure) as others:
                values = dataset.read(1).astype(np.int64)
                values[dataset.read_masks(1) == 0] = UNMAPPED
                found.append(values)
                shares.append(others.read(1))
        return np.stack(found), np.stack(shares)

    return classify


@pytest.fixture(autouse=True)
def always_one_thread(one_thread: None) -> None:
    """Compute on one thread in all tests of this folder."""
