"""What is no measurement is NaN: nodata of file and layer, masks, transparency; the rest is scaled."""

import numpy as np
import pytest

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack

from .conftest import read_all, vrt_of


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "float32", "float64"])
def test_nodata_is_nan_in_each_type(make_raster, dtype):
    values = np.array([[[1, 7], [3, 4]], [[7, 2], [3, 4]]], dtype=dtype)
    read = read_all(make_raster(values, nodata=7))
    assert np.array_equal(np.isnan(read), values == 7)


def test_a_nodata_value_that_the_type_cannot_hold_hides_nothing(make_raster, tmp_path):
    # GDAL refuses to write such a tag, but a VRT can carry it.
    make_raster(np.array([[0, 1, 241]], dtype=np.uint8))
    vrt = vrt_of(tmp_path, "input.tif", "Byte", inside="<NoDataValue>-9999</NoDataValue>")
    assert np.array_equal(read_all(vrt), [[[0, 1, 241]]])


def test_a_float_nodata_value_rounded_in_the_tag_still_counts(make_raster):
    values = np.array([[np.float32(-3.4028235e38), 1.0]], dtype=np.float32)
    assert np.isnan(read_all(make_raster(values, nodata=-3.4028234663852886e38))[0]).tolist() == [
        [True, False]
    ]


@pytest.mark.parametrize(
    ("kind", "nodata"), [("Int64", 2**63 - 1), ("Int64", -(2**63)), ("UInt64", 2**64 - 1)]
)
def test_nodata_of_64_bits_that_no_float_holds_is_nan(make_raster, tmp_path, kind, nodata):
    make_raster(np.array([[1, nodata, 3]], np.dtype(kind.lower())))
    vrt = vrt_of(tmp_path, "input.tif", kind, inside=f"<NoDataValue>{nodata}</NoDataValue>")
    assert np.isnan(read_all(vrt)[0, 0]).tolist() == [False, True, False]


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


@pytest.fixture
def rgba(make_raster):
    """Write a raster of 60 x 80 pixels whose fourth band is marked as alpha."""

    def write(alpha):
        values = np.concatenate([np.full((3, 60, 80), 7), alpha[None]]).astype(np.uint8)
        return RasterSource(str(make_raster(values, photometric="RGB", alpha="YES")))

    return write


# 0 at the left, 20 to 97 elsewhere: a near infrared over water and land.
INFRARED = np.where(np.arange(80) < 20, 0, np.arange(80) + 18) * np.ones((60, 1), int)
# A mask with a soft border of four pixels.
MASK = np.clip((np.arange(80) - 40) * 60, 0, 255) * np.ones((60, 1), int)


def test_a_band_of_many_values_that_is_marked_as_alpha_is_a_measurement(rgba):
    with open_stack(rgba(INFRARED)) as stack:
        assert stack.band_names == ("Band 1", "Band 2", "Band 3", "Band 4")
        # Nothing is masked where it is 0.
        assert np.array_equal(stack.read(0, 60, 0, 80)[3], INFRARED)
        assert not np.isnan(stack.read(0, 60, 0, 80)).any()
        assert "used as a measurement" in stack.notes[0]


def test_a_mask_with_a_soft_border_stays_a_mask(rgba):
    with open_stack(rgba(MASK)) as stack:
        assert len(stack.band_names) == 3
        assert np.isnan(stack.read(0, 60, 0, 80)[0]).sum() == np.count_nonzero(MASK == 0)


@pytest.mark.parametrize(
    "names",
    [
        {"band_names": "nir=4"},
        {"band_names": "nir=Band 4"},
        {"band_names": "red, green, blue, nir"},
        {"bands": "4, 1"},
        {"band_roles": "red=1, nir=4"},
    ],
)
def test_names_of_the_user_reach_a_band_that_is_marked_as_alpha(rgba, names):
    with open_stack(rgba(MASK), **names) as stack:
        band = stack.all_bands[3]
        assert band == ("nir" if "band_names" in names else "Band 4")
        assert np.array_equal(stack.read(0, 60, 0, 80, [band])[0], MASK)
        assert "because it is named" in stack.notes[0]


def test_names_of_the_three_bands_leave_the_mask_a_mask(rgba):
    with open_stack(rgba(MASK), band_names="red, green, blue") as stack:
        assert stack.band_names == ("red", "green", "blue")


@pytest.mark.parametrize("names", [{"band_names": "a, b"}, {"bands": "5"}, {"band_roles": "nir=5"}])
def test_names_that_fit_neither_way_are_refused_with_the_measured_bands(rgba, names):
    with pytest.raises(ParameterError, match=r"Band 1, Band 2, Band 3(?!, Band 4)"):
        open_stack(rgba(MASK), **names)


def test_a_palette_is_noted(make_raster):
    path = make_raster(np.ones((2, 2), np.uint8), photometric="palette")
    with open_stack(RasterSource(str(path))) as stack:
        (note,) = stack.notes
        assert "Band 1 has a palette" in note
