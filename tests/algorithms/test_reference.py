"""The reference of the documentation is what the algorithms say of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_parameters_tell_their_kind_default_and_limits(pages):
    training = pages["trainmodel.md"]
    assert "### FOLDS\n\n**Folds** · whole number from 0 to 100 · default `0`\n" in training
    assert "### LABELS\n\n**Label raster** · raster layer · optional\n" in training
    assert "### CLASS_FIELD\n\n**Class field** · field of SAMPLES · optional\n" in training
    assert "any of `NDVI`" in training and "default all" in training
    assert "[Classify a raster](classifyraster.md)" in training
    assert "### MODEL\n\n**Model file** · file · required\n" in pages["classifyraster.md"]
