"""Reports in other languages: the catalogue of Qt, texts with values, and the form of numbers."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from deep_land_cover.core.reporting.language import Language, read_catalogue, say, speaking
from deep_land_cover.core.text import Text

TEMPLATES = Path(__file__).parents[3] / "core" / "reporting" / "templates"
INDONESIAN = Language("id", {"{share:.1f} % of {map}": "{share:.1f} % dari {map}"}, ".", ",")


def message(source: str, translation: str) -> bytes:
    """Return a message as Qt's lrelease writes it: translation, comment, source, context, end."""
    fields = ((3, translation.encode("utf-16-be")), (8, b""), (6, source.encode()), (7, b"DeepLandCover"))
    return b"".join(struct.pack(">BI", tag, len(data)) + data for tag, data in fields) + b"\x01"


def test_a_catalogue_of_qt_is_read(tmp_path: Path) -> None:
    messages = message("class", "kelas") + message("“–” is a figure", "“–” adalah angka")
    path = tmp_path / "deep_land_cover_id.qm"
    magic = bytes.fromhex("3cb86418caef9c95cd211cbf60a1bddd")
    hashes = struct.pack(">BI", 0x42, 8) + bytes(8)
    path.write_bytes(magic + hashes + struct.pack(">BI", 0x69, len(messages)) + messages)
    assert read_catalogue(path) == {"class": "kelas", "“–” is a figure": "“–” adalah angka"}
    path.write_bytes(b"something else")
    assert read_catalogue(path) == {}


def test_the_shipped_catalogue_is_read() -> None:
    with speaking("id_ID") as language:
        assert language.code == "id"
        assert len(language.catalogue) > 1000
        assert say("Accuracy report") == "Laporan akurasi"


def test_templates_are_filled_in_the_language_with_its_numbers() -> None:
    text = Text("{share:.1f} % of {map}", share=1234.56, map="land, 1.5 m")
    # The name of a map is data and keeps its signs.
    assert INDONESIAN.say(text) == "1234,6 % dari land, 1.5 m"
    assert INDONESIAN.number("1,234.5") == "1.234,5"
    assert str(text) == "1234.6 % of land, 1.5 m"


@pytest.mark.parametrize("name", ["", "en", "en_US", "xx"])
def test_a_language_without_a_catalogue_is_english(name: str) -> None:
    with speaking(name) as language:
        assert language.code == "en"
        assert say(Text("{count:,} points", count=1200)) == "1,200 points"


def luminance(color: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    digits = color if len(color) == 7 else "#" + "".join(2 * letter for letter in color[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_texts_have_the_contrast_of_aa_by_day_and_by_night() -> None:
    style = (TEMPLATES / "page.html").read_text(encoding="utf-8")
    themes = [
        dict(re.findall(r"--([\w-]+): (#\w+)", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.S)
    ]
    assert len(themes) == 2
    for theme in themes:
        for ink in ("ink", "muted"):
            for ground in ("page", "ground", "warn"):
                # 4.5 is what AA asks of text (WCAG 2.2, 1.4.3).
                assert contrast(theme[ink], theme[ground]) >= 4.5, (ink, ground, theme)
        # 3 of signs such as the frame of a colour (1.4.11).
        assert contrast(theme["line"], theme["page"]) >= 3


@pytest.mark.parametrize("name", [path.name for path in TEMPLATES.glob("*.html")])
def test_headings_stand_in_sections_that_print_keeps_whole_and_open(name: str) -> None:
    page = (TEMPLATES / name).read_text(encoding="utf-8")
    assert "<details>" not in page
    depth = 0
    for tag in re.findall(r"<(/?section|h2)\b", page):
        depth += {"section": 1, "/section": -1}.get(tag, 0)
        assert tag != "h2" or depth == 1
    assert depth == 0


@pytest.mark.parametrize("name", [path.name for path in TEMPLATES.glob("*.html")])
def test_what_a_page_says_has_no_markup(name: str) -> None:
    """It is data for the template, and would be escaped."""
    said = re.findall(r'\bt(?:ext)?\("([^"]*)"', (TEMPLATES / name).read_text(encoding="utf-8"))
    assert said
    assert not [text for text in said if re.search(r"[<>]|&\w+;", text)]
