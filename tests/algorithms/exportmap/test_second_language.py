"""A page in two languages, and a legend that is longer than its page."""

from __future__ import annotations

import re

import pytest
from qgis.core import QgsLegendStyle, QgsProcessingFeedback, QgsProject, QgsRasterLayer
from qgis.PyQt.QtGui import QImage

from deep_land_cover.algorithms.i18n.translation import language_code, speaking, tr, tr_number
from deep_land_cover.algorithms.page.legend import SEPARATOR, legend_parts, with_areas, with_no_data
from deep_land_cover.algorithms.page.second_language import (
    SecondNames,
    names_note,
    read_second_names,
    with_second_names,
)

from .conftest import draw, legend_entries, page_of, text_of

pytestmark = pytest.mark.qgis

NAMES = "value,old_name,name\n7,Tanah terbuka,Bare ground & sand\n0,Air,Water\n5,Hutan,Forest\n"


@pytest.fixture
def names(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text(NAMES, encoding="utf-8")
    return path


def test_words_are_in_the_second_language_within_the_block_only(plugin):
    assert (language_code(), tr("No data"), tr_number("1,234.5")) == ("en", "No data", "1,234.5")
    with speaking("id"):
        assert (language_code(), tr("No data"), tr_number("1,234.5")) == ("id", "Tanpa data", "1.234,5")
        with speaking("en"):
            assert tr("No data") == "No data"
    assert tr("No data") == "No data"


def test_classes_have_both_names_where_the_first_one_is_that_of_the_map(layer, names):
    parts = legend_parts([layer], QgsProcessingFeedback())
    legend = with_second_names(parts, read_second_names(names))
    labels = [item.label.split(SEPARATOR) for item in legend[0].classes]
    assert labels == [["Tanah terbuka", "Bare ground & sand"], ["Air", "Water"]]
    # Value 5 is Semak in the map, and not Hutan.
    draw(layer, [(7, "Semak", "#FF8C00"), (0, "Air", "#0066CC")])
    legend = legend_parts([layer], QgsProcessingFeedback())
    assert names_note(legend, read_second_names(names)) == "Classes without a second name: Semak."
    assert "NAMES_2" in names_note(legend, SecondNames(()))
    # A name that is the same in both languages stands once, and is not missing.
    names.write_text("value,name\n7,semak\n0,Water\n", encoding="utf-8")
    assert names_note(legend, read_second_names(names)) == ""
    (part,) = with_second_names(legend, read_second_names(names))
    assert [item.label for item in part.classes] == ["Semak", f"Air{SEPARATOR}Water"]


def test_areas_and_no_data_keep_the_second_name(layer, names):
    legend = with_second_names(legend_parts([layer], QgsProcessingFeedback()), read_second_names(names))
    (part,) = with_no_data(with_areas(legend, {7: 12.3, 0: 4.0}), "id")
    labels = [item.label.replace("\N{NO-BREAK SPACE}", " ").split(SEPARATOR) for item in part.classes]
    assert labels == [
        ["Tanah terbuka: 12 ha", "Bare ground & sand"],
        ["Air: 4.0 ha", "Water"],
        ["No data", "Tanpa data"],
    ]


@pytest.mark.medium
def test_the_page_has_titles_classes_and_fixed_words_in_two_languages(run, layer, names, tmp_path):
    done = run(
        "exportmap",
        {
            "INPUTS": [layer],
            "TITLE": "Tutupan lahan",
            "TITLE_2": "Land cover",
            "LANGUAGE_2": "id",
            "NAMES_2": str(names),
            "NODATA_ENTRY": True,
            "ADD_TO_PROJECT": True,
            "OUTPUT": str(tmp_path / "page.svg"),
            "WEB_MAP": str(tmp_path / "map.html"),
        },
    )
    assert done.succeeded, done.log
    assert "larger than the item" not in done.log
    (layout,) = QgsProject.instance().layoutManager().layouts()
    assert layout.itemById("title_2").currentText() == "Land cover"
    scale, name = layout.itemById("projection").currentText().split("\n")
    assert re.fullmatch(r"Scale 1:\d+(,\d{3})* / Skala 1:\d+(\.\d{3})*", scale)
    assert name == "WGS 84 / UTM zone 48S (EPSG:32748)"
    sources = layout.itemById("sources").currentText().split("\n")
    assert sources == ["Map: land.tif.", "Peta: land.tif."]
    made = type("Made", (), {"layout": layout})
    assert [label for label, _ in legend_entries(made)] == [
        "Tanah terbuka <i>Bare ground &amp; sand</i>",
        "Air <i>Water</i>",
        "No data <i>Tanpa data</i>",
    ]
    web = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "Air<br><em>Water</em>" in web and "Legend / Legenda" in web


@pytest.mark.parametrize(
    ("values", "word"), [({"LANGUAGE_2": "en"}, "LANGUAGE_2"), ({"NAMES_2": "missing.csv"}, "missing.csv")]
)
def test_a_second_language_that_cannot_be_is_refused(run, layer, tmp_path, values, word):
    done = run("exportmap", {"INPUTS": [layer], "OUTPUT": str(tmp_path / "page.svg"), **values})
    assert not done.succeeded and word in done.log
    assert not (tmp_path / "page.svg").exists()


@pytest.fixture
def three_hundred(make_raster, tmp_path):
    """A layer of 300 classes."""
    path = make_raster(tmp_path / "many.tif", lambda _, row, column: (row * 80 + column) % 300, bands=("c",))
    layer = QgsRasterLayer(path, "Many")
    draw(layer, [(value, f"Class number {value}", f"#{value:06x}") for value in range(300)])
    QgsProject.instance().addMapLayer(layer)
    return layer


@pytest.mark.medium
def test_a_legend_of_300_classes_goes_on_on_a_second_page(three_hundred, plugin):
    made = page_of(three_hundred)
    assert made.continued == [1] and made.notes == []
    legends = [made.layout.itemById(name) for name in ("legend", "legend_2")]
    names = []
    for legend in legends:
        style = legend.style(QgsLegendStyle.Style.SymbolLabel)
        assert style.textFormat().size() >= 6.5
        paper = made.layout.pageCollection().page(legend.page()).sceneBoundingRect()
        assert paper.contains(legend.sceneBoundingRect())
        part = type("Made", (), {"layout": type("L", (), {"itemById": lambda self, _, item=legend: item})()})
        names += [label for label, _ in legend_entries(part)]
    assert names == [f"Class number {value}" for value in range(300)]
    assert text_of(made, "legend_title_2") == "Legend (continued)"
    # No copies of attempts are left.
    assert len(made.project.mapLayers()) == 3


@pytest.mark.medium
@pytest.mark.parametrize("ending", ["pdf", "png", "svg"])
@pytest.mark.slow(but=("pdf",))
def test_all_pages_of_a_long_legend_are_written(run, three_hundred, tmp_path, ending):
    path = tmp_path / f"page.{ending}"
    done = run("exportmap", {"INPUTS": [three_hundred], "OUTPUT": str(path)})
    assert done.succeeded, done.log
    assert done.results["PAGES"] == 2
    if ending == "pdf":
        assert re.findall(rb"/Count (\d+)", path.read_bytes())[-1] == b"2"
        return
    assert sorted(file.name for file in tmp_path.glob("page*")) == [f"page.{ending}", f"page_2.{ending}"]
    assert str(tmp_path / f"page_2.{ending}") in done.log
    if ending == "png":
        assert not QImage(str(tmp_path / "page_2.png")).isNull()
    # Someone else's file is not replaced.
    (tmp_path / f"page_2.{ending}").write_text("mine", encoding="utf-8")
    done = run("exportmap", {"INPUTS": [three_hundred], "OUTPUT": str(path)})
    assert not done.succeeded
    assert (tmp_path / f"page_2.{ending}").read_text(encoding="utf-8") == "mine"
