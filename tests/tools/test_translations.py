"""Every text that users read is found in the source, and its translations have its placeholders."""

from __future__ import annotations

import re
import string
import xml.etree.ElementTree as ElementTree

import pytest

from deep_land_cover.tools.translatable_texts import Text, paragraphs, texts, untranslatable
from deep_land_cover.tools.translations import (
    FOLDER,
    Entry,
    misfits,
    problems,
    read_catalogue,
    updated,
    write_catalogue,
)


@pytest.fixture(scope="module")
def found():
    return texts()


@pytest.fixture(scope="module")
def catalogue():
    return read_catalogue(FOLDER / "deep_land_cover_id.ts")


@pytest.fixture
def source(tmp_path):
    """Return a function that writes modules and returns the texts that are found in them."""
    (tmp_path / "resources" / "schemes").mkdir(parents=True)

    def write(**modules):
        for name, text in modules.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return texts(tmp_path)

    return write


@pytest.mark.medium
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ts")), ids=lambda path: path.stem)
def test_translations_have_the_tags_and_placeholders_of_their_texts(path, found):
    """A missing translation shows English and fails nothing; a wrong one would lose a value."""
    assert not list(misfits(read_catalogue(path), found)), "mend the translation; ./dev translations --check"


@pytest.mark.medium
def test_every_template_of_a_translation_can_be_filled(catalogue, found):
    formatter = string.Formatter()
    for source in found:
        entry = catalogue.get(source)
        if re.search(r"\{\w+", source) and entry is not None and entry.translation:
            fields = {name for _, name, _, _ in formatter.parse(entry.translation) if name is not None}
            assert fields == {name for _, name, _, _ in formatter.parse(source) if name is not None}, source


@pytest.mark.medium
def test_no_text_for_users_is_filled_before_it_can_be_translated():
    assert not untranslatable(), "write a template with values instead of an f-string"


def test_titles_help_and_labels_are_found(source):
    found = source(
        algorithms__one='''
"""A docstring is read by developers only."""
from .two import ADVICE

class Tool:
    TITLE = "Rotate"
    HELP = (
        "<p>Turns a map.</p>"
        "<p><b>Inputs.</b> A map.</p>"
    )

    def initAlgorithm(self):
        self.add(definition("INPUT", tr("Map")), "A raster. " + ADVICE)
''',
        algorithms__two='ADVICE = "Any will do."\n',
    )
    assert set(found) >= {
        "Rotate",
        "<p>Turns a map.</p>",
        "<p><b>Inputs.</b> A map.</p>",
        "Map",
        "A raster. Any will do.",
    }
    assert not [text for text in found if "docstring" in text or text == "INPUT"]


def test_templates_and_words_of_the_worker_are_found(source):
    found = source(
        core__job="""
def run(progress, name, count):
    meter = RateMeter(count, "tiles", "Reading")
    progress.log("Read {count:,} samples of {name!r}.", count=count, name=name)
    raise RasterError(
        "There is 1 left" if count == 1 else "There are {count} left",
        advice=Text("Use {name}, a {kind}.", name=name, kind=Text("polygon")),
        count=count,
    )
"""
    )
    assert set(found) == {
        "tiles",
        "Reading",
        "Read {count:,} samples of {name!r}.",
        # Each choice is a sentence of its own, for languages differ in their plurals.
        "There is 1 left",
        "There are {count} left",
        "Use {name}, a {kind}.",
        "polygon",
    }


def test_f_strings_for_users_are_reported_and_names_in_files_are_not(source, tmp_path):
    found = source(
        core__job="""
def run(progress, name, count):
    progress.log(f"Read {count} samples.")
    band = untranslated(f"texture {count} in {name}")
    label = f"{count:>5}  {name}"
    reason = f"{count} tiles are left"
    raise ValueError(f"there are {count} left")
"""
    )
    assert untranslatable(tmp_path) == ["core/job.py:3", "core/job.py:6"]
    assert not found


def test_words_of_other_programs_and_for_programs_are_left_out(source):
    found = source(
        core__job="""
_DISK_FULL = ("no space left on device",)

def run(low):
    if "out of memory" in low or low == "not enough space":
        return {"inputs": "%Y:%m:%d %H:%M", "id": "nearest"}
"""
    )
    assert not found


def test_help_is_translated_in_paragraphs():
    assert paragraphs("<p>A.</p><p><b>B.</b> C.</p>") == ["<p>A.</p>", "<p><b>B.</b> C.</p>"]


def test_a_catalogue_keeps_its_translations_and_marks_what_has_vanished(tmp_path):
    path = tmp_path / "deep_land_cover_id.ts"
    old = {"Map": Entry("Map", "Peta"), "Old": Entry("Old", "Lama"), "<b>&": Entry("<b>&", "")}
    found = {name: Text(name, places={"plugin.py"}) for name in ("Map", "New", "<b>&")}
    write_catalogue(path, updated(old, found), found)
    again = read_catalogue(path)
    assert again["Map"].translation == "Peta"
    assert again["Old"].is_vanished and again["Old"].translation == "Lama"
    assert sorted(problems(again, found)) == ["not translated: <b>&", "not translated: New"]
    # What comes back has its translation again.
    found["Old"] = Text("Old", places={"plugin.py"})
    write_catalogue(path, updated(again, found), found)
    assert not read_catalogue(path)["Old"].is_vanished


@pytest.mark.parametrize("code", ["id", "pt_BR"])
def test_a_catalogue_says_its_language_as_qgis_does(tmp_path, code):
    path = tmp_path / f"deep_land_cover_{code}.ts"
    write_catalogue(path, {}, {})
    assert ElementTree.parse(path).getroot().get("language") == code


@pytest.mark.parametrize(
    ("translation", "problem"),
    [
        ("Gunakan <b>B</b> dan STRATUM_FIELD={nama}.", "placeholders"),
        ("Gunakan B dan STRATUM_FIELD={name}.", "tags"),
        ("Gunakan <b>B</b> dan STRATUM={name}.", "names of parameters"),
    ],
)
def test_what_must_stay_is_held(translation, problem):
    source = "Use <b>B</b> and STRATUM_FIELD={name}."
    found = {source: Text(source)}
    entries = {source: Entry(source, translation)}
    assert [said.partition(" differ")[0] for said in misfits(entries, found)] == [problem]
    right = {source: Entry(source, "Gunakan <b>B</b> dan STRATUM_FIELD={name}.")}
    assert not list(problems(right, found))


def test_a_missing_translation_is_a_problem_but_no_misfit():
    found = {"{n} maps": Text("{n} maps")}
    assert not list(misfits({}, found))
    assert list(problems({}, found)) == ["not translated: {n} maps"]


def test_what_is_filled_in_order_may_change_its_places():
    entries = {"{} of {}": Entry("{} of {}", "dari {1}, {0}")}
    assert not list(problems(entries, {"{} of {}": Text("{} of {}")}))
    entries = {"{} of {}": Entry("{} of {}", "{}")}
    assert len(list(problems(entries, {"{} of {}": Text("{} of {}")}))) == 1


def test_the_indonesian_catalogue_names_the_tools_as_they_are_called(catalogue):
    """Bold words of a help text that name a tool do so in Indonesian, too."""
    titles = {
        "Set up the environment",
        "Train a land-cover model",
        "Classify a raster",
        "Sampling design",
        "Assess accuracy and area",
    }
    found = set()
    for entry in catalogue.values():
        named = [title for title in re.findall(r"<b>(.*?)</b>", entry.source) if title in titles]
        found.update(named)
        for title in named:
            assert f"<b>{catalogue[title].translation}</b>" in entry.translation, entry.source
    assert found == titles


def _quotes(text):
    return [re.split(r"…|'map2'", quote) for quote in re.findall(r"<i>(.*?)</i>", text)]


@pytest.mark.medium
@pytest.mark.parametrize("is_translated", [False, True], ids=["English", "Indonesian"])
def test_the_errors_that_help_texts_name_are_said_like_this(found, catalogue, is_translated):
    def said(source):
        return (catalogue[source].translation if is_translated else source).replace("’", "'")

    done = [source for source in found if source in catalogue and catalogue[source].translation]
    sentences = [said(source) for source in done if not source.startswith("<p>")]
    quotes = [
        pieces
        for source in done
        if source.startswith("<p><b>Common errors.</b>")
        for pieces in _quotes(said(source))
    ]
    assert quotes
    for pieces in quotes:
        wanted = [piece.strip(" .,") for piece in pieces]
        assert any(all(piece in one for piece in wanted) for one in sentences), pieces
