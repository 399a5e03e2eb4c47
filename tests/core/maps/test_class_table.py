"""Tables that rename and recode classes: by name and value, never by value alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass, parent_level
from deep_land_cover.core.errors import ParameterError, SchemeError
from deep_land_cover.core.maps.class_table import (
    RECODE_COLUMNS,
    RENAME_COLUMNS,
    Recoding,
    recoding_of,
    renamed,
    to_parents,
)
from deep_land_cover.core.maps.recode import Recoder
from deep_land_cover.core.maps.table_file import read_table
from deep_land_cover.core.progress import SilentProgress

RICE = LandCoverClass(3, "Rice", "#EBC864", "Cropland")
MAIZE = LandCoverClass(4, "Maize", "#EEDD00", "Cropland")
WATER = LandCoverClass(9, "Water", "#0066CC")
CLASSES = (RICE, MAIZE, WATER)


def rename(
    folder: Path, text: str, classes: tuple[LandCoverClass, ...] = CLASSES
) -> tuple[LandCoverClass, ...]:
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8-sig")
    progress = SilentProgress()
    rows = read_table(path, RENAME_COLUMNS, ("value|old_name", "name|color|parent"), "TABLE", progress)
    return renamed(classes, rows, str(path), progress)


def recode(folder: Path, text: str, progress: SilentProgress | None = None) -> Recoding:
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    progress = progress or SilentProgress()
    return recoding_of(
        CLASSES, read_table(path, RECODE_COLUMNS, ("from", "to"), "TABLE", progress), str(path), progress
    )


def test_names_colours_and_parents_are_changed_where_the_table_has_them(tmp_path: Path) -> None:
    found = rename(
        tmp_path,
        "Value;Old_Name;Name;Colour;Parent\n3; rice ;Padi;#aabbcc;\n9;WATER;;;Wet\n4;Maize;Jagung;;-\n",
    )
    assert found == (
        LandCoverClass(3, "Padi", "#AABBCC", "Cropland"),
        LandCoverClass(4, "Jagung", "#EEDD00"),
        LandCoverClass(9, "Water", "#0066CC", "Wet"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "value,name\n3,Forest\n",  # By its value alone.
        "value,color\n3,#000000\n",
        "value,old_name,name\n3,Maize,Corn\n",
    ],
)
def test_a_class_is_not_renamed_by_its_value_alone(tmp_path: Path, text: str) -> None:
    with pytest.raises(SchemeError, match="different names") as caught:
        rename(tmp_path, text)
    assert "3 Rice" in str(caught.value)


def test_classes_without_names_are_known_by_their_values(tmp_path: Path) -> None:
    plain = (LandCoverClass(1, "Class 1", "#000000"),)
    assert rename(tmp_path, "value,name\n1,Forest\n", plain)[0].name == "Forest"
    # A class is found by its name, too, and unknown ones are left out.
    assert rename(tmp_path, "old_name,name\nMaize,Corn\n")[1].name == "Corn"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("name\nForest\n", ParameterError),
        ("value,name\n", ParameterError),
        ("value,old_name,name\nx,Rice,Padi\n", ParameterError),
        ("value,old_name,name\n3,Rice,A\n3,Rice,B\n", ParameterError),
        ("value,old_name,color\n3,Rice,red\n", SchemeError),
        ("value,old_name,parent\n3,Rice,Rice\n", SchemeError),
        ("value,name\n77,Forest\n", SchemeError),
    ],
)
def test_malformed_tables_are_refused(tmp_path: Path, text: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        rename(tmp_path, text)


def test_a_recoding_merges_replaces_and_removes(tmp_path: Path) -> None:
    found = recode(
        tmp_path, "from,to,name,color\nRice,20,Crops,#123456\n4,20,,\n9,nodata,,\nnodata,30,Unknown,\n"
    )
    assert found.values == {3: 20, 4: 20, 9: None} and found.gaps == 30
    assert found.classes[0] == LandCoverClass(20, "Crops", "#123456")
    assert [(item.value, item.name) for item in found.classes] == [(20, "Crops"), (30, "Unknown")]
    values, valid = np.array([[3, 4], [9, 0]]), np.array([[True, True], [True, False]])
    new, kept = Recoder(found).apply(values, valid)
    assert new[kept].tolist() == [20, 20, 30] and kept.tolist() == [[True, True], [False, True]]


def test_the_only_class_that_becomes_a_value_keeps_its_name(tmp_path: Path) -> None:
    # Swapped values: the names move with their classes.
    found = recode(tmp_path, "from,to\n3,9\n9,3\n")
    assert {item.value: item.name for item in found.classes} == {9: "Rice", 3: "Water", 4: "Maize"}
    assert [item.name for item in found.classes] == ["Rice", "Maize", "Water"]
    # A class that joins another one takes its name.
    joined = recode(tmp_path, "from,to\n4,3\n")
    assert joined.classes == (RICE, WATER)


@pytest.mark.parametrize(
    "text",
    [
        "from,from_name,to\n3,Wheat,20\n",
        "from,to,name\n4,9,Crops\n",  # 9 is Water and stays.
        "from,to,name\n3,20,A\n4,20,B\n",
        "from,to\nWheat,20\n",
    ],
)
def test_a_recoding_that_contradicts_the_map_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SchemeError):
        recode(tmp_path, text)


def test_classes_are_merged_to_their_parents_with_free_values(tmp_path: Path) -> None:
    level, changed = parent_level(CLASSES)
    assert [(item.value, item.name) for item in level] == [(1, "Cropland"), (9, "Water")]
    assert changed == {3: 1, 4: 1}
    # A parent that is a class keeps its value and colour.
    crops = LandCoverClass(7, "cropland ", "#010203", "Vegetation")
    level, changed = parent_level((*CLASSES, crops))
    assert level[:2] == (crops, WATER) and changed[3] == 7
    # After a table, parents get no value that the map had before.
    found = to_parents(recode(tmp_path, "from,to\n9,nodata\n"), [1, 3, 4, 9])
    assert found.values == {3: 2, 4: 2, 9: None}
    with pytest.raises(SchemeError, match="no higher level"):
        to_parents(Recoding({}, None, (WATER,)), [9])


def test_values_beyond_a_table_stay() -> None:
    values = np.array([[-5, 3, 70_000]])
    valid = np.ones(values.shape, dtype=np.bool_)
    for mapping in ({3: 1}, {-5: 8, 70_000: 3}):
        new, kept = Recoder(Recoding(mapping, None, ())).apply(values, valid)
        assert new.tolist() == [[mapping.get(int(value), int(value)) for value in values[0]]] and kept.all()


def test_a_class_without_a_name_is_called_by_its_new_value(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("from,to\n1,2\n", encoding="utf-8")
    rows = read_table(path, RECODE_COLUMNS, ("from", "to"), "TABLE")
    plain = (LandCoverClass(1, "Class 1", "#101010"), LandCoverClass(5, "Water", "#0000FF"))
    recoding = recoding_of(plain, rows, str(path), SilentProgress())
    assert [(item.value, item.name) for item in recoding.classes] == [(2, "Class 2"), (5, "Water")]
