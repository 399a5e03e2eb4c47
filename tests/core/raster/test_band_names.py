"""How the bands of a stack are called, and what is chosen and recognised by these names."""

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import BandMismatchError
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack

from .conftest import VALUES


def test_bands_without_names_are_numbered_and_double_names_told_apart(make_raster):
    path = make_raster(np.zeros((4, 2, 2), np.uint16), names=("red", None, "red", "red"))
    with open_stack(RasterSource(str(path))) as stack:
        assert stack.band_names == ("red", "Band 2", "red (2)", "red (3)")


def test_names_that_differ_in_case_only_are_told_apart(make_raster):
    path = make_raster(np.zeros((2, 2, 2), np.uint16), names=("Red", "red"))
    with open_stack(RasterSource(str(path))) as stack:
        assert stack.band_names == ("Red", "red (2)")


NETCDF_NAMES = [
    # A variable over time, as climate and vegetation archives have it.
    (
        [{"NETCDF_VARNAME": "ndvi", "long_name": "index", "NETCDF_DIM_time": str(day)} for day in (0, 16)],
        ("ndvi time=0", "ndvi time=16"),
    ),
    ([{"NETCDF_VARNAME": "ndvi", "NETCDF_DIM_time": "16"}], ("ndvi",)),
    ([{"NETCDF_VARNAME": "Band4", "long_name": "GDAL Band Number 4"}], ("Band 4",)),
    ([{"long_name": "air temperature"}, {"standard_name": "altitude"}], ("air temperature", "altitude")),
    ([{"NETCDF_VARNAME": "ndvi", "description": "b"}, {"units": "m"}], ("b", "Band 2")),
]


@pytest.mark.parametrize(("tags", "names"), NETCDF_NAMES)
def test_a_band_without_description_has_the_name_that_its_format_tells(make_raster, tags, names):
    path = make_raster(np.zeros((len(tags), 2, 2), np.uint16))
    with rasterio.open(path, "r+") as dataset:
        for band, items in enumerate(tags, start=1):
            if "description" in items:
                dataset.set_band_description(band, items["description"])
            dataset.update_tags(band, **{key: text for key, text in items.items() if key != "description"})
    with open_stack(RasterSource(str(path))) as stack:
        assert stack.band_names == names


def test_names_that_come_again_are_numbered_by_position(make_raster, tmp_path):
    for name, bands in (("a", ("B2", "B3", None)), ("b", ("B2", None, None)), ("c", ("B2", "VV"))):
        make_raster(np.zeros((len(bands), 4, 4), np.uint8), names=bands, name=f"{name}.tif")
    sources = [RasterSource(str(tmp_path / f"{name}.tif")) for name in "abc"]
    with open_stack(sources[0], None, sources[1:]) as stack:
        assert stack.band_names == ("B2", "B3", "Band 3", "B2 (2)", "Band 2", "Band 3 (2)", "B2 (3)", "VV")
        assert stack.own_bands == 3


def test_named_and_chosen_bands_are_read_in_their_order(make_raster, tmp_path):
    for name, value in (("a", 1), ("b", 3)):
        values = np.stack([np.full((4, 4), value), np.full((4, 4), value + 1)]).astype(np.uint8)
        make_raster(values, names=(f"{name} first", None), name=f"{name}.tif")
    a, b = (RasterSource(str(tmp_path / f"{name}.tif")) for name in "ab")
    with open_stack(a, extra_inputs=[b], band_names="nir=4, red=a first", bands="nir, B First, red") as stack:
        assert stack.all_bands == ("red", "Band 2", "b first", "nir")
        assert stack.band_names == ("nir", "b first", "red")
        assert stack.read(0, 4, 0, 4)[:, 0, 0].tolist() == [4, 3, 1]
        assert stack.read(0, 4, 0, 4, ("red", "nir"))[:, 0, 0].tolist() == [1, 4]
        assert stack.roles("") == {"red": "red", "nir": "nir"}
        with pytest.raises(BandMismatchError, match=r"'Band 2'.*It has: nir, b first, red"):
            stack.read(0, 1, 0, 1, ("Band 2",))


def test_roles_of_chosen_bands_are_those_of_the_whole_raster(make_raster):
    # Alone, B4 to B6 would be a Landsat's red, near and short-wave infrared.
    names = ("B2", "B3", "B4", "B5", "B6", "B8", "B8A", "B11")
    path = RasterSource(str(make_raster(np.zeros((8, 2, 2), np.uint8), names=names)))
    with open_stack(path, bands="B4, B5, B6, B8A") as stack:
        assert stack.roles("") == {
            "red": "B4",
            "red_edge_1": "B5",
            "red_edge_2": "B6",
            "nir": "B8A",
            "nir_narrow": "B8A",
        }
        assert stack.roles("green=4, nir=B8")["green"] == "B5"


def test_an_unknown_band_is_refused_with_the_list(make_raster):
    with (
        open_stack(RasterSource(str(make_raster(VALUES, names=("red", "nir"))))) as stack,
        pytest.raises(BandMismatchError, match=r"'blue'.*red, nir"),
    ):
        stack.read(0, 1, 0, 1, ("blue",))
