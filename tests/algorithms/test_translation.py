"""The plugin in another language: what users read is in it, what scripts use is not."""

from __future__ import annotations

import json
import re

import pytest

pytestmark = pytest.mark.qgis


@pytest.fixture
def indonesian(plugin, monkeypatch):
    """QGIS in Indonesian, as far as the plugin is concerned."""
    from deep_land_cover.algorithms import translation

    class Application:
        @staticmethod
        def locale():
            return "id_ID"

    monkeypatch.setattr(translation, "QgsApplication", Application)
    translation.install_translator()
    yield translation
    translation.remove_translator()


@pytest.fixture(scope="module")
def catalogue():
    from deep_land_cover.tools.translations import FOLDER, read_catalogue

    return read_catalogue(FOLDER / "deep_land_cover_id.ts")


@pytest.fixture(scope="module")
def names(plugin):
    return [item.name() for item in plugin.provider.algorithms()]


def _said(instance):
    """Return all that a dialog shows of an algorithm."""
    from deep_land_cover.tools.translatable_texts import paragraphs

    texts = [instance.displayName(), instance.shortDescription(), instance.group()]
    texts += paragraphs(instance.shortHelpString())
    for definition in instance.parameterDefinitions():
        texts += [definition.description(), definition.help()]
    return [*texts, *(output.description() for output in instance.outputDefinitions())]


def _used(instance):
    """Return what scripts and models rely on."""
    parameters = [
        (item.name(), item.type(), str(item.defaultValue()), getattr(item, "options", list)())
        for item in instance.parameterDefinitions()
    ]
    outputs = [(item.name(), item.type()) for item in instance.outputDefinitions()]
    return instance.id(), instance.groupId(), parameters, outputs


def test_all_that_the_dialogs_show_is_indonesian(algorithm, names, catalogue, indonesian):
    from deep_land_cover.tools.translatable_texts import texts

    indonesian.remove_translator()
    english = {name: _said(algorithm(name)) for name in names}
    indonesian.install_translator()
    # Some words are the same in both languages; what is found, but not translated, another test tells.
    known = {source for source, entry in catalogue.items() if entry.translation not in ("", source)}
    same = [re.escape(source).replace(r"\{\}", ".*") for source in texts() if source not in known]
    left = [
        before
        for name in names
        for before, after in zip(english[name], _said(algorithm(name)), strict=True)
        if before == after and not any(re.fullmatch(form, before) for form in same)
    ]
    assert not left


def test_names_values_and_kinds_stay_as_they_are(algorithm, names, indonesian):
    translated = [_used(algorithm(name)) for name in names]
    indonesian.remove_translator()
    assert translated == [_used(algorithm(name)) for name in names]


def test_tools_are_found_by_words_of_both_languages(algorithm, indonesian):
    tags = algorithm("classifyraster").tags()
    assert "land cover" in tags and "tutupan lahan" in tags


def test_the_compiled_catalogue_is_that_of_the_source(catalogue, indonesian):
    stale = [
        entry.source
        for entry in catalogue.values()
        if entry.translation and not entry.is_vanished and indonesian.tr(entry.source) != entry.translation
    ]
    assert not stale, "run ./dev translations"


def test_without_a_catalogue_of_the_language_it_stays_english(plugin, monkeypatch):
    from deep_land_cover.algorithms import translation

    class Application:
        @staticmethod
        def locale():
            return "xx_YY"

    monkeypatch.setattr(translation, "QgsApplication", Application)
    translation.install_translator()
    assert not translation.is_translated()
    assert translation.tr("Classify a raster") == "Classify a raster"


SENTENCES = {
    "Writing the report": "Menulis laporan",
    "Dropped {0} samples of {1}.": "Dari {1} membuang {0} sampel.",
    "Classifying on {0}": "Mengklasifikasikan pada {0}",
    "CPU, {0} threads": "CPU, {0} utas",
    "{0} of {1} {2}": "{0} dari {1} {2}",
    "{0}, {1} {2}/s, {3} left": "{0}, {1} {2}/s, sisa {3}",
    "patches": "patch",
    "Each polygon is on one side.": "Setiap poligon di satu sisi.",
    "{0}: accuracy {1}": "{0}: akurasi {1}",
    "; gain over {0} {1} points": "; peningkatan terhadap {0} {1} poin",
    " ({0} to {1})": " ({0} sampai {1})",
    "{0} {1} points": "{0} {1} poin",
    ", {0} test: p = {1}": ", uji {0}: p = {1}",
    "sign flip": "balik tanda",
    "The class value {0} does not fit a map{1}": "Nilai kelas {0} tidak muat dalam peta{1}",
}
KINDS = {
    "Dropped {0} samples of {1}.": "nt",
    "{0} of {1} {2}": "nnt",
    "{0}, {1} {2}/s, {3} left": "tntt",
    "; gain over {0} {1} points": "tn",
    " ({0} to {1})": "nn",
    "{0} {1} points": "tn",
    ", {0} test: p = {1}": "tn",
}


@pytest.fixture
def messages(indonesian, monkeypatch, tmp_path):
    """The recognition of messages, with few sentences."""
    from deep_land_cover.algorithms import translated_messages

    forms = [[source, KINDS.get(source, "t" * source.count("{"))] for source in SENTENCES if "{" in source]
    (tmp_path / "messages.json").write_text(json.dumps(forms), encoding="utf-8")
    monkeypatch.setattr(translated_messages, "FOLDER", tmp_path)
    monkeypatch.setattr(translated_messages, "tr", lambda text: SENTENCES.get(text, text))
    translated_messages._forms.cache_clear()
    yield translated_messages
    translated_messages._forms.cache_clear()


@pytest.mark.parametrize(
    ("said", "translated"),
    [
        # As it stands, with its full stop or without.
        ("Writing the report", "Menulis laporan"),
        ("Each polygon is on one side", "Setiap poligon di satu sisi"),
        # With names and numbers in it, in another order of words.
        ("Dropped 1,234 samples of Hutan rawa.", "Dari Hutan rawa membuang 1,234 sampel."),
        # What is filled in may be a sentence of its own, and have the signs of the outer one.
        (
            "Classifying on CPU, 2 threads: 1,200 of 4,800 patches, 600 patches/s, 0:00:06 left",
            "Mengklasifikasikan pada CPU, 2 utas: 1,200 dari 4,800 patch, 600 patch/s, sisa 0:00:06",
        ),
        # Sentences that were put together.
        (
            "Each polygon is on one side. Dropped 7 samples of Sawah.",
            "Setiap poligon di satu sisi. Dari Sawah membuang 7 sampel.",
        ),
        # What was added to a sentence, three times.
        (
            "dua: accuracy 0.765; gain over satu -9.0 points (-11.0 to -7.2), sign flip test: p = 5e-05.",
            "dua: akurasi 0.765; peningkatan terhadap satu -9.0 poin (-11.0 sampai -7.2), uji balik tanda: "
            "p = 5e-05.",
        ),
        # A map may be called as one of the words.
        (
            "patches: accuracy 0.765; gain over patches -9.0 points.",
            "patches: akurasi 0.765; peningkatan terhadap patches -9.0 poin.",
        ),
        ("patches: not known. Writing the report", "patches: not known. Menulis laporan"),
        # Braces of the user's own are no holes, and a hole may be empty.
        ("The class value {2} does not fit a map", "Nilai kelas {2} tidak muat dalam peta"),
        # What nobody has translated, and what is no number where one belongs.
        ("Traceback (most recent call last):", "Traceback (most recent call last):"),
        ("Dropped some samples of Sawah.", "Dropped some samples of Sawah."),
        ("", ""),
        ("  ", "  "),
    ],
)
def test_lines_of_the_worker_are_recognised(messages, indonesian, said, translated):
    assert messages.translated_message(said) == translated
    indonesian.remove_translator()
    assert messages.translated_message(said) == said


def test_each_sentence_of_the_worker_is_recognised_whatever_fills_it(indonesian):
    from deep_land_cover.algorithms.translated_messages import translated_message
    from deep_land_cover.tools.translatable_texts import texts

    names = ("'B4'", "Hutan lahan kering, sekunder", "/data/peta: baru/citra.tif")
    numbers = ("1,234", "87.5%", "0.123")
    lost = []
    for text in texts().values():
        values = [(numbers if kind == "n" else names)[place % 3] for place, kind in enumerate(text.kinds)]
        said, translated = (
            re.sub(r"\{(\d)\}", lambda hole: values[int(hole[1])], form)  # noqa: B023
            for form in (text.source, indonesian.tr(text.source))
        )
        if values and translated not in (said, translated_message(said)):
            lost.append(said)
    # Two forms are mostly holes: what fits them would fit too much else.
    assert len(lost) <= 2, lost


def test_numbers_on_a_page_are_written_as_in_the_language(indonesian):
    assert indonesian.tr_number("1,234.5") == "1.234,5"
    indonesian.remove_translator()
    assert indonesian.tr_number("1,234.5") == "1,234.5"


def test_errors_of_the_plugin_keep_their_form(indonesian):
    from deep_land_cover.algorithms.translated_messages import translated_error
    from deep_land_cover.core.errors import RasterError

    error = RasterError("There is no such raster", where="/data/peta.tif", advice="Check the path.")
    assert translated_error(error) == "Raster tersebut tidak ada (/data/peta.tif). Periksa path."


@pytest.mark.parametrize("where", ["Stack", "none", "/data/Training, test/Water: none; polygons.tif"])
def test_names_of_layers_and_files_are_not_translated(indonesian, where):
    from deep_land_cover.algorithms.translated_messages import translated_error
    from deep_land_cover.core.errors import RasterError

    error = RasterError("There is no such raster", where=where, advice="Check the path.")
    assert f"({where})" in translated_error(error)


def test_an_error_of_the_real_worker_arrives_in_the_language(
    run, scene, make_layer, box, indonesian, tmp_path
):
    from qgis.core import QgsGeometry

    rows = [(QgsGeometry.fromRect(box(4, left, 8, 8)), left) for left in (4, 20, 44, 60)]
    parameters = {
        "INPUT": scene,
        "SAMPLES": make_layer(rows),
        "CLASS_FIELD": "class",
        "ARCHITECTURE": "unet_resnet18",
        "PATCH_SIZE": 20,
        "OUTPUT": str(tmp_path / "model.safetensors"),
    }
    done = run("trainmodel", parameters)
    assert not done.succeeded
    assert "PATCH_SIZE adalah 20 (PATCH_SIZE). U-Net dengan ResNet18 memakai kelipatan 32" in done.log
