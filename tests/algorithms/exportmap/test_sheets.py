"""Sheets of a page: paper, orientation and scale, and what stands on them."""

from __future__ import annotations

import itertools

import pytest
from qgis.core import QgsLayoutItemMapGrid, QgsProcessingFeedback

from deep_land_cover.algorithms.page import layout as page
from deep_land_cover.algorithms.page import legend as page_legend
from deep_land_cover.algorithms.page.locator import country_layer
from deep_land_cover.algorithms.page.sheet import Wish, choose_sheet

from .conftest import legend_entries, text_of

pytestmark = pytest.mark.qgis
FORMATS = {"A4": (297, 210), "A3": (420, 297)}


@pytest.mark.parametrize(
    ("shape", "is_upright"),
    [((100, 100), False), ((400, 300), False), ((50, 100), True), ((900, 300), False)],
)
def test_a_sheet_is_upright_for_tall_maps_only(plugin, shape, is_upright):
    sheet = choose_sheet(Wish(), shape, 1, 6)
    assert (sheet.width < sheet.height) is is_upright


def test_an_ordinary_map_keeps_the_places_of_the_template(plugin):
    assert choose_sheet(Wish(), (400, 300), 1, 6).boxes == {}


def test_a_wide_map_fills_the_width_of_the_sheet(plugin):
    box = choose_sheet(Wish(), (900, 200), 1, 6).boxes["map"]
    assert box.width > 0.85 * 297


@pytest.mark.parametrize("shape", [(300, 300), (900, 250), (200, 700)])
@pytest.mark.parametrize("entries", [3, 44])
@pytest.mark.parametrize("maps", [1, 2])
@pytest.mark.parametrize("orientation", ["landscape", "portrait"])
@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_items_stand_on_the_paper_and_not_upon_each_other(plugin, paper, orientation, maps, entries, shape):
    wish = Wish(paper, orientation, has_accuracy=True, has_locator=True)
    sheet = choose_sheet(wish, shape, maps, entries)
    assert {sheet.width, sheet.height} == set(FORMATS[paper])
    boxes = {name: box for name, box in sheet.boxes.items() if name not in ("title", "subtitle", "logo")}
    if maps == 1:
        assert "map2" not in boxes
    for box in boxes.values():
        assert box.width > 0 and box.height > 0
        assert box.left >= 10 and box.top >= 20
        assert box.left + box.width <= sheet.width - 10
        assert box.top + box.height <= sheet.height - 5
    # Above the legend's room a map's frame is as high as the map's shape needs.
    for name in ("map", "map2"):
        if name in boxes:
            box = boxes[name]
            boxes[name] = box._replace(height=min(box.height, box.width * shape[1] / shape[0]))
    for (one, a), (other, b) in itertools.combinations(boxes.items(), 2):
        is_apart = (
            a.left + a.width <= b.left + 0.01
            or b.left + b.width <= a.left + 0.01
            or a.top + a.height <= b.top + 0.01
            or b.top + b.height <= a.top + 0.01
        )
        assert is_apart, (one, a, other, b)


def made_page(layer, change=lambda parts: parts, **options):
    copies = [layer.clone()]
    legend = change(page_legend.legend_parts(copies, QgsProcessingFeedback()))
    path = page.LAYOUT_FOLDER / "one_map.qpt"
    content = page.PageContent(copies, "Title", ["Map"], legend, "Sources", **options)
    return page.make_page(page.read_template(path), path, content, None, QgsProcessingFeedback())


@pytest.mark.medium
def test_a_scale_is_kept_or_refused_with_one_that_fits(run, layer, tmp_path):
    # 80 × 60 pixels of 20 m.
    path = tmp_path / "page.png"
    done = run("exportmap", {"INPUTS": [layer], "OUTPUT": str(path), "SCALE": 12_345})
    assert done.succeeded, done.log
    assert done.results["SCALE"] == pytest.approx(12_345)
    path.unlink()
    done = run("exportmap", {"INPUTS": [layer], "OUTPUT": str(path), "SCALE": 5000})
    assert not done.succeeded
    assert "The largest round scale that fits is 1:" in done.log
    assert not path.exists()


def test_a_map_in_degrees_has_no_scale(run, two_scenes, tmp_path):
    parameters = {"INPUTS": [two_scenes[1]], "OUTPUT": str(tmp_path / "page.png"), "SCALE": 50_000}
    done = run("exportmap", parameters)
    assert not done.succeeded
    assert "A map in degrees has no scale" in done.log


@pytest.mark.medium
def test_subtitle_logo_and_locator_are_on_the_page_that_has_them(layer):
    plain = made_page(layer)
    for name in ("subtitle", "logo", "locator"):
        assert plain.layout.itemById(name) is None
    countries = country_layer()
    if countries is None:
        pytest.skip("QGIS is installed without its world map")
    full = made_page(layer, subtitle="2023", logo="logo.svg", locator=[countries])
    assert text_of(full, "subtitle") == "2023"
    assert full.layout.itemById("logo").picturePath().endswith("logo.svg")
    locator = full.layout.itemById("locator")
    # The scene lies in Sumatra.
    assert 100 < locator.extent().center().x() < 125
    assert locator.overviews().overview(0).linkedMap() == full.layout.itemById("map")
    assert full.notes == []


@pytest.mark.parametrize(
    ("kind", "unit"), [("degrees", "EPSG:4326"), ("map_units", "EPSG:32748"), ("none", None)]
)
def test_a_graticule_has_lines_in_degrees_or_map_units_or_none(layer, kind, unit):
    made = made_page(layer, graticule=kind)
    grid = made.layout.itemById("map").grids().grid(0)
    assert grid.enabled() is (unit is not None)
    if unit:
        assert grid.crs().authid() == unit
        assert grid.style() == QgsLayoutItemMapGrid.GridStyle.Solid


def test_the_legend_has_areas_and_an_entry_for_no_data(layer):
    def change(parts):
        return page_legend.with_no_data(page_legend.with_areas(parts, {7: 96.04, 0: 1234.6}))

    words = [label.replace("\xa0", " ") for label, _ in legend_entries(made_page(layer, change))]
    assert words == ["Tanah terbuka: 96 ha", "Air: 1,235 ha", "No data"]


@pytest.mark.medium
def test_the_areas_of_a_page_are_those_of_the_map(run, layer, monkeypatch, tmp_path):
    shown = []
    monkeypatch.setattr(
        page_legend, "area_text", lambda hectares: shown.append(round(hectares, 6)) or f"{hectares}"
    )
    done = run("exportmap", {"INPUTS": [layer], "OUTPUT": str(tmp_path / "page.svg"), "AREAS": True})
    assert done.succeeded, done.log
    # Half of 4,800 pixels of 0.04 ha each.
    assert shown == [96.0, 96.0]


def test_own_paper_and_paper_by_a_template_are_not_mixed(run, layer, own_template, tmp_path):
    parameters = {"INPUTS": [layer], "TEMPLATE": str(own_template), "PAPER": "A3"}
    done = run("exportmap", {**parameters, "OUTPUT": str(tmp_path / "page.png")})
    assert not done.succeeded
    assert "A layout template has its own paper" in done.log
