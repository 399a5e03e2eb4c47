import json

import numpy as np
import pytest
from rasterio.features import geometry_mask
from rasterio.transform import Affine

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.raster.grid import Grid, Tile, tiles_of
from deep_land_cover.core.raster.mask import Mask
from deep_land_cover.core.raster.source import RasterSource

UTM = (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0)
TRANSFORMS = {
    "north up": UTM,
    "south up": (20.0, 0.0, 500_000.0, 0.0, 20.0, 9_800_000.0),
    "rotated": (17.0, 9.0, 500_000.0, 9.0, -17.0, 9_800_000.0),
}


def write_polygons(path, *geometries):
    path.write_text("".join(json.dumps({"geometry": geometry}) + "\n" for geometry in geometries))
    return path


def polygon(grid, places):
    ring = [grid.position(row, column) for row, column in places]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_polygons_hold_the_pixels_whose_centres_lie_inside_for_any_tiling(tmp_path, name):
    grid = Grid(30, 25, TRANSFORMS[name], "")
    shapes = (
        polygon(grid, [(2.2, 3.1), (2.7, 20.4), (18.6, 12.2)]),
        polygon(grid, [(15.0, 20.0), (15.0, 60.0), (40.0, 60.0), (40.0, 20.0)]),
    )
    expected = geometry_mask(shapes, (25, 30), Affine(*grid.transform), invert=True)
    found = np.zeros((25, 30), dtype=bool)
    with Mask(grid, write_polygons(tmp_path / "mask.jsonl", *shapes), None) as mask:
        for tile in tiles_of(grid.window, 7):
            found[tile.row : tile.row_stop, tile.column : tile.column_stop] = mask.of(tile)
    assert np.array_equal(found, expected)
    assert 0 < found.sum() < found.size


def test_features_without_geometry_are_skipped_and_a_mask_without_any_refused(tmp_path):
    grid = Grid(10, 10, UTM, "")
    square = polygon(grid, [(0, 0), (0, 5), (5, 5), (5, 0)])
    with Mask(grid, write_polygons(tmp_path / "mask.jsonl", None, square), None) as mask:
        assert mask.of(grid.window).sum() == 25
    with pytest.raises(ParameterError, match="no polygon"):
        Mask(grid, write_polygons(tmp_path / "empty.jsonl", None), None)


def test_a_mask_raster_holds_where_it_is_valid_and_not_zero(make_raster):
    values = np.array([[0, 1, 2], [255, 1, 0]], np.uint8)
    grid = Grid(3, 2, UTM, "")
    with Mask(grid, None, RasterSource(str(make_raster(values, nodata=255)))) as mask:
        assert mask.of(grid.window).tolist() == [[False, True, True], [False, True, False]]


def test_polygons_and_raster_must_both_hold_a_pixel(make_raster, tmp_path):
    grid = Grid(3, 2, UTM, "")
    raster = make_raster(np.array([[0, 1, 1], [0, 1, 1]], np.uint8))
    left = write_polygons(tmp_path / "left.jsonl", polygon(grid, [(0, 0), (0, 2), (2, 2), (2, 0)]))
    with Mask(grid, left, RasterSource(str(raster))) as mask:
        assert mask.of(Tile(0, 0, 2, 3)).tolist() == [[False, True, False]] * 2


def test_without_regions_everything_counts():
    grid = Grid(3, 2, UTM, "")
    with Mask(grid, None, None) as mask:
        assert mask.of(grid.window).all()


def mask_of(make_raster, tmp_path, values, classes, name="mask.tif", **items):
    made = make_raster(np.array(values, np.uint16), nodata=None, **items)
    path = tmp_path / name
    path.write_bytes(made.read_bytes())
    grid = Grid(len(values[0]), len(values), UTM, "")
    with Mask(grid, None, RasterSource(str(path)), classes) as mask:
        return mask.of(grid.window).astype(int).tolist()


@pytest.mark.parametrize(
    ("classes", "wanted"),
    [
        ("vegetation, Water", [1, 0, 1, 0, 0]),
        ("4, not vegetated", [1, 1, 0, 0, 0]),
        ("-cloud shadow, -thin cirrus", [1, 1, 1, 0, 0]),
        ("-cloud", [1, 1, 1, 1, 0]),
        ("no data", [0, 0, 0, 0, 1]),
    ],
)
def test_classes_of_a_scene_classification_are_named(make_raster, tmp_path, classes, wanted):
    name = "T32UMU_20240110T102311_SCL_20m.tif"
    assert mask_of(make_raster, tmp_path, [[4, 5, 6, 3, 0]], classes, name) == [wanted]


def test_bits_of_a_pixel_quality_are_named(make_raster, tmp_path):
    # Clear land, cloud with high confidence, cloud shadow over water, fill.
    values = [[21824, 22280, 23888 | 1 << 7, 1]]
    found = {
        text: mask_of(make_raster, tmp_path, values, text, "LC09_L2SP_QA_PIXEL.TIF")[0]
        for text in ("-cloud, -cloud shadow", "clear", "water", "-dilated cloud")
    }
    assert found == {
        "-cloud, -cloud shadow": [1, 0, 0, 0],
        # Neither cloud nor dilated cloud; shadow may be.
        "clear": [1, 0, 1, 0],
        "water": [0, 0, 1, 0],
        "-dilated cloud": [1, 1, 1, 0],
    }


def test_a_class_that_a_mask_lacks_is_named_with_those_it_has(make_raster, tmp_path):
    with pytest.raises(ParameterError, match=r"no class 'forest'.*such as 4, 5, 6"):
        mask_of(make_raster, tmp_path, [[1, 2]], "forest")
    with pytest.raises(ParameterError, match=r"SCL has no class 'forest'.*cloud shadow"):
        mask_of(make_raster, tmp_path, [[1, 2]], "forest", "a_SCL.tif")
