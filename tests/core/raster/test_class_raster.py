"""Class rasters of ours and of others: values, names and colours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import RasterError, SampleError
from deep_land_cover.core.maps.areas import measure
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.attribute_table import read_attribute_table, write_attribute_table
from deep_land_cover.core.raster.class_raster import named_classes, open_class_raster
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.writer import write_class_map

Make = Callable[..., Path]
CLASSES = (LandCoverClass(-3, "Air & <tanah>", "#0066CC"), LandCoverClass(300, 'Hutan "lebat"', "#228B22"))
VALUES = np.array([[1, 1, 2], [2, 2, 2]], dtype=np.uint8)
GAPS = np.array([[1, 255, 2], [0, 9, 255]])


def classes_of(path: Path, values: list[int]) -> tuple[LandCoverClass, ...]:
    with open_class_raster(RasterSource(str(path)), SilentProgress()) as raster:
        return raster.classes(values)


def test_our_own_attribute_table_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "map.tif.aux.xml"
    write_attribute_table(path, CLASSES, {300: 4})
    assert read_attribute_table(path) == tuple((item.value, item.name, item.color) for item in CLASSES)


def test_other_tables_have_other_columns(tmp_path: Path) -> None:
    """A table as ArcGIS and QGIS write it: values as reals, a minimum instead of a value, no colours."""
    path = tmp_path / "map.tif.aux.xml"
    path.write_text(
        '<PAMDataset>\n<PAMRasterBand band="1">\n<GDALRasterAttributeTable Row0Min="0" BinSize="1">\n'
        '<FieldDefn index="0"><Name>LULC</Name><Type>2</Type><Usage>2</Usage></FieldDefn>\n'
        '<FieldDefn index="1"><Name>V</Name><Type>1</Type><Usage>3</Usage></FieldDefn>\n'
        '<Row index="0">\n<F>Sawah</F>\n<F>1</F>\n</Row>\n<Row index="1"><F></F><F>2.5</F></Row>'
        '<Row index="2"><F>short</F></Row><Row index="3"><F>Kota</F><F>x</F></Row>'
        "</GDALRasterAttributeTable></PAMRasterBand></PAMDataset>"
    )
    assert read_attribute_table(path) == ((1, "Sawah", ""),)


@pytest.mark.parametrize(
    "text", ["", "<PAMDataset></PAMDataset>", "<GDALRasterAttributeTable></GDALRasterAttributeTable>"]
)
def test_no_table_has_no_rows(tmp_path: Path, text: str) -> None:
    path = tmp_path / "map.tif.aux.xml"
    assert read_attribute_table(path) == ()
    path.write_text(text)
    assert read_attribute_table(path) == ()


def test_our_maps_keep_names_and_colours(tmp_path: Path) -> None:
    path = tmp_path / "map.tif"
    grid = Grid(2, 1, (20.0, 0.0, 5e5, 0.0, -20.0, 9.8e6), rasterio.crs.CRS.from_epsg(32748).to_wkt())
    write_class_map(path, np.array([[-3, 300]]), grid, CLASSES, SilentProgress())
    assert classes_of(path, [300, -3]) == CLASSES


def test_a_colour_table_colours_and_the_rest_gets_usual_classes(make_raster: Make) -> None:
    path = make_raster(VALUES, name="map.tif")
    with rasterio.open(path, "r+") as dataset:
        dataset.write_colormap(1, {1: (1, 2, 3, 255)})
    first, second = classes_of(path, [1, 2])
    assert (first.color, first.name, second.name) == ("#010203", "Class 1", "Class 2")


def test_a_class_with_a_name_may_be_black(make_raster: Make) -> None:
    path = make_raster(VALUES, name="map.tif")
    with rasterio.open(path, "r+") as dataset:
        dataset.write_colormap(1, {1: (0, 0, 0, 255), 2: (1, 2, 3, 255)})
    table = (
        '<PAMDataset><PAMRasterBand band="1"><GDALRasterAttributeTable>'
        '<FieldDefn index="0"><Name>Value</Name><Type>0</Type><Usage>5</Usage></FieldDefn>'
        '<FieldDefn index="1"><Name>Class</Name><Type>2</Type><Usage>2</Usage></FieldDefn>'
        '<Row index="0"><F>1</F><F>Burnt</F></Row></GDALRasterAttributeTable></PAMRasterBand></PAMDataset>'
    )
    Path(f"{path}.aux.xml").write_text(table, encoding="utf-8")
    assert [(item.name, item.color) for item in classes_of(path, [1, 2])] == [
        ("Burnt", "#000000"),
        ("Class 2", "#010203"),
    ]


def test_the_first_raster_that_names_a_class_counts(make_raster: Make, tmp_path: Path) -> None:
    plain, named = (make_raster(VALUES, name=f"{name}.tif") for name in ("plain", "named"))
    write_attribute_table(Path(f"{named}.aux.xml"), (LandCoverClass(2, "Rawa", "#445566"),), {})
    with (
        open_class_raster(RasterSource(str(plain)), SilentProgress()) as first,
        open_class_raster(RasterSource(str(named)), SilentProgress()) as second,
    ):
        found = named_classes([first, second], [1, 2])
    assert [item.name for item in found] == ["Class 1", "Rawa"]


@pytest.mark.parametrize("named", [20, 150, 400])
def test_more_than_256_values_are_classes_where_the_file_names_them(make_raster: Make, named: int) -> None:
    path = make_raster(np.arange(400, dtype=np.uint16).reshape(20, 20), name="map.tif")
    crops = tuple(LandCoverClass(value, f"Crop {value}", "#112233") for value in range(named))
    write_attribute_table(Path(f"{path}.aux.xml"), crops, {})
    with open_class_raster(RasterSource(str(path)), SilentProgress()) as raster:
        if named >= 150:
            # 250 values without a name are few enough.
            assert len(measure(raster, SilentProgress()).pixels) == 400
        else:
            with pytest.raises(SampleError, match="more than 256 different values"):
                measure(raster, SilentProgress())
            assert len(measure(raster, SilentProgress(), known=range(150)).pixels) == 400


def test_recoded_classes_have_other_values_in_pixels_and_legend(make_raster: Make) -> None:
    path = make_raster(np.array([[1, 2, 3]], np.uint8), name="map.tif")
    named = tuple(LandCoverClass(value, f"Name {value}", "#112233") for value in (1, 2, 3))
    write_attribute_table(Path(f"{path}.aux.xml"), named, {})
    with open_class_raster(RasterSource(str(path)), SilentProgress()) as raster:
        raster.recode({1: 2, 2: 1})
        assert raster.read(raster.grid.window)[0].tolist() == [[2, 1, 3]]
        assert raster.overview(10)[0].tolist() == [[2, 1, 3]]
        assert {item.value: item.name for item in raster.own_classes()} == {
            2: "Name 1",
            1: "Name 2",
            3: "Name 3",
        }


def test_broken_numbers_are_no_classes(make_raster: Make) -> None:
    path = make_raster(VALUES.astype(np.float32) / 3, name="shares.tif")
    with (
        pytest.raises(SampleError, match="class value"),
        open_class_raster(RasterSource(str(path)), SilentProgress()) as raster,
    ):
        raster.read(raster.grid.window)


def test_a_raster_without_a_place_is_refused(make_raster: Make) -> None:
    path = make_raster(VALUES, name="nowhere.tif", crs=None)
    with (
        pytest.raises(RasterError, match="no coordinate reference system"),
        open_class_raster(RasterSource(str(path)), SilentProgress()),
    ):
        pass


def read_on_other_grid(path: Path, margin: int, moved: float, nodata: float | None = None) -> list[list[int]]:
    """Read a raster on a grid that is shifted and ``margin`` pixels larger on each side; -1 is no class."""
    with rasterio.open(path) as dataset:
        transform = dataset.transform @ rasterio.Affine.translation(moved - margin, moved - margin)
        grid = Grid(
            dataset.width + 2 * margin,
            dataset.height + 2 * margin,
            tuple(transform)[:6],
            dataset.crs.to_wkt(),
        )
    progress = SilentProgress()
    with open_class_raster(RasterSource(str(path), nodata=nodata), progress, grid) as raster:
        values, valid = raster.read(grid.window)
    assert any("is resampled" in text for _, text in progress.lines)
    found: list[list[int]] = np.where(valid, values, -1).tolist()
    return found


# GDAL warps 64-bit integers without a mask of their nodata value.
@pytest.mark.parametrize("dtype", ["uint8", "int64", "uint64"])
@pytest.mark.parametrize(("margin", "moved"), [(0, 0.25), (1, 0.0)], ids=["moved", "larger"])
def test_nodata_of_any_type_is_no_class_on_another_grid(
    make_raster: Make, dtype: str, margin: int, moved: float
) -> None:
    path = make_raster(GAPS.astype(dtype), nodata=255, name="map.tif")
    # A centre that is moved by a quarter of a pixel lies in the same pixel.
    expected = np.pad(np.where(GAPS == 255, -1, GAPS), margin, constant_values=-1)
    assert read_on_other_grid(path, margin, moved) == expected.tolist()


@pytest.mark.parametrize("dtype", ["uint8", "int64"])
def test_nodata_of_the_layer_counts_besides_that_of_the_file_on_another_grid(
    make_raster: Make, dtype: str
) -> None:
    path = make_raster(GAPS.astype(dtype), nodata=255, name="map.tif")
    assert read_on_other_grid(path, 0, 0.25, nodata=9) == [[1, -1, 2], [0, -1, -1]]


def test_an_overview_is_small_and_of_true_classes(make_raster: Make) -> None:
    values = np.repeat(np.arange(1, 9, dtype=np.uint8), 50)[None].repeat(100, axis=0)
    with open_class_raster(
        RasterSource(str(make_raster(values, name="large.tif"))), SilentProgress()
    ) as raster:
        found, valid = raster.overview(40)
    assert found.shape == (10, 40) and valid.all()
    assert sorted(set(found.ravel().tolist())) == list(range(1, 9))
