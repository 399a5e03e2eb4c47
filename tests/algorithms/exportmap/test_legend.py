"""The legend of a page: the classes that are there, once, in words that fit the paper."""

from __future__ import annotations

import pytest
from osgeo import gdal
from qgis.core import QgsLegendStyle, QgsProcessingFeedback, QgsRasterLayer

from deep_land_cover.algorithms.page.legend import legend_parts
from deep_land_cover.core.classes import shipped_scheme

from .conftest import CLASSES, draw, legend_entries, page_of

pytestmark = pytest.mark.qgis


def test_the_legend_has_the_classes_present_in_the_layers_order_words_and_colours(layer):
    assert legend_entries(page_of(layer)) == [("Tanah terbuka", "#D2691E"), ("Air", "#0066CC")]


@pytest.mark.parametrize(
    ("count", "names"), [(4800, ["Semak"]), (4801, ["Tanah terbuka", "Air"])], ids=["its own", "of another"]
)
def test_the_attribute_table_says_which_classes_are_present_if_it_can_be_the_rasters(
    layer, raster, count, names
):
    dataset = gdal.Open(raster, gdal.GA_Update)
    table = gdal.RasterAttributeTable()
    table.CreateColumn("Value", gdal.GFT_Integer, gdal.GFU_MinMax)
    table.CreateColumn("Count", gdal.GFT_Real, gdal.GFU_PixelCount)
    for row, (value, pixels) in enumerate(((7, 0), (5, count), (0, 0))):
        table.SetValueAsInt(row, 0, value)
        table.SetValueAsDouble(row, 1, pixels)
    dataset.GetRasterBand(1).SetDefaultRAT(table)
    dataset = None
    fresh = QgsRasterLayer(raster, "fresh")
    draw(fresh, CLASSES)
    assert [name for name, _ in legend_entries(page_of(fresh))] == names


def test_maps_of_different_classes_each_have_a_legend(two_scenes):
    draw(two_scenes[1], [(7, "Forest", "#228B22"), (0, "Water", "#0066CC")])
    made = page_of(*two_scenes)
    assert legend_entries(made) == [
        ("Tanah terbuka", "#D2691E"),
        ("Air", "#0066CC"),
        ("Forest", "#228B22"),
        ("Water", "#0066CC"),
    ]


def test_maps_share_a_legend_where_values_mean_and_look_the_same(two_scenes, make_raster, tmp_path):
    def titles(*layers):
        return [part.title for part in legend_parts(layers, QgsProcessingFeedback())]

    assert titles(two_scenes[0]) == titles(*two_scenes) == [""]
    draw(two_scenes[1], [(value, name, "#123456") for value, name, _ in CLASSES])
    assert titles(*two_scenes) == ["Jambi 2023", "Jambi 2024"]
    # No value of one is a value of the other.
    path = make_raster(tmp_path / "other.tif", lambda *_: 3, bands=("class",))
    other = QgsRasterLayer(path, "Kota")
    draw(other, [(3, "Kota", "#FF0000")])
    assert titles(two_scenes[0], other) == ["Jambi 2023", "Kota"]


def layer_of(make_raster, path, classes):
    """Return a layer that has all of these classes."""
    make_raster(path, lambda _, __, column: classes[column % len(classes)][0], bands=("class",))
    layer = QgsRasterLayer(str(path), path.stem)
    draw(layer, classes)
    return layer


def many(make_raster, path, values):
    """Return a layer of these values, each a class."""
    return layer_of(make_raster, path, [(value, f"Class number {value}", "#123456") for value in values])


@pytest.mark.medium
def test_short_legends_of_two_maps_stay_whole_and_long_ones_are_parted(make_raster, tmp_path):
    def is_parted(*numbers):
        starts = [100 * place for place in range(len(numbers))]
        layers = [
            many(make_raster, tmp_path / f"{number}_{start}.tif", range(start, start + number))
            for number, start in zip(numbers, starts, strict=True)
        ]
        made = page_of(*layers)
        return made.layout.itemById("legend").splitLayer()

    assert not is_parted(6, 6)
    # Whole, they would be higher than their room.
    assert is_parted(10, 10)
    assert is_parted(10, 11)
    assert is_parted(10)


@pytest.mark.medium
def test_the_type_becomes_no_smaller_than_it_must(make_raster, tmp_path):
    sizes = []
    for number in (10, 60, 80):
        made = page_of(many(make_raster, tmp_path / f"{number}.tif", range(number)))
        style = made.layout.itemById("legend").style(QgsLegendStyle.Style.SymbolLabel)
        sizes.append(style.textFormat().size())
    # For 80 classes the type shrinks, but not at once to the smallest that can be read, of 5 points.
    assert sizes[0] >= sizes[1] >= sizes[2]
    assert sizes[0] > sizes[2] > 5


@pytest.mark.medium
@pytest.mark.parametrize("scheme", ["klhk", "corine"])
@pytest.mark.parametrize("maps", [1, 2])
def test_long_legends_fit_the_page(make_raster, tmp_path, scheme, maps):
    classes = [(item.value, item.name, item.color) for item in shipped_scheme(scheme).classes]
    layers = [layer_of(make_raster, tmp_path / f"Map {number}.tif", classes) for number in range(maps)]
    made = page_of(*layers)
    assert made.notes == []
    assert legend_entries(made) == [(name, color.upper()) for _, name, color in classes]
    paper = made.layout.pageCollection().page(0).sceneBoundingRect()
    for item in made.layout.items():
        if hasattr(item, "id") and item.id():
            assert paper.contains(item.sceneBoundingRect()), item.id()
    legend = made.layout.itemById("legend")
    names = ("title", "map", "map2", "scalebar", "north_arrow", "projection", "sources")
    others = [item for item in map(made.layout.itemById, names) if item is not None]
    boxes = {item.id(): item.mapRectToScene(item.rect()) for item in others}
    for name in boxes:
        # A map's coordinates stand below it.
        boxes[name].adjust(0, 0, 0, 4 if name.startswith("map") else 0)
    assert not [name for name, box in boxes.items() if box.intersects(legend.mapRectToScene(legend.rect()))]
