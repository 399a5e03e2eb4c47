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
import torch
from rasterio.transform import Affine

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import BandMismatchError, LandCoverError, RasterError
from deep_land_cover.core.models.card import ModelCard, Scaling, Training
from deep_land_cover.core.models.file import save_model
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks import classify, train

pytestmark = [
    pytest.mark.data,
    # Some of them have no georeferencing, as the tables say.
    pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning"),
]
WIDTH = 4  # of a patch
FOLDER = "awkward"
NO_CRS = "The raster has no coordinate reference system"
CONTROL_POINTS = "placed by ground control points only, it has no grid of its own"
NO_BANDS = "The raster has no bands of its own"

Invalid = Callable[[Path], np.ndarray]


def read(path: Path) -> np.ndarray:
    with rasterio.open(path) as dataset:
        return dataset.read()


def nowhere(path: Path) -> np.ndarray:
    return np.zeros(read(path).shape[1:], bool)


def zero_in_any_band(path: Path) -> np.ndarray:
    return (read(path) == 0).any(axis=0)


def zero_or_nan(path: Path) -> np.ndarray:
    return zero_in_any_band(path) | np.isnan(read(path)).any(axis=0)


def zero_in_mask_sidecar(path: Path) -> np.ndarray:
    return (read(path.with_name(path.name + ".msk")) == 0).any(axis=0)


def zero_in_mask_of_the_file(path: Path) -> np.ndarray:
    # The mask of a TIFF is its second image. Read as one, no mask logic of any reader has a part in it.
    with rasterio.open(f"GTIFF_DIR:2:{path}") as mask:
        return mask.read(1) == 0


def zero_alpha(path: Path) -> np.ndarray:
    return read(path)[3] == 0


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


MAPPED = {
    "RGB.byte.tif": Mapped("one band's nodata (0) is enough, not all three", zero_in_any_band, 3),
    "RGB2.byte.tif": Mapped("its mask is a file of its own, and zeros are values", zero_in_mask_sidecar, 3),
    "RGBA.byte.tif": Mapped("the fourth band masks, it measures nothing", zero_alpha, 3, "transparency"),
    "alpha.tif": Mapped("nearly all of it is transparent", zero_alpha, 3, "transparency"),
    "byte.tif": Mapped("nothing is declared, so all is valid", nowhere, stride=1),
    "red.tif": Mapped("overviews are a file of their own: not to be read instead", zero_in_any_band, 3),
    "riotiler_cog_cmap.tif": Mapped(
        "62 million pixels in 0.7 MB, and palette indices", zero_in_any_band, warns="palette", stride=512
    ),
    "riotiler_cog_hirise_mars.tif": Mapped("a CRS of another planet", nowhere, 3),
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
    "all-nodata.tif": Refused("an empty map would look like a result", "no pixel of band 'blue' is valid", 4),
    "riotiler_inverted_lat.tif": Refused(
        "south-up, but -9999 all over", "no pixel of band 'Band 1' is valid"
    ),
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


@pytest.fixture(scope="session")
def folder(data_folder):
    return data_folder / FOLDER


@pytest.fixture
def model_for(tmp_path):
    """Write a model for so many bands whose answer is each class for about half of all patches."""

    def write(bands: int, mean: float = 100.0, std: float = 50.0) -> str:
        torch.manual_seed(0)
        network = build_network("resnet18", bands, 2).eval()
        with torch.no_grad():
            scores = network(torch.randn(256, bands, WIDTH, WIDTH))
            network.fc.bias[0] -= (scores[:, 0] - scores[:, 1]).median()
        names = tuple(f"Band {number}" for number in range(1, bands + 1))
        card = ModelCard(
            architecture="resnet18",
            bands=names,
            band_roles={},
            indices=(),
            reflectance_scale=1.0,
            scaling=Scaling((mean,) * bands, (std,) * bands),
            patch_size=WIDTH,
            padding="reflect",
            pixel_size=(20.0, 20.0),
            crs="",
            nodata=None,
            classes=(LandCoverClass(3, "Wood", "#006400"), LandCoverClass(7, "Water", "#0064C8")),
            training=Training("blocks", "", 1, 1, 1, 0, 1),
            metrics=None,
            created="2026-01-01T00:00:00",
            versions={},
        )
        path = tmp_path / f"{bands} bands.safetensors"
        save_model(path, network, card)
        return str(path)

    return write


@pytest.fixture
def classified(tmp_path):
    """Classify a raster; return map and log."""

    def run(path: Path | str, model: str, stride: int = 1) -> tuple[Path, SilentProgress]:
        progress = SilentProgress()
        output = tmp_path / "maps" / "map.tif"
        output.parent.mkdir(exist_ok=True)
        request = classify.ClassifyRequest(
            RasterSource(str(path)), model, str(output), device="cpu", stride=stride, min_valid=0.0
        )
        classify.run(request, progress)
        return output, progress

    return run


def with_place(path: Path, folder: Path, transform: Affine | None = None, extra: str = "") -> Path:
    """Write a VRT of a one-band raster that gives it a CRS, and another transform or nodata value."""
    with rasterio.open(path) as dataset:
        c, a, b, f, d, e = (transform or dataset.transform).to_gdal()
        size = f'rasterXSize="{dataset.width}" rasterYSize="{dataset.height}"'
        kind = {"uint8": "Byte", "float32": "Float32"}[dataset.dtypes[0]]
    placed = folder / f"{path.stem} with CRS.vrt"
    placed.write_text(
        f"<VRTDataset {size}><SRS>EPSG:32748</SRS>"
        f"<GeoTransform>{c!r},{a!r},{b!r},{f!r},{d!r},{e!r}</GeoTransform>"
        f'<VRTRasterBand dataType="{kind}" band="1">{extra}<SimpleSource>'
        f"<SourceFilename>{path}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    return placed


def test_every_file_of_the_collection_has_a_row(folder):
    files = {path.name for path in folder.iterdir() if not path.name.endswith(".aux.xml")}
    assert files == MAPPED.keys() | REFUSED.keys()
    assert not MAPPED.keys() & REFUSED.keys()


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
    assert (row.warns in warnings) if row.warns else not warnings


@pytest.mark.parametrize("name", REFUSED)
def test_an_awkward_raster_gets_one_sentence_and_no_file(folder, model_for, classified, tmp_path, name):
    row = REFUSED[name]
    with pytest.raises(RasterError, match=row.says) as error:
        classified(folder / name, model_for(row.bands))
    assert "\n" not in str(error.value)
    assert error.value.where.endswith(name)
    assert error.value.advice, row.why
    assert os.listdir(tmp_path / "maps") == [], row.why


@pytest.mark.parametrize("name", [name for name in REFUSED if name != "SOURCE.md"])
def test_training_on_it_is_refused_likewise(folder, make_raster, tmp_path, name):
    row = REFUSED[name]
    with rasterio.open(folder / name) as dataset:
        shape, transform = dataset.shape, dataset.transform
    labels = make_raster(np.indices(shape)[0] % 2 + 1, name="labels.tif", crs=None, transform=transform[:6])
    request = train.TrainRequest(
        RasterSource(str(folder / name)),
        str(tmp_path / "model.safetensors"),
        labels=RasterSource(str(labels)),
        architecture="resnet18",
        patch_size=WIDTH,
        device="cpu",
    )
    # Where no pixel is valid, training says so of the samples.
    says = "on pixels without valid values were left out" if "is valid" in row.says else row.says
    with pytest.raises(LandCoverError, match=says) as error:
        train.run(request, SilentProgress())
    assert "\n" not in str(error.value)
    assert sorted(os.listdir(tmp_path)) == ["labels.tif"]


def test_a_model_of_four_bands_does_not_take_transparency_for_one(folder, model_for, classified):
    with pytest.raises(BandMismatchError, match=r"needs 4: .*has 3: Band 1, Band 2, Band 3 \("):
        classified(folder / "RGBA.byte.tif", model_for(4))


def test_one_part_of_a_container_is_a_raster(folder, model_for, classified):
    output, _ = classified(f'NETCDF:"{folder / "RGB.nc"}":Band1', model_for(1), 16)
    with rasterio.open(output) as dataset, rasterio.open(folder / "RGB.byte.tif") as same:
        assert dataset.crs == same.crs
        assert dataset.transform.almost_equals(same.transform, 1e-6)
        assert np.array_equal(dataset.read(1) == dataset.nodata, same.read(1) == 0)


def test_a_part_that_has_no_crs_is_refused_though_its_neighbour_has_one(folder, model_for, classified):
    with pytest.raises(RasterError, match=NO_CRS):
        classified(f'NETCDF:"{folder / "RGB.nc"}":Band2', model_for(1))


@pytest.mark.parametrize(
    ("name", "transform"),
    [
        ("rotated.tif", Affine(10 * 3**0.5, 5, 100, 10, -5 * 3**0.5, 200)),
        ("float32.tif", Affine(100, 0, 0, 0, 100, 0)),
    ],
)
def test_rotated_and_south_up_pixels_stay_where_they_are(
    folder, tmp_path, model_for, classified, name, transform
):
    values = read(folder / name)
    model = model_for(1, float(values.mean()), float(values.std()))
    output, _ = classified(with_place(folder / name, tmp_path), model)
    with rasterio.open(output) as dataset:
        assert dataset.transform == rasterio.open(folder / name).transform
        assert dataset.transform.almost_equals(Affine(*transform[:6]))
        found = dataset.read(1)
    # The same pixels, north-up: where they lie must not change what they are.
    upright, _ = classified(with_place(folder / name, tmp_path, Affine(20, 0, 0, 0, -20, 0)), model)
    with rasterio.open(upright) as dataset:
        assert np.array_equal(dataset.read(1), found)
    assert set(np.unique(found)) == {3, 7}


def test_a_south_up_world_in_degrees_keeps_its_grid(folder, tmp_path, model_for, classified):
    # Without the nodata value, so that there is something to classify.
    path = with_place(folder / "riotiler_inverted_lat.tif", tmp_path)
    output, _ = classified(path, model_for(1), 32)
    with rasterio.open(output) as dataset:
        assert dataset.transform == Affine(0.5, 0, -180, 0, 0.5, -90)
        assert (dataset.read(1) != dataset.nodata).all()


def test_nan_as_nodata_is_nodata(folder, tmp_path, model_for, classified):
    path = folder / "float_nan.tif"
    output, _ = classified(with_place(path, tmp_path), model_for(1))
    with rasterio.open(output) as dataset:
        assert np.array_equal(dataset.read(1) == dataset.nodata, np.isnan(read(path)[0]))
        assert 0 < np.count_nonzero(dataset.read_masks(1)) < dataset.width * dataset.height


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
@pytest.mark.parametrize("name", ["RGB.byte.tif", "sits_TERRA_MODIS_012010_NDVI_2013-09-14.jp2", "RGB.nc"])
def test_half_a_download_is_refused(folder, tmp_path, model_for, classified, name, share):
    content = (folder / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * share)])
    with pytest.raises(RasterError):
        classified(tmp_path / name, model_for(3 if name == "RGB.byte.tif" else 1), 16)
    assert os.listdir(tmp_path / "maps") == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("RGB.byte.gcp.vrt", CONTROL_POINTS),
        ("riotiler_cog_gcps.tif", CONTROL_POINTS),
        ("riotiler_cog_hirise_mars.tif", "cannot be brought onto the input's grid"),
        ("rotated.tif", "no coordinate reference system and does not lie on the input's grid"),
        ("RGB.nc", NO_BANDS),
        ("all-nodata.tif", "lies outside the input raster"),
    ],
)
def test_an_awkward_mask_gets_one_sentence_and_no_file(folder, tmp_path, model_for, name, says):
    output = tmp_path / "maps" / "map.tif"
    output.parent.mkdir()
    request = classify.ClassifyRequest(
        RasterSource(str(folder / "RGB.byte.tif")),
        model_for(3),
        str(output),
        mask_raster=RasterSource(str(folder / name)),
        device="cpu",
    )
    with pytest.raises(LandCoverError, match=says) as error:
        classify.run(request, SilentProgress())
    assert "\n" not in str(error.value)
    assert os.listdir(output.parent) == []


def test_a_mask_raster_with_transparency_limits_the_map(folder, tmp_path, model_for):
    request = classify.ClassifyRequest(
        RasterSource(str(folder / "RGB.byte.tif")),
        model_for(3),
        str(tmp_path / "map.tif"),
        mask_raster=RasterSource(str(folder / "RGBA.byte.tif")),
        device="cpu",
        stride=16,
        min_valid=0.0,
    )
    classify.run(request, SilentProgress())
    red = read(folder / "RGBA.byte.tif")[0]
    expected = zero_in_any_band(folder / "RGB.byte.tif") | zero_alpha(folder / "RGBA.byte.tif") | (red == 0)
    assert np.array_equal(read(tmp_path / "map.tif")[0] == 255, expected)
