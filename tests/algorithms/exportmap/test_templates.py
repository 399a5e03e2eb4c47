"""Layout templates: ours, and those of users, filled as far as they go or refused with a sentence."""

from __future__ import annotations

import re

import pytest
from qgis.core import (
    QgsGeometry,
    QgsLayoutItemLegend,
    QgsLayoutItemPicture,
    QgsLegendStyle,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
)
from qgis.PyQt.QtCore import QRectF

from deep_land_cover.algorithms.page import layout as page

from .conftest import page_of, text_of

pytestmark = pytest.mark.qgis


@pytest.mark.medium
def test_a_template_of_ones_own_is_filled_as_far_as_it_goes(run, layer, own_template, tmp_path):
    path = tmp_path / "page.pdf"
    parameters = {"INPUTS": [layer], "TEMPLATE": str(own_template), "OUTPUT": str(path)}
    done = run("exportmap", parameters)
    assert done.succeeded, done.log
    assert "no items with these ids: title, legend, scalebar, north_arrow, sources" in done.log
    made = page_of(layer, template=own_template)
    assert text_of(made, "office") == "Dinas Kehutanan"
    # 1,600 m in 100 mm: 1:16,000, so the next round one.
    assert made.layout.itemById("map").scale() == pytest.approx(17_500)


def test_a_legend_that_fits_its_contents_grows_to_the_pages_edge(layer, own_template):
    layout = QgsPrintLayout(QgsProject.instance())
    layout.loadFromTemplate(page.read_template(own_template), QgsReadWriteContext())
    legend = QgsLayoutItemLegend(layout)
    layout.addLayoutItem(legend)
    legend.setId("legend")
    legend.attemptSetSceneRect(QRectF(200, 10, 5, 5))
    assert legend.resizeToContents()
    template = own_template.with_name("legend.qpt")
    assert layout.saveAsTemplate(str(template), QgsReadWriteContext())
    made = page_of(layer, template=template)
    part = QgsLegendStyle.Style.SymbolLabel
    # In the template's box of 5 mm it would be made as small as can be.
    # A format belongs to its style, which must outlive it.
    styles = [item.style(part) for item in (legend, made.layout.itemById("legend"))]
    sizes = [style.textFormat().size() for style in styles]
    assert sizes[0] == sizes[1] > 8
    assert "The legend is larger than its item in the template." not in made.notes


def test_a_logo_of_the_template_stays_where_the_run_has_none(layer, own_template, tmp_path):
    layout = QgsPrintLayout(QgsProject.instance())
    layout.loadFromTemplate(page.read_template(own_template), QgsReadWriteContext())
    for name, path in (("logo", "arrows/NorthArrow_02.svg"), ("office_logo", "")):
        logo = QgsLayoutItemPicture(layout)
        logo.setId(name)
        logo.setPicturePath(path)
        layout.addLayoutItem(logo)
    template = tmp_path / "logo.qpt"
    assert layout.saveAsTemplate(str(template), QgsReadWriteContext())
    made = page_of(layer, template=template)
    assert made.layout.itemById("logo").picturePath().endswith("NorthArrow_02.svg")


def test_vector_layers_that_the_template_keeps_are_drawn_above_the_map(
    layer, own_template, make_layer, box, tmp_path
):
    borders = make_layer([(QgsGeometry.fromRect(box(10, 10, 20, 20)), 1)], name="borders")
    QgsProject.instance().addMapLayer(borders)
    layout = QgsPrintLayout(QgsProject.instance())
    layout.loadFromTemplate(page.read_template(own_template), QgsReadWriteContext())
    layout.itemById("map").setLayers([borders])
    layout.itemById("map").setKeepLayerSet(True)
    path = tmp_path / "borders.qpt"
    assert layout.saveAsTemplate(str(path), QgsReadWriteContext())
    made = page_of(layer, template=path)
    assert [item.name() for item in made.layout.itemById("map").layers()] == ["borders", "Jambi 2023"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "The layout template cannot be read"),
        ("<qgis><map/></qgis>", "The file is not a layout template"),
        ("no XML at all", "The file is not a layout template"),
        ("<Layout><LayoutItem id='title'/></Layout>", "has no map item with the id 'map'"),
    ],
)
def test_a_template_that_is_none_is_refused(run, layer, tmp_path, content, sentence):
    path = tmp_path / "bad.qpt"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    done = run("exportmap", {"INPUTS": [layer], "TEMPLATE": str(path), "OUTPUT": str(tmp_path / "page.png")})
    assert not done.succeeded
    assert sentence in done.log
    assert not (tmp_path / "page.png").exists()


def test_a_template_for_one_map_is_refused_for_two(run, two_scenes, own_template, tmp_path):
    parameters = {
        "INPUTS": list(two_scenes),
        "TEMPLATE": str(own_template),
        "OUTPUT": str(tmp_path / "a.png"),
    }
    done = run("exportmap", parameters)
    assert not done.succeeded
    assert "no map item with the id 'map2'" in done.log


def test_the_shipped_templates_name_no_place_of_one_machine():
    templates = list(page.LAYOUT_FOLDER.glob("*.qpt"))
    assert templates
    for path in templates:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r'="(/|[A-Z]:\\|file:)', text), path
        page.check_template(page.read_template(path), 2 if "two" in path.name else 1, str(path))
