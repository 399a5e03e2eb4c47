import numpy as np
import pytest
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deep_land_cover.core.errors import BandMismatchError, ParameterError, RasterError
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import mirrored, open_stack

VALUES = np.arange(2 * 6 * 5, dtype=np.float32).reshape(2, 6, 5)


def read_all(path, nodata=None):
    with open_stack(RasterSource(str(path), nodata=nodata)) as stack:
        return stack.read(0, stack.grid.height, 0, stack.grid.width)


@given(st.integers(1, 12), st.integers(0, 40), st.integers(0, 40))
def test_mirrored_positions_are_those_of_numpys_reflect_padding(size, before, behind):
    expected = np.pad(np.arange(size), (before, behind), mode="reflect")
    assert np.array_equal(mirrored(-before, size + behind, size), expected)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(-20, 20),
    st.integers(1, 25),
    st.integers(-20, 20),
    st.integers(1, 25),
)
def test_a_range_beyond_the_edge_is_mirrored(make_raster, height, width, row, rows, column, columns):
    values = np.random.default_rng(0).random((2, height, width), dtype=np.float32)
    padded = np.pad(values, ((0, 0), (20, 50), (20, 50)), mode="reflect")
    with open_stack(RasterSource(str(make_raster(values)))) as stack:
        read = stack.read(row, row + rows, column, column + columns)
    expected = padded[:, row + 20 : row + 20 + rows, column + 20 : column + 20 + columns]
    assert np.array_equal(read, expected)


def test_bands_come_in_the_order_asked_for(make_raster):
    with open_stack(RasterSource(str(make_raster(VALUES, names=("red", "nir"))))) as stack:
        assert stack.band_names == ("red", "nir")
        assert np.array_equal(stack.read(0, 6, 0, 5, ("nir", "red")), VALUES[::-1])


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
                dataset.set_band_description(band, items.pop("description"))
            dataset.update_tags(band, **items)
    with open_stack(RasterSource(str(path))) as stack:
        assert stack.band_names == names


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


def test_files_are_closed_when_the_names_are_refused(make_raster, monkeypatch):
    closed = []
    monkeypatch.setattr(
        "deep_land_cover.core.raster.band_file.BandFile.close", lambda self: closed.append(self.source.path)
    )
    path = str(make_raster(VALUES))
    with pytest.raises(ParameterError):
        open_stack(RasterSource(path), band_names="only one")
    assert closed == [path]


def test_an_unknown_band_is_refused_with_the_list(make_raster):
    with (
        open_stack(RasterSource(str(make_raster(VALUES, names=("red", "nir"))))) as stack,
        pytest.raises(BandMismatchError, match=r"'blue'.*red, nir"),
    ):
        stack.read(0, 1, 0, 1, ("blue",))


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "float32", "float64"])
def test_nodata_is_nan_in_each_type(make_raster, dtype):
    values = np.array([[[1, 7], [3, 4]], [[7, 2], [3, 4]]], dtype=dtype)
    read = read_all(make_raster(values, nodata=7))
    assert np.array_equal(np.isnan(read), values == 7)


def test_a_nodata_value_that_the_type_cannot_hold_hides_nothing(make_raster, tmp_path):
    # GDAL refuses to write such a tag, but a VRT can carry it.
    path = make_raster(np.array([[0, 241]], dtype=np.uint8))
    vrt = tmp_path / "odd.vrt"
    vrt.write_text(
        '<VRTDataset rasterXSize="2" rasterYSize="1"><VRTRasterBand dataType="Byte" band="1">'
        "<NoDataValue>-9999</NoDataValue><SimpleSource>"
        f"<SourceFilename>{path}</SourceFilename><SourceBand>1</SourceBand></SimpleSource>"
        "</VRTRasterBand></VRTDataset>"
    )
    assert np.array_equal(read_all(vrt), [[[0, 241]]])


def test_a_float_nodata_value_rounded_in_the_tag_still_counts(make_raster):
    values = np.array([[np.float32(-3.4028235e38), 1.0]], dtype=np.float32)
    assert np.isnan(read_all(make_raster(values, nodata=-3.4028234663852886e38))[0]).tolist() == [
        [True, False]
    ]


def test_each_band_has_its_own_nodata_value(tmp_path, make_raster):
    path = make_raster(np.array([[[1, 2, 3]], [[1, 2, 3]]], dtype=np.uint8))
    bands = "".join(
        f'<VRTRasterBand dataType="Byte" band="{band}"><NoDataValue>{band}</NoDataValue><SimpleSource>'
        f"<SourceFilename>{path}</SourceFilename><SourceBand>{band}</SourceBand></SimpleSource>"
        "</VRTRasterBand>"
        for band in (1, 2)
    )
    vrt = tmp_path / "bands.vrt"
    vrt.write_text(f'<VRTDataset rasterXSize="3" rasterYSize="1">{bands}</VRTDataset>')
    assert np.isnan(read_all(vrt))[:, 0].tolist() == [[True, False, False], [False, True, False]]


def test_infinite_and_undeclared_nan_values_are_invalid(make_raster):
    values = np.array([[np.nan, np.inf, -np.inf, 1.0]], dtype=np.float32)
    assert np.isnan(read_all(make_raster(values))[0]).tolist() == [[True, True, True, False]]


def test_the_layers_own_nodata_value_counts_besides_the_files(make_raster):
    values = np.array([[1, 2, 3]], dtype=np.uint8)
    assert np.isnan(read_all(make_raster(values, nodata=1), nodata=3.0)[0]).tolist() == [[True, False, True]]


def test_the_layers_own_nodata_value_is_compared_with_the_scaled_one(make_raster):
    # QgsGdalProvider applies scale and offset before the user's nodata values.
    path = make_raster(np.array([[0, 10, 20]], dtype=np.uint8), scales=(0.5,), offsets=(1.0,))
    assert np.isnan(read_all(path, nodata=6.0)[0]).tolist() == [[False, True, False]]


def test_scale_and_offset_of_the_file_are_honoured_after_nodata(make_raster):
    path = make_raster(
        np.array([[[0, 10_000]], [[0, 10_000]]], dtype=np.uint16),
        nodata=0,
        scales=(0.0001, 0.0000275),
        offsets=(-0.1, -0.2),
    )
    read = read_all(path)
    assert np.isnan(read[:, 0, 0]).all()
    assert read[:, 0, 1] == pytest.approx([0.9, 0.075], abs=1e-7)


def test_the_datasets_mask_is_honoured_in_all_bands(make_raster):
    mask = np.array([[255, 0, 255]], dtype=np.uint8)
    read = read_all(make_raster(np.ones((3, 1, 3), np.uint8), mask=mask))
    assert np.isnan(read).tolist() == [[[False, True, False]]] * 3


def test_a_mask_does_not_switch_nodata_off(make_raster):
    mask = np.array([[255, 0, 255]], dtype=np.uint8)
    path = make_raster(np.array([[1, 1, 9]], dtype=np.uint8), mask=mask, nodata=9)
    assert np.isnan(read_all(path)[0]).tolist() == [[False, True, True]]


def test_an_alpha_band_masks_and_is_no_band(make_raster):
    values = np.array([[[5, 5]], [[6, 6]], [[7, 7]], [[0, 255]]], dtype=np.uint8)
    with open_stack(RasterSource(str(make_raster(values, photometric="RGB", alpha="YES")))) as stack:
        assert stack.band_names == ("Band 1", "Band 2", "Band 3")
        assert np.isnan(stack.read(0, 1, 0, 2)).tolist() == [[[True, False]]] * 3
        assert "Band 4" in stack.notes[0]


def test_a_near_infrared_band_that_gdal_takes_for_alpha_is_a_measurement(make_raster):
    values = np.array([[[5, 5]], [[6, 6]], [[7, 7]], [[0, 200]]], dtype=np.uint8)
    path = make_raster(values, names=("red", "green", "blue", "nir"), photometric="RGB", alpha="YES")
    with open_stack(RasterSource(str(path))) as stack:
        assert stack.band_names[3] == "nir"
        assert np.array_equal(stack.read(0, 1, 0, 2), values)
        assert stack.notes == ()


def test_a_raster_without_crs_is_refused_with_what_to_do(make_raster):
    with open_stack(RasterSource(str(make_raster(VALUES, crs=None)))) as stack:
        with pytest.raises(RasterError) as error:
            stack.require_crs()
    assert str(error.value).startswith("The raster has no coordinate reference system (")
    assert str(error.value).endswith("Assign one (Raster > Projections > Assign Projection) and run again.")


@pytest.mark.parametrize(
    "transform", [(1.0, 0, 0, 0, 1.0, 0), (0.0, 0, 5.0, 0, 0.0, 6.0), (float("nan"), 0, 5.0, 0, -1.0, 6.0)]
)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_raster_with_a_crs_but_no_position_in_it_is_refused(make_raster, transform):
    with open_stack(RasterSource(str(make_raster(VALUES, transform=transform)))) as stack:
        with pytest.raises(RasterError, match="no position"):
            stack.require_crs()


def test_complex_numbers_are_refused(make_raster):
    with pytest.raises(RasterError, match="complex numbers"):
        open_stack(RasterSource(str(make_raster(np.full((2, 2), 3 + 4j, np.complex64)))))


def vrt_of(folder, path, *kinds, inside="", file="relative.vrt"):
    """Write a VRT with bands of these types, all of the first band of ``path``, a relative one."""
    bands = "".join(
        f'<VRTRasterBand dataType="{kind}" band="{band}">{inside}<SimpleSource>'
        f'<SourceFilename relativeToVRT="1">{path}</SourceFilename><SourceBand>1</SourceBand>'
        "</SimpleSource></VRTRasterBand>"
        for band, kind in enumerate(kinds, start=1)
    )
    vrt = folder / file
    vrt.write_text(f'<VRTDataset rasterXSize="3" rasterYSize="1">{bands}</VRTDataset>')
    return vrt


def test_bands_of_different_types_are_read_together(make_raster, tmp_path):
    make_raster(np.array([[1.5, 2.25, 3.0]], np.float32))
    read = read_all(vrt_of(tmp_path, "input.tif", "Float32", "Byte", "Float64"))
    # GDAL rounds halves up.
    assert read[:, 0].tolist() == [[1.5, 2.25, 3.0], [2.0, 2.0, 3.0], [1.5, 2.25, 3.0]]


@pytest.mark.parametrize(
    ("kind", "nodata"), [("Int64", 2**63 - 1), ("Int64", -(2**63)), ("UInt64", 2**64 - 1)]
)
def test_nodata_of_64_bits_that_no_float_holds_is_nan(make_raster, tmp_path, kind, nodata):
    make_raster(np.array([[1, nodata, 3]], np.dtype(kind.lower())))
    vrt = vrt_of(tmp_path, "input.tif", kind, inside=f"<NoDataValue>{nodata}</NoDataValue>")
    assert np.isnan(read_all(vrt)[0, 0]).tolist() == [False, True, False]


def test_a_mosaic_whose_part_is_gone_names_that_part(tmp_path):
    with open_stack(RasterSource(str(vrt_of(tmp_path, "gone.tif", "Byte")))) as stack:
        with pytest.raises(RasterError, match=r"made of cannot be opened: .*gone\.tif.*relative\.vrt"):
            stack.read(0, 1, 0, 1)


def test_a_mosaic_of_itself_is_refused(tmp_path):
    with open_stack(RasterSource(str(vrt_of(tmp_path, "relative.vrt", "Byte")))) as stack:
        with pytest.raises(RasterError, match="cannot be read"):
            stack.read(0, 1, 0, 1)


def test_an_envi_file_shorter_than_its_header_says_is_refused(make_raster, tmp_path):
    # GDAL itself reads zeros there.
    path = make_raster(np.ones((2, 30, 30), np.uint16), driver="ENVI", name="scene.dat")
    assert (read_all(path) == 1).all()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(RasterError, match="incomplete"):
        open_stack(RasterSource(str(path)))


@pytest.mark.parametrize("compress", [None, "deflate", "jpeg", "lzw", "zstd"])
def test_a_truncated_file_is_refused_on_reading(make_raster, compress):
    values = np.random.default_rng(0).integers(0, 255, (600, 500)).astype(np.uint8)
    path = make_raster(values, compress=compress)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(RasterError, match="damaged or incomplete"):
        read_all(path)


def test_a_palette_is_noted(make_raster):
    path = make_raster(np.ones((2, 2), np.uint8), photometric="palette")
    with open_stack(RasterSource(str(path))) as stack:
        assert stack.notes == (
            "Band 1 has a palette: its numbers stand for colours or classes and are no measurements.",
        )


def test_a_missing_raster_and_one_that_is_none_have_their_own_sentences(tmp_path):
    text = tmp_path / "notes.tif"
    text.write_text("hello")
    with pytest.raises(RasterError, match="There is no such raster"):
        open_stack(RasterSource(str(tmp_path / "nowhere.tif")))
    with pytest.raises(RasterError, match="cannot be opened"):
        open_stack(RasterSource(str(text)))


@pytest.mark.data
def test_a_raster_placed_by_control_points_is_said_to_be_so(data_folder):
    for name in ("RGB.byte.gcp.vrt", "riotiler_cog_gcps.tif"):
        with open_stack(RasterSource(str(data_folder / "awkward" / name))) as stack:
            with pytest.raises(RasterError, match="control points"):
                stack.require_crs()


@pytest.mark.data
def test_a_file_that_fails_on_reading_has_a_sentence(data_folder):
    with open_stack(RasterSource(str(data_folder / "awkward" / "corrupt.tif"))) as stack:
        with pytest.raises(RasterError, match="damaged"):
            stack.read(0, stack.grid.height, 0, stack.grid.width)


@pytest.mark.data
def test_a_container_without_bands_names_its_parts(data_folder):
    with pytest.raises(RasterError, match=r'RGB\.nc"?:Band1'):
        open_stack(RasterSource(str(data_folder / "awkward" / "RGB.nc")))


def test_another_grid_is_read_by_nearest_neighbour(make_raster):
    coarse = make_raster(
        np.array([[1, 2], [3, 4]], np.uint8), transform=(40.0, 0, 500_000.0, 0, -40.0, 9_800_000.0)
    )
    fine = make_raster(np.zeros((6, 6), np.uint8), name="fine.tif")
    with (
        open_stack(RasterSource(str(fine))) as stack,
        open_stack(RasterSource(str(coarse)), stack.grid) as onto,
    ):
        read = onto.read(0, 6, 0, 6)[0]
    expected = np.full((6, 6), np.nan)
    expected[:4, :4] = np.kron([[1, 2], [3, 4]], np.ones((2, 2)))
    assert np.array_equal(read, expected, equal_nan=True)


def test_a_raster_on_the_same_grid_needs_no_crs(make_raster):
    values = np.array([[1, 2], [3, 4]], np.uint8)
    mask = make_raster(values, crs=None, name="mask.tif")
    with open_stack(RasterSource(str(make_raster(values)))) as stack:
        with open_stack(RasterSource(str(mask)), stack.grid) as onto:
            assert np.array_equal(onto.read(0, 2, 0, 2)[0], values)


def test_a_raster_without_crs_on_another_grid_is_refused(make_raster):
    mask = make_raster(np.zeros((3, 3), np.uint8), crs=None, name="mask.tif")
    with open_stack(RasterSource(str(make_raster(VALUES)))) as stack:
        with pytest.raises(RasterError, match="no coordinate reference system"):
            open_stack(RasterSource(str(mask)), stack.grid)


def test_names_that_come_again_are_numbered_by_position(make_raster, tmp_path):
    for name, bands in (("a", ("B2", "B3", None)), ("b", ("B2", None, None)), ("c", ("B2", "VV"))):
        make_raster(np.zeros((len(bands), 4, 4), np.uint8), names=bands, name=f"{name}.tif")
    sources = [RasterSource(str(tmp_path / f"{name}.tif")) for name in "abc"]
    with open_stack(sources[0], None, sources[1:]) as stack:
        assert stack.band_names == ("B2", "B3", "Band 3", "B2 (2)", "Band 2", "Band 3 (2)", "B2 (3)", "VV")
        assert stack.own_bands == 3


def test_bands_of_several_rasters_come_in_the_order_asked_for(make_raster, tmp_path):
    for name, value in (("a", 1), ("b", 3), ("c", 5)):
        values = np.stack([np.full((4, 4), value), np.full((4, 4), value + 1)]).astype(np.uint8)
        make_raster(values, names=(f"{name}1", f"{name}2"), name=f"{name}.tif")
    sources = [RasterSource(str(tmp_path / f"{name}.tif")) for name in "abc"]
    with open_stack(sources[0], None, sources[1:]) as stack:
        read = stack.read(0, 4, 0, 4, ("c2", "a1", "b2", "a2"))
    assert read[:, 0, 0].tolist() == [6, 1, 4, 2]


def test_all_files_are_closed_when_one_is_refused(make_raster, monkeypatch):
    closed = []
    near = str(make_raster(VALUES))
    monkeypatch.setattr(
        "deep_land_cover.core.raster.band_file.BandFile.close", lambda self: closed.append(self.source.path)
    )
    far = make_raster(np.ones((9, 9), np.float32), name="far.tif", transform=(1, 0, 9e5, 0, -1, 0))
    with pytest.raises(RasterError, match="outside"):
        open_stack(RasterSource(near), None, [RasterSource(str(far))])
    assert sorted(closed) == sorted([near, str(far)])
