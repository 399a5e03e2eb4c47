"""Rasters that break readers: each gives a correct map, or one clear sentence and no file.

The two tables have a row a file of the collection; a new file without a row is a failing test.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import LandCoverError, RasterError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks import train

from ....requests import train_request
from .conftest import CONTROL_POINTS, NO_BANDS, NO_CRS, WIDTH, read, zero_alpha, zero_in_any_band

pytestmark = [
    pytest.mark.data,
    # Some of them have no georeferencing, as the tables say.
    pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning"),
]
Invalid = Callable[[Path], np.ndarray]


def nowhere(path: Path) -> np.ndarray:
    return np.zeros(read(path).shape[1:], bool)


def zero_or_nan(path: Path) -> np.ndarray:
    return zero_in_any_band(path) | np.isnan(read(path)).any(axis=0)


def zero_in_mask_sidecar(path: Path) -> np.ndarray:
    return (read(path.with_name(path.name + ".msk")) == 0).any(axis=0)


def zero_in_mask_of_the_file(path: Path) -> np.ndarray:
    # The mask of a TIFF is its second image. Read as one, no mask logic of any reader has a part in it.
    with rasterio.open(f"GTIFF_DIR:2:{path}") as mask:
        return mask.read(1) == 0


@dataclasses.dataclass(frozen=True)
class Mapped:
    """What must come of a raster that can be classified.

    Attributes:
        why: What is awkward in it.
        invalid: Which pixels must be nodata; told without any code of the product.
        bands: How many bands it has for the model.
        warns: Words of a warning; empty where there is none.
        stride: Wide where the raster is large.
    """

    why: str
    invalid: Invalid
    bands: int = 1
    warns: str = ""
    stride: int = 16


@dataclasses.dataclass(frozen=True)
class Refused:
    """What must be said of a raster that cannot be classified; attributes as of ``Mapped``."""

    why: str
    says: str
    bands: int = 1


# Many pixels have one value, 0 or 255, in all bands.
UNDECLARED = "not declared as nodata"
MAPPED = {
    "RGB.byte.tif": Mapped("one band's nodata (0) is enough, not all three", zero_in_any_band, 3, UNDECLARED),
    "RGB2.byte.tif": Mapped(
        "its mask is a file of its own, and zeros are values", zero_in_mask_sidecar, 3, UNDECLARED
    ),
    "RGBA.byte.tif": Mapped("the fourth band masks, it measures nothing", zero_alpha, 3, "transparency"),
    "alpha.tif": Mapped("nearly all of it is transparent", zero_alpha, 3, "transparency"),
    "byte.tif": Mapped("nothing is declared, so all is valid", nowhere, stride=1),
    "red.tif": Mapped("overviews are a file of their own: not to be read instead", zero_in_any_band, 3),
    "riotiler_cog_cmap.tif": Mapped(
        "62 million pixels in 0.7 MB, and palette indices", zero_in_any_band, warns="palette", stride=512
    ),
    "riotiler_cog_hirise_mars.tif": Mapped("a CRS of another planet", nowhere, 3, UNDECLARED),
    "riotiler_cog_nodata_nan.tif": Mapped("nodata is 0, and there are NaNs besides", zero_or_nan, stride=8),
    "riotiler_cog_rgb_mask.tif": Mapped("its mask is inside the file", zero_in_mask_of_the_file, 3, stride=8),
    "sits_TERRA_MODIS_012010_NDVI_2013-09-14.jp2": Mapped("JPEG 2000, a CRS without code", nowhere),
    "stars_lc.tif": Mapped("it holds classes, no measurements", nowhere, warns="palette", stride=1),
}
REFUSED = {
    "RGB.byte.gcp.vrt": Refused("control points are no grid to write a map on", CONTROL_POINTS, 3),
    "riotiler_cog_gcps.tif": Refused("control points only, though they have a CRS", CONTROL_POINTS),
    "RGB.nc": Refused("a container; its parts are named", f'{NO_BANDS}.*RGB.nc"?:Band1'),
    "no_band.h5": Refused("a container; its parts are named", f"{NO_BANDS}.*dset2.*dset1"),
    "all-nodata.tif": Refused("an empty map would look like a result", "band 'blue' has no valid pixel", 4),
    "riotiler_inverted_lat.tif": Refused("south-up, but -9999 all over", "band 'Band 1' has no valid pixel"),
    "corrupt.tif": Refused("it opens, then fails on reading", "file may be damaged or incomplete", 3),
    "rotated.tif": Refused("a place without CRS is no place", NO_CRS),
    "float32.tif": Refused("a place without CRS is no place", NO_CRS),
    "float_nan.tif": Refused("a place without CRS is no place", NO_CRS),
    "riotiler_dataset_2d.nc": Refused("an array without any place", NO_CRS),
    "stars_test_stageiv_xyt_borked.nc": Refused("its axes are broken, so it has no place", NO_CRS),
    "RGB2.byte.tif.msk": Refused("a mask chosen by mistake", NO_CRS),
    "red.tif.ovr": Refused("overviews chosen by mistake", NO_CRS, 3),
    "SOURCE.md": Refused("no raster at all", "cannot be opened"),
}


def test_every_file_of_the_collection_has_a_row(folder):
    files = {path.name for path in folder.iterdir() if not path.name.endswith(".aux.xml")}
    assert files == MAPPED.keys() | REFUSED.keys()
    assert not MAPPED.keys() & REFUSED.keys()


@pytest.mark.slow(
    but=(
        "RGB.byte.tif",
        "RGB2.byte.tif",
        "RGBA.byte.tif",
        "alpha.tif",
        "byte.tif",
        "red.tif",
        "riotiler_cog_hirise_mars.tif",
        "riotiler_cog_nodata_nan.tif",
        "riotiler_cog_rgb_mask.tif",
        "sits_TERRA_MODIS_012010_NDVI_2013-09-14.jp2",
        "stars_lc.tif",
    )
)
@pytest.mark.medium
@pytest.mark.parametrize("name", MAPPED)
def test_an_awkward_raster_gets_a_map_on_its_own_grid(folder, model_for, classified, name):
    row = MAPPED[name]
    output, progress = classified(folder / name, model_for(row.bands), row.stride)
    with rasterio.open(folder / name) as source, rasterio.open(output) as dataset:
        assert dataset.shape == source.shape, row.why
        assert dataset.transform == source.transform, row.why
        assert dataset.crs == source.crs, row.why
        values = dataset.read(1)
        nodata = dataset.nodata
    assert np.array_equal(values == nodata, row.invalid(folder / name)), row.why
    assert set(np.unique(values)) <= {3, 7, nodata}
    warnings = " ".join(text for level, text in progress.lines if level == "warning" and "order" not in text)
    assert (row.warns in warnings) if row.warns else not warnings, warnings


@pytest.mark.medium(but=("RGB.nc", "rotated.tif", "SOURCE.md"))
@pytest.mark.parametrize("name", REFUSED)
def test_an_awkward_raster_gets_one_sentence_and_no_file(folder, model_for, classified, tmp_path, name):
    row = REFUSED[name]
    with pytest.raises(RasterError, match=row.says) as error:
        classified(folder / name, model_for(row.bands))
    assert "\n" not in str(error.value)
    assert error.value.where.endswith(name)
    assert error.value.advice, row.why
    assert os.listdir(tmp_path / "maps") == [], row.why


@pytest.mark.medium(but=("RGB.nc", "all-nodata.tif"))
@pytest.mark.parametrize("name", [name for name in REFUSED if name != "SOURCE.md"])
def test_training_on_it_is_refused_likewise(folder, make_raster, tmp_path, name):
    row = REFUSED[name]
    with rasterio.open(folder / name) as dataset:
        shape, transform = dataset.shape, dataset.transform
    labels = make_raster(np.indices(shape)[0] % 2 + 1, name="labels.tif", crs=None, transform=transform[:6])
    request = train_request(
        RasterSource(str(folder / name)),
        str(tmp_path / "model.safetensors"),
        labels=RasterSource(str(labels)),
        architecture="resnet18",
        patch_size=WIDTH,
        device="cpu",
    )
    # Where no pixel is valid, training says so of the samples.
    says = "pixels without a value in" if "valid pixel" in row.says else row.says
    with pytest.raises(LandCoverError, match=says) as error:
        train.run(request, SilentProgress())
    assert "\n" not in str(error.value)
    assert sorted(os.listdir(tmp_path)) == ["labels.tif"]


@pytest.mark.slow(
    but=(
        "RGB.byte.tif-0.3",
        "RGB.byte.tif-0.7",
        "RGB.byte.tif-0.99",
        "sits_TERRA_MODIS_012010_NDVI_2013-09-14.jp2-0.7",
        "RGB.nc-0.7",
    )
)
@pytest.mark.medium(but=("RGB.byte.tif-0.7",))
@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
@pytest.mark.parametrize("name", ["RGB.byte.tif", "sits_TERRA_MODIS_012010_NDVI_2013-09-14.jp2", "RGB.nc"])
def test_half_a_download_is_refused(folder, tmp_path, model_for, classified, name, share):
    content = (folder / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * share)])
    with pytest.raises(RasterError):
        classified(tmp_path / name, model_for(3 if name == "RGB.byte.tif" else 1), 16)
    assert os.listdir(tmp_path / "maps") == []
