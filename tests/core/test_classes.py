"""Class schemes: the shipped ones are as published, malformed ones get a sentence."""

import itertools
import json

import pytest

from deep_land_cover.core.classes import (
    ClassScheme,
    LandCoverClass,
    classes_for_values,
    describe_classes,
    distinct_colors,
    load_scheme,
    shipped_scheme,
    shipped_schemes,
    usual_color,
)
from deep_land_cover.core.errors import SchemeError

# Rows of the publications that each scheme's ``source`` names.
PUBLISHED = [
    ("jambi", 0, "Water", "#0066CC"),
    ("jambi", 1, "Trees/Forest", "#228B22"),
    ("jambi", 4, "Crops/Agriculture", "#90EE90"),
    ("jambi", 5, "Shrub/Scrub", "#FF8C00"),
    ("jambi", 6, "Built Area", "#FF1493"),
    ("jambi", 7, "Bare Ground", "#D2691E"),
    ("worldcover", 10, "Tree cover", "#006400"),
    ("worldcover", 50, "Built-up", "#FA0000"),
    ("worldcover", 95, "Mangroves", "#00CF75"),
    ("worldcover", 100, "Moss and lichen", "#FAE6A0"),
    ("dynamicworld", 0, "Water", "#419BDF"),
    ("dynamicworld", 8, "Snow and ice", "#B39FE1"),
    ("esri", 5, "Crops", "#E49635"),
    ("esri", 11, "Rangeland", "#E3E2C3"),
    ("corine", 111, "Continuous urban fabric", "#E6004D"),
    ("corine", 112, "Discontinuous urban fabric", "#FF0000"),
    ("corine", 121, "Industrial or commercial units", "#CC4DF2"),
    ("corine", 211, "Non-irrigated arable land", "#FFFFA8"),
    ("corine", 244, "Agro-forestry areas", "#F2CCA6"),
    ("corine", 312, "Coniferous forest", "#00A600"),
    ("corine", 334, "Burnt areas", "#000000"),
    ("corine", 412, "Peat bogs", "#4D4DFF"),
    ("corine", 523, "Sea and ocean", "#E6F2FF"),
]
PUBLISHED_SIZES = {"jambi": 6, "worldcover": 11, "dynamicworld": 9, "esri": 9, "klhk": 22, "corine": 44}
# CORINE has more classes than can be told apart by all.
SIZES = PUBLISHED_SIZES | {f"{name}_safe": size for name, size in PUBLISHED_SIZES.items() if name != "corine"}


@pytest.mark.parametrize(("scheme_id", "value", "name", "color"), PUBLISHED)
def test_a_published_class_has_its_value_name_and_colour(scheme_id, value, name, color):
    assert shipped_scheme(scheme_id).by_value()[value] == LandCoverClass(value, name, color)


def test_klhk_classes_have_their_indonesian_names():
    names = {item.value: item.name for item in shipped_scheme("klhk").classes}
    assert names[2002] == "Hutan lahan kering sekunder"
    assert names[20121] == "Bandara/pelabuhan"
    assert names[20092] == "Pertanian lahan kering campur semak"
    assert names[5001] == "Tubuh air"


def test_klhk_says_that_its_colours_are_not_official():
    assert "No official colours" in shipped_scheme("klhk").source


def test_the_shipped_schemes_are_these():
    assert {scheme_id: len(shipped_scheme(scheme_id).classes) for scheme_id in shipped_schemes()} == SIZES


@pytest.mark.parametrize("scheme_id", SIZES)
def test_a_shipped_scheme_is_named_like_its_file_and_names_its_source(scheme_id):
    scheme = shipped_scheme(scheme_id)
    assert scheme.id == scheme_id
    assert scheme.title
    assert len(scheme.source) > 20


@pytest.mark.parametrize("scheme_id", SIZES)
def test_values_names_and_colours_of_a_shipped_scheme_are_unique(scheme_id):
    classes = shipped_scheme(scheme_id).classes
    for part in ("value", "name", "color"):
        assert len({getattr(item, part) for item in classes}) == len(classes)


def test_corine_has_five_groups_of_three_digit_codes():
    values = [item.value for item in shipped_scheme("corine").classes]
    assert values == sorted(values)
    assert {value // 100 for value in values} == {1, 2, 3, 4, 5}
    assert all(111 <= value <= 523 for value in values)


def test_no_shipped_forest_of_klhk_is_other_than_green():
    forests = [item for item in shipped_scheme("klhk").classes if item.name.startswith("Hutan")]
    assert len(forests) == 7
    assert all(green > red and green > blue for red, green, blue in (item.rgb for item in forests))


def test_an_unknown_scheme_is_named_beside_those_there_are():
    with pytest.raises(SchemeError, match=r"'mars' is not a class scheme.*corine.*worldcover"):
        shipped_scheme("mars")


def scheme_file(folder, content):
    path = folder / "scheme.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


WATER = {"value": 1, "name": "Water", "color": "#0000FF"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "not a class scheme"),
        ("{", "not a class scheme"),
        ([], "an object is expected"),
        ({}, "id, title, classes missing"),
        ({"id": "a", "title": "A", "classes": []}, "has no classes"),
        ({"id": "a", "title": "A", "classes": [{**WATER, "value": "1"}]}, "int is expected, not '1'"),
        ({"id": "a", "title": "A", "classes": [{**WATER, "value": 1.5}]}, "int is expected, not 1.5"),
        ({"id": "a", "title": "A", "classes": [{**WATER, "color": "blue"}]}, "'blue' of class 1"),
        ({"id": "a", "title": "A", "classes": [WATER, {**WATER, "name": "B"}]}, "value 1 twice"),
    ],
)
def test_a_malformed_scheme_gets_a_sentence_with_its_path(tmp_path, content, sentence):
    path = scheme_file(tmp_path, content)
    with pytest.raises(SchemeError) as caught:
        load_scheme(path)
    assert sentence in str(caught.value)
    assert caught.value.where == str(path)
    assert caught.value.advice


def test_a_scheme_that_is_not_there_gets_a_sentence(tmp_path):
    with pytest.raises(SchemeError, match="cannot be read"):
        load_scheme(tmp_path / "none.json")


def test_a_scheme_that_is_no_text_gets_a_sentence(tmp_path):
    path = tmp_path / "scheme.json"
    path.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(SchemeError, match="not a class scheme"):
        load_scheme(path)


def test_a_byte_order_mark_is_no_part_of_a_scheme(tmp_path):
    path = tmp_path / "scheme.json"
    text = '{"id": "a", "title": "A", "classes": [{"value": 1, "name": "Water", "color": "#0000ff"}]}'
    path.write_text(text, encoding="utf-8-sig")
    assert load_scheme(path).by_value()[1].name == "Water"


def test_a_scheme_with_letters_of_any_script_is_read(tmp_path):
    path = scheme_file(
        tmp_path, {"id": "a", "title": "Ä", "classes": [{**WATER, "name": "水 ü <&>"}], "note": "kept out"}
    )
    assert load_scheme(path) == ClassScheme("a", "Ä", (LandCoverClass(1, "水 ü <&>", "#0000FF"),))


@pytest.mark.parametrize("count", [0, 1, 2, 12, 24])
def test_distinct_colours_are_distinct(count):
    colors = [LandCoverClass(0, "", color).rgb for color in distinct_colors(count)]
    assert len(colors) == count
    for one, other in itertools.combinations(colors, 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 25


def test_a_byte_order_mark_before_a_scheme_is_read_over(tmp_path):
    path = tmp_path / "bom.json"
    scheme = {"id": "a", "title": "A", "classes": [{"value": 1, "name": "Water", "color": "#0000FF"}]}
    path.write_text(json.dumps(scheme), encoding="utf-8-sig")
    assert load_scheme(path).classes == (LandCoverClass(1, "Water", "#0000FF"),)


def test_classes_take_name_and_colour_from_the_scheme_by_value():
    classes = classes_for_values({6: "", 0: "", 99: ""}, shipped_scheme("jambi"))
    assert [(item.value, item.name) for item in classes] == [
        (0, "Water"),
        (6, "Built Area"),
        (99, "Class 99"),
    ]
    assert classes[1].color == "#FF1493"


def test_classes_take_the_colour_of_their_name_whatever_their_value():
    (only,) = classes_for_values({3: "water"}, shipped_scheme("jambi"))
    assert only == LandCoverClass(3, "water", "#0066CC")


def test_classes_without_a_scheme_keep_the_users_names():
    classes = classes_for_values({-3: "Reef", 2: ""})
    assert describe_classes(classes) == "-3 Reef, 2"
    assert classes[0].color != classes[1].color


@pytest.mark.parametrize(
    ("name", "hue"),
    [
        ("water", "blue"),
        ("Badan air", "blue"),
        ("Sea water", "blue"),
        ("Evergreen forest", "green"),
        ("Hutan lahan kering", "green"),
        ("URBAN", "red"),
        ("village", "red"),
    ],
)
def test_a_class_without_colour_gets_the_one_that_maps_usually_give(name, hue):
    red, green, blue = LandCoverClass(1, name, usual_color(name)).rgb
    assert {"red": red, "green": green, "blue": blue}[hue] == max(red, green, blue)


@pytest.mark.parametrize("name", ["Class 4", "", "Airport", "Notice", "火星"])
def test_a_name_that_tells_nothing_has_no_usual_colour(name):
    assert usual_color(name) == ""


def test_two_kinds_of_forest_do_not_share_a_colour():
    classes = classes_for_values({1: "dry forest", 2: "wet forest", 3: "water"})
    assert len({item.color for item in classes}) == 3


def test_the_scheme_goes_before_the_usual_colour():
    (water,) = classes_for_values({80: "water"}, shipped_scheme("worldcover"))
    assert water.color == "#0064C8"
