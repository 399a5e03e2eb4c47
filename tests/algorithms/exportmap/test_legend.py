"""The legend of a page: the classes that are there, once, in words that fit the paper."""

from __future__ import annotations

import pytest
from osgeo import gdal
from qgis.core import QgsRasterLayer

from deep_land_cover.core.classes import shipped_scheme

from .conftest import CLASSES, draw, legend_entries, page_of

pytestmark = pytest.mark.qgis


def test_the_legend_has_the_classes_present_in_the_layers_order_words_and_colours(layer):
    assert legend_entries(page_of(layer)) == [("Tanah terbuka", "#D2691E"), ("Air", "#0066CC")]


def test_the_attribute_table_says_which_classes_are_present(layer, raster):
    dataset = gdal.Open(raster, gdal.GA_Update)
    table = gdal.RasterAttributeTable()
    table.CreateColumn("Value", gdal.GFT_Integer, gdal.GFU_MinMax)
    table.CreateColumn("Count", gdal.GFT_Real, gdal.GFU_PixelCount)
    for row, (value, count) in enumerate(((7, 0), (5, 4800), (0, 0))):
        table.SetValueAsInt(row, 0, value)
        table.SetValueAsDouble(row, 1, count)
    dataset.GetRasterBand(1).SetDefaultRAT(table)
    dataset = None
    fresh = QgsRasterLayer(raster, "fresh")
    draw(fresh, CLASSES)
    assert legend_entries(page_of(fresh)) == [("Semak", "#FF8C00")]


def test_maps_of_different_classes_each_have_a_legend(two_scenes):
    draw(two_scenes[1], [(7, "Forest", "#228B22"), (0, "Water", "#0066CC")])
    made = page_of(*two_scenes)
    assert legend_entries(made) == [
        ("Tanah terbuka", "#D2691E"),
        ("Air", "#0066CC"),
        ("Forest", "#228B22"),
        ("Water", "#0066CC"),
    ]


@pytest.mark.parametrize("scheme", ["klhk", "corine"])
@pytest.mark.parametrize("maps", [1, 2])
def test_long_legends_fit_the_page(make_raster, tmp_path, scheme, maps):
    classes = shipped_scheme(scheme).classes
    layers = []
    for number in range(maps):
        path = make_raster(
            tmp_path / f"{number}.tif",
            lambda _, __, column: classes[column % len(classes)].value,
            bands=("class",),
        )
        layers.append(QgsRasterLayer(path, f"Map {number}"))
        draw(layers[-1], [(item.value, item.name, item.color) for item in classes])
    made = page_of(*layers)
    assert made.notes == []
    assert [name for name, _ in legend_entries(made)] == [item.name for item in classes]
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
