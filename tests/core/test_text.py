"""Texts keep their template and values, so that they can be translated wherever they are put together."""

from __future__ import annotations

import copy
import inspect
import pickle

import numpy as np
import pytest

from deep_land_cover.core.errors import LandCoverError, RasterError, RunCancelled
from deep_land_cover.core.loop import WorkerProgress
from deep_land_cover.core.progress import Notes, Progress, RateMeter, SilentProgress, Stage
from deep_land_cover.core.text import Text, joined, packed, text_of, unpacked, untranslated

INDONESIAN = {
    "{count:,} tiles of {name}": "petak dari {name}: {count:,}",
    "polygon": "poligon",
    "{count} {unit}s": "{count} {unit}",
    "No field {name!r}": "Tidak ada kolom {name!r}",
    "Try again.": "Coba lagi.",
    "{share:.1%} of the map": "{share:.1%} dari peta",
    "sample at {place}": "sampel di {place}",
    "tiles": "petak",
    "Reading": "Membaca",
    "{done:,} of {total:,} {unit}": "{done:,} dari {total:,} {unit}",
}


def translate(template: str) -> str:
    return INDONESIAN.get(template, template)


def test_a_text_is_its_filled_template_and_translated_with_the_same_values() -> None:
    text = Text("{count:,} tiles of {name}", count=1200, name="map.tif")
    assert text == "1,200 tiles of map.tif" and isinstance(text, str)
    assert text.translated(translate) == "petak dari map.tif: 1,200"


def test_words_that_are_filled_in_are_translated_and_names_are_not() -> None:
    template = "{count} {unit}s"
    assert Text(template, count=3, unit=Text("polygon")).translated(translate) == "3 poligon"
    assert Text(template, count=3, unit="polygon").translated(translate) == "3 polygon"


def test_numbers_of_numpy_are_formatted_and_travel_as_numbers() -> None:
    text = Text("{share:.1%} of the map", share=np.float32(0.25))
    assert text.translated(translate) == "25.0% dari peta"
    values = Text("{a} {b} {c}", a=np.int64(3), b=np.bool_(True), c=np.arange(2)).values
    assert [type(value) for value in values.values()] == [int, bool, str]


def test_braces_of_the_user_are_no_fields() -> None:
    assert Text("No field {name!r}", name="{x}.tif").translated(translate) == "Tidak ada kolom '{x}.tif'"
    assert Text("{x}.tif") == "{x}.tif" and joined(("{x}.tif", "{")) == "{x}.tif {"
    error = RasterError("Cannot open it", where="{x}.tif", advice="Try {again}.", again="{y}")
    assert str(error) == "Cannot open it ({x}.tif). Try {y}."


@pytest.mark.parametrize(
    "wrong", ["{number}", "{}", "{0}", "{count:d}", "{count.nothing}", "{count[0]}", "{count", "{count!x}"]
)
def test_a_wrong_translation_shows_english(wrong: str) -> None:
    text = Text("{count:.1f} km", count=2.5)
    assert text.translated(lambda _: wrong) == "2.5 km"


def test_a_missing_translation_shows_english() -> None:
    assert Text("{count} km", count=2).translated(translate) == "2 km"


def test_texts_that_are_joined_or_added_are_translated_piece_by_piece() -> None:
    tiles = Text("{count:,} tiles of {name}", count=2, name="a")
    assert joined((tiles, "Try again."), "; ").translated(translate) == "petak dari a: 2; Coba lagi."
    assert (tiles + ".").translated(translate) == "petak dari a: 2."
    assert ("(" + tiles).translated(translate) == "(petak dari a: 2"
    line: str = "x: "
    line += tiles
    assert isinstance(line, Text) and line == "x: 2 tiles of a"
    assert joined(()) == "" and joined(["a", "b"]) == "a b"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda text: pickle.loads(pickle.dumps(text))])
def test_copies_keep_template_and_values(again) -> None:
    text = Text("{count} {unit}s", count=3, unit=Text("polygon"))
    copied = again(text)
    assert copied == text and copied.translated(translate) == "3 poligon"


def test_a_text_of_a_text_is_the_same() -> None:
    text = Text("{count} {unit}s", count=3, unit="x")
    assert Text(text) is text and text_of(text, {"count": 4}) is text
    assert text_of("plain {braces}", {}) == "plain {braces}"


def test_packing_keeps_texts_in_results() -> None:
    plain = {"sentence": Text("{unit}", unit=Text("polygon")), "list": ["a", Text("polygon")], "n": 1}
    again = unpacked(packed(plain))
    assert again == plain
    assert [again["sentence"].translated(translate), again["list"][1].translated(translate)] == [
        "poligon"
    ] * 2


def test_names_that_files_hold_are_plain() -> None:
    assert not isinstance(untranslated("Class 3"), Text)


def test_an_error_is_translated_with_its_advice_but_its_place_is_not() -> None:
    error = LandCoverError("No field {name!r}", where="polygon", advice="Try again.", name="tiles")
    assert str(error) == "No field 'tiles' (polygon). Try again."
    assert error.sentence.translated(translate) == "Tidak ada kolom 'tiles' (polygon). Coba lagi."
    placed = LandCoverError("Stopped", where=Text("sample at {place}", place="row 3"))
    assert placed.sentence.translated(translate) == "Stopped (sampel di row 3)."
    outer = RunCancelled("Stopped: {error}", error=error.sentence)
    assert "Tidak ada kolom" in outer.sentence.translated(translate)


def test_progress_of_a_countable_job_is_translated() -> None:
    meter = RateMeter(1000, "tiles", "Reading")
    assert meter.text().translated(translate) == "Membaca: 0 dari 1,000 petak"
    meter.add(10)
    assert "petak/s" in meter.text().translated(translate)


@pytest.mark.parametrize("kind", [SilentProgress, Notes, Stage, WorkerProgress])
@pytest.mark.parametrize("name", ["update", "log", "temporary", "check_cancelled"])
def test_every_progress_reporter_takes_templates_with_values(kind, name) -> None:
    own, asked = (inspect.signature(getattr(item, name)) for item in (kind, Progress))
    assert own == asked


@pytest.mark.parametrize("through", [lambda inner: inner, Notes, lambda inner: Stage(inner, 0.0, 0.5)])
def test_log_lines_keep_their_template_through_all_progress_reporters(through) -> None:
    inner = SilentProgress()
    progress: Progress = through(inner)
    progress.update(0.5, "{count} tiles", count=1)
    progress.log("No field {name!r}", "warning", name="a")
    ((level, line),) = inner.lines
    assert level == "warning" and isinstance(line, Text)
    assert line.translated(translate) == "Tidak ada kolom 'a'"
