"""The plugin in another language: what users read is in it, what scripts use is not."""

from __future__ import annotations

import re

import pytest
from qgis.core import QgsVectorLayer

pytestmark = pytest.mark.qgis


@pytest.fixture
def indonesian(plugin, monkeypatch):
    """QGIS in Indonesian, as far as the plugin is concerned."""
    from deep_land_cover.algorithms.i18n import translation

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


@pytest.mark.medium
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
    from deep_land_cover.algorithms.i18n import translation

    class Application:
        @staticmethod
        def locale():
            return "xx_YY"

    monkeypatch.setattr(translation, "QgsApplication", Application)
    translation.install_translator()
    assert not translation.is_translated()
    assert translation.tr("Classify a raster") == "Classify a raster"


def test_templates_of_the_worker_are_translated_and_filled(indonesian):
    from deep_land_cover.algorithms.i18n.messages import translated_message
    from deep_land_cover.core.progress import RateMeter
    from deep_land_cover.core.text import Text, joined

    dropped = Text(
        "{count:,} polygons contain no pixel centre and label all pixels that they touch.", count=1234
    )
    said = "1,234 poligon tidak memuat pusat piksel dan melabeli semua piksel yang disentuhnya."
    assert translated_message(dropped) == said
    assert translated_message(joined((dropped, "Writing the report"))) == f"{said} Menulis laporan"
    assert translated_message("Writing the report") == "Menulis laporan"
    meter = RateMeter(4800, "patches", Text("Classifying on {device}", device=Text("CPU, 1 thread")))
    assert translated_message(meter.text()) == "Mengklasifikasikan pada CPU, 1 utas: 0 dari 4,800 patch"
    for other in ("Traceback (most recent call last):", "", "  "):
        assert translated_message(other) == other
    indonesian.remove_translator()
    assert translated_message(dropped) == str(dropped)


def test_a_map_may_be_called_as_one_of_the_words(indonesian):
    from deep_land_cover.algorithms.i18n.messages import translated_message
    from deep_land_cover.core.text import Text

    line = Text("{raster} has {count} bands; the first one is used.", raster="patches", count=2)
    assert translated_message(line).startswith("patches ")


@pytest.mark.parametrize("translation", ["{lain} band", "{} band", "{count:d} dari {raster", "{count.x}"])
def test_a_wrong_translation_shows_english(indonesian, monkeypatch, translation):
    from deep_land_cover.algorithms.i18n import messages as translated_messages
    from deep_land_cover.core.text import Text

    monkeypatch.setattr(translated_messages, "tr", lambda _: translation)
    assert translated_messages.translated_message(Text("{count:.1f} bands", count=2)) == "2.0 bands"


_FIELD = r"\{(?:[^{}]|\{[^{}]*\})*\}"


def _arrived(template):
    """Return whether a text that QGIS was to translate has words, so that it should be one of the source."""
    return bool(re.search(r"[^\W\d_]{2}", re.sub(_FIELD, "", template))) and "  " not in template


@pytest.fixture
def strangers(indonesian, monkeypatch):
    """The texts that arrive and are none of the source's templates: filled in too early."""
    from deep_land_cover.algorithms.i18n import messages as translated_messages
    from deep_land_cover.tools.translatable_texts import texts

    known, found = texts(), set()

    def asked(template):
        if template not in known and _arrived(template):
            found.add(template)
        return indonesian.tr(template)

    monkeypatch.setattr(translated_messages, "tr", asked)
    return found


@pytest.mark.medium
def test_lines_and_progress_of_a_real_worker_arrive_as_templates(
    train, classify, samples, strangers, tmp_path
):
    done = train(samples, FOLDS=2, REPORT=str(tmp_path / "report.html"))
    assert done.succeeded, done.log
    assert "sampel" in done.log
    done = classify(UNCERTAINTY=str(tmp_path / "uncertainty.tif"), BATCH_SIZE=64)
    assert done.succeeded, done.log
    assert "Mengklasifikasikan" in done.log
    # Qt takes no other kind of string for the value of an output.
    assert type(done.results["DEVICE"]) is str and done.results["DEVICE"].startswith("CPU")
    assert not strangers


@pytest.mark.medium
@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"BANDS": "{x}"}, "Raster tidak memiliki band '{x}'"),
        ({"MAX_PER_CLASS": 1, "SPLIT": "field"}, "SPLIT"),
    ],
)
def test_errors_of_a_real_worker_arrive_as_templates(train, samples, strangers, parameters, words):
    done = train(samples, **parameters)
    assert not done.succeeded
    assert words in done.log
    assert not strangers


def test_numbers_on_a_page_are_written_as_in_the_language(indonesian):
    assert indonesian.tr_number("1,234.5") == "1.234,5"
    indonesian.remove_translator()
    assert indonesian.tr_number("1,234.5") == "1,234.5"


def test_errors_of_the_plugin_keep_their_form(indonesian):
    from deep_land_cover.algorithms.i18n.messages import translated_error
    from deep_land_cover.core.errors import RasterError

    error = RasterError("There is no such raster", where="/data/peta.tif", advice="Check the path.")
    assert translated_error(error) == "Raster tersebut tidak ada (/data/peta.tif). Periksa path."


@pytest.mark.parametrize("where", ["Stack", "none", "/data/Training, test/Water: none; polygons.tif"])
def test_names_of_layers_and_files_are_not_translated(indonesian, where):
    from deep_land_cover.algorithms.i18n.messages import translated_error
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
    assert "PATCH_SIZE harus kelipatan 32 untuk U-Net dengan ResNet18" in done.log


def test_the_labelling_form_is_indonesian(run, make_raster, indonesian, tmp_path):
    class_map = make_raster(
        tmp_path / "map.tif", lambda _band, _row, column: 3 + (column >= 40), bands=("class",)
    )
    output = str(tmp_path / "points.gpkg")
    assert run("samplingdesign", {"INPUT": class_map, "SIZE": 30, "OUTPUT": output}).succeeded
    layer = QgsVectorLayer(output, "points", "ogr")
    fields = layer.fields()
    titles = [layer.attributeDisplayName(fields.indexOf(name)) for name in ("class", "confidence", "note")]
    assert titles == ["Kelas", "Keyakinan", "Catatan"]
    grades = layer.editorWidgetSetup(fields.indexOf("confidence")).config()["map"]
    assert grades == [{"Tinggi": "high"}, {"Sedang": "medium"}, {"Rendah": "low"}]
