"""Several rasters read as one stack of bands: values at any place, in the order asked for."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deep_land_cover.core.errors import ParameterError, RasterError
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import mirrored, open_stack

from .conftest import VALUES, read_all, vrt_of


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


def test_bands_of_several_rasters_come_in_the_order_asked_for(make_raster, tmp_path):
    for name, value in (("a", 1), ("b", 3), ("c", 5)):
        values = np.stack([np.full((4, 4), value), np.full((4, 4), value + 1)]).astype(np.uint8)
        make_raster(values, names=(f"{name}1", f"{name}2"), name=f"{name}.tif")
    sources = [RasterSource(str(tmp_path / f"{name}.tif")) for name in "abc"]
    with open_stack(sources[0], None, sources[1:]) as stack:
        read = stack.read(0, 4, 0, 4, ("c2", "a1", "b2", "a2"))
    assert read[:, 0, 0].tolist() == [6, 1, 4, 2]


def test_bands_of_different_types_are_read_together(make_raster, tmp_path):
    make_raster(np.array([[1.5, 2.25, 3.0]], np.float32))
    read = read_all(vrt_of(tmp_path, "input.tif", "Float32", "Byte", "Float64"))
    # GDAL rounds halves up.
    assert read[:, 0].tolist() == [[1.5, 2.25, 3.0], [2.0, 2.0, 3.0], [1.5, 2.25, 3.0]]


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


def test_files_are_closed_when_the_names_are_refused(make_raster, monkeypatch):
    closed = []
    monkeypatch.setattr(
        "deep_land_cover.core.raster.band_file.BandFile.close", lambda self: closed.append(self.source.path)
    )
    path = str(make_raster(VALUES))
    with pytest.raises(ParameterError):
        open_stack(RasterSource(path), band_names="only one")
    assert closed == [path]


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


def test_files_of_nested_virtual_rasters_are_listed(make_raster, tmp_path):
    """So that a changed file is noticed on resuming, and no output replaces an input."""
    inner = vrt_of(tmp_path, str(make_raster(VALUES)), "Float32")
    inner = inner.rename(tmp_path / "inner.vrt")
    outer = vrt_of(tmp_path, str(inner), "Float32")
    with open_stack(RasterSource(str(outer))) as stack:
        files = {path.rsplit("/", 1)[-1] for path in stack.files}
    assert files >= {outer.name, inner.name} and any(name.endswith(".tif") for name in files)
