"""A scheme meets a raster: what it has, what it lacks, and what is written."""

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass, shipped_scheme
from deep_land_cover.core.errors import (
    OutputError,
    RasterError,
    SampleError,
    SchemeError,
)
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.attribute_table import (
    read_attribute_table,
    sidecar_of,
    write_attribute_table,
)
from deep_land_cover.core.raster.class_raster import open_class_raster
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.style import StyleRequest
from deep_land_cover.core.tasks.style import UNKNOWN_COLOR, run

JAMBI = shipped_scheme("jambi").classes
WATER, FOREST = JAMBI[0], JAMBI[1]


@pytest.fixture
def raster(make_raster):
    """Two pixels of water, three of forest, one of 99 and one without data."""
    return make_raster(np.array([[0, 0, 1, 1, 1, 99, 255]], np.uint8), nodata=255)


def style(path, classes=JAMBI, **more):
    progress = SilentProgress()
    return run(
        StyleRequest(RasterSource(str(path), **more.pop("source", {})), classes, **more), progress
    ), progress


def test_classes_that_occur_come_in_the_schemes_order_and_others_are_grey(raster):
    result, progress = style(raster, classes=(JAMBI[5], FOREST, WATER))
    assert result.classes == (FOREST, WATER, LandCoverClass(99, "Class 99", UNKNOWN_COLOR))
    assert result.unknown == (99,)
    assert result.sidecar is None
    assert ("warning", "The scheme has no entry for 99. These values are grey in the map.") in progress.lines
    assert not sidecar_of(raster).exists()


def test_the_users_nodata_is_no_class(raster):
    result, progress = style(raster, source={"nodata": 99.0})
    assert result.unknown == ()
    assert progress.lines == []


def test_what_is_written_is_what_the_other_tools_read(raster):
    result, _ = style(raster, write=True)
    assert result.sidecar == str(sidecar_of(raster))
    rows = ((0, "Water", "#0066CC"), (1, "Trees/Forest", "#228B22"), (99, "Class 99", UNKNOWN_COLOR))
    assert read_attribute_table(sidecar_of(raster)) == rows
    text = sidecar_of(raster).read_text()
    assert "<F>0</F><F>2</F><F>Water</F>" in text
    assert "<F>1</F><F>3</F><F>Trees/Forest</F>" in text
    with open_class_raster(RasterSource(str(raster)), SilentProgress()) as opened:
        assert opened.own_classes() == result.classes


def test_other_names_for_the_same_values_are_refused_with_both_and_nothing_is_written(raster):
    style(raster, write=True)
    before = sidecar_of(raster).read_bytes()
    other = (LandCoverClass(0, "Air", "#010203"), LandCoverClass(1, "Trees/Forest", "#040506"))
    with pytest.raises(SchemeError, match="0 Water in the raster, 0 Air in the scheme") as caught:
        style(raster, classes=other, write=True)
    assert caught.value.where == str(raster)
    assert sidecar_of(raster).read_bytes() == before


def test_who_says_so_renames_the_classes(raster):
    style(raster, write=True)
    other = (LandCoverClass(0, "Air", "#010203"), LandCoverClass(1, "Hutan", "#040506"))
    result, _ = style(raster, classes=other, write=True, rename=True)
    assert [item.name for item in result.classes] == ["Air", "Hutan", "Class 99"]
    assert [name for _, name, _ in read_attribute_table(sidecar_of(raster))] == ["Air", "Hutan", "Class 99"]


def test_classes_are_found_by_name_where_the_scheme_has_other_values(raster):
    """Names in alphabetical order got 0 and 1, as a training from names gives them."""
    own = (LandCoverClass(0, "Forest", "#111111"), LandCoverClass(1, "water", "#222222"))
    write_attribute_table(sidecar_of(raster), own, {})
    scheme = (LandCoverClass(0, "Water", "#0000FF"), LandCoverClass(1, "Forest", "#00FF00"))
    result, progress = style(raster, classes=scheme, write=True)
    assert result.classes[:2] == (
        LandCoverClass(1, "Water", "#0000FF"),
        LandCoverClass(0, "Forest", "#00FF00"),
    )
    assert any("matched by name: 0 Forest (1), 1 water (0)" in text for _, text in progress.lines)


def test_a_scheme_without_names_gives_colours_alone(raster):
    own = (LandCoverClass(0, "Water", "#111111"), LandCoverClass(1, "Forest", "#222222"))
    write_attribute_table(sidecar_of(raster), own, {})
    result, _ = style(raster, classes=(LandCoverClass(1, "1", "#00FF00"),))
    assert result.classes[0] == LandCoverClass(1, "Forest", "#00FF00")


def test_without_a_scheme_the_raster_keeps_its_own_classes(raster):
    with pytest.raises(SchemeError, match="no classes of its own"):
        style(raster, classes=())
    own = tuple(LandCoverClass(value, f"Class of {value}", "#112233") for value in (0, 1, 99))
    write_attribute_table(sidecar_of(raster), own, {})
    result, _ = style(raster, classes=(), write=True)
    assert result.classes == own and result.unknown == ()


def test_a_scheme_may_name_more_than_256_classes(make_raster):
    values = np.arange(400, dtype=np.uint16).reshape(20, 20)
    scheme = tuple(LandCoverClass(value, f"Crop {value}", "#112233") for value in range(400))
    result, _ = style(make_raster(values), classes=scheme, write=True)
    assert result.classes == scheme


def test_a_style_file_that_goes_before_is_named(raster):
    raster.with_suffix(".qml").write_text("")
    _, progress = style(raster, write=True)
    assert any("overrides" in text for _, text in progress.lines)


def test_a_scheme_for_other_codes_is_refused_with_both_lists(raster):
    with pytest.raises(SchemeError, match=r"it has 0, 1, 99, the scheme has 10 Tree .* 60 [^,]*, …"):
        style(raster, classes=shipped_scheme("worldcover").classes)


def test_a_sidecar_of_another_kind_is_left_alone(raster):
    sidecar_of(raster).write_text("<metadata/>")
    with pytest.raises(OutputError, match="sidecar"):
        style(raster, write=True)
    assert sidecar_of(raster).read_text() == "<metadata/>"
    assert not list(raster.parent.glob("*.part"))


def test_a_raster_that_is_no_file_of_its_own_is_not_written_to(raster):
    with pytest.raises(OutputError, match="not a file"):
        style(f"GTIFF_DIR:1:{raster}", write=True)


def test_an_image_is_no_raster_of_classes(make_raster):
    values = np.arange(400, dtype=np.uint16).reshape(20, 20)
    with pytest.raises(SampleError, match="not a class map"):
        style(make_raster(values))


def test_a_raster_that_is_not_there_gets_a_sentence(tmp_path):
    with pytest.raises(RasterError, match="no such raster"):
        style(tmp_path / "none.tif")
