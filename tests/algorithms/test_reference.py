"""The reference of the documentation is what the algorithms say of themselves."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from qgis.PyQt.QtCore import QUrl

pytestmark = pytest.mark.qgis
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pages(plugin):
    from deep_land_cover.tools.make_reference import reference_pages

    return reference_pages()


def test_the_committed_reference_is_what_the_tool_writes(pages):
    written = {
        path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "reference").glob("*.md")
    }
    assert set(written) == set(pages), "run ./dev docs"
    stale = [name for name, text in pages.items() if written[name] != text]
    assert not stale, "run ./dev docs"


def test_every_page_is_in_the_navigation(pages):
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert not [name for name in pages if f"reference/{name}" not in navigation]


def test_every_picture_is_there(pages):
    from deep_land_cover.tools.make_reference import PICTURES

    assert not [name for name in PICTURES.values() if not (ROOT / "docs" / "images" / name).is_file()]
    assert not [name for name in PICTURES if f"{name}.md" not in pages]


def test_parameters_are_listed_by_their_titles_with_name_kind_default_and_limits(pages):
    training = pages["trainmodel.md"]
    assert "### Folds\n\n`FOLDS` · text · default Automatic (`auto`)\n" in training
    assert "`PATCH_SIZE` · whole number from 1 to 256 · optional; empty: Automatic\n" in training
    assert "### Label raster\n\n`LABELS` · raster layer · optional\n" in training
    assert "### Class field\n\n`CLASS_FIELD` · field of `SAMPLES` · optional\n" in training
    assert "any of: `NDVI`" in training and "default all" in training
    assert "[Classify a raster](classifyraster.md)" in training
    assert "### Model file\n\n`MODEL` · file · required\n" in pages["classifyraster.md"]


def test_choices_have_their_titles(pages):
    training = pages["trainmodel.md"]
    assert "`ARCHITECTURE` · one of: Best of network and trees (`ensemble`), " in training
    assert "Jambi, 6 classes, colour-blind safe (`jambi_safe`)" in training
    assert "`EPOCHS` · whole number from 1 · optional; empty: Automatic\n" in training
    assert "`BUFFER` · whole number from 0 · default Automatic (`0`)\n" in training


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "id"])
def test_html_pages_are_whole(plugin, language):
    from deep_land_cover.tools.make_reference import html_pages

    pages = html_pages(language)
    assert set(pages) == {"index.html", *(f"{item.name()}.html" for item in plugin.provider.algorithms())}
    for name, text in pages.items():
        reader = Balanced()
        reader.feed(text)
        assert reader.open == [] and reader.wrong == [], name
        assert f'<html lang="{language}">' in text


class Balanced(HTMLParser):
    """Counts tags that are not closed."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_help_opens_the_page_in_the_language_of_qgis_or_else_in_english(plugin, tmp_path, monkeypatch):
    from deep_land_cover.algorithms import reference_links

    pages = tmp_path / "a folder, ü"
    for language in ("en", "id"):
        (pages / language).mkdir(parents=True)
        (pages / language / "trainmodel.html").touch()
    for spoken, language in (("id_ID", "id"), ("id", "id"), ("en_GB", "en"), ("fr", "en")):
        application = SimpleNamespace(locale=lambda spoken=spoken: spoken)
        monkeypatch.setattr(reference_links, "QgsApplication", application)
        link = reference_links.reference_link("trainmodel", pages)
        assert link.isascii() and " " not in link
        assert QUrl(link).toLocalFile() == str(pages / language / "trainmodel.html")


def test_help_in_a_checkout_opens_the_markdown(plugin):
    for item in plugin.provider.algorithms():
        page = Path(QUrl(item.helpUrl()).toLocalFile())
        assert page.samefile(ROOT / "docs" / "reference" / f"{item.name()}.md")


def test_a_tool_without_a_page_has_no_link(plugin, tmp_path):
    from deep_land_cover.algorithms.reference_links import reference_link

    assert reference_link("missing", tmp_path) == ""
