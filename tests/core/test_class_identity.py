"""One class has one value and one name: labels, other maps and schemes are matched by one rule."""

from __future__ import annotations

from collections import Counter

import pytest

from deep_land_cover.core.classes import (
    ClassIndex,
    ClassScheme,
    LandCoverClass,
    classes_for_values,
    disagreement_notes,
    has_name,
    match_labels,
    name_key,
    recoding,
    shared_name_notes,
    whole_number,
)
from deep_land_cover.core.errors import ParameterError, SampleError
from deep_land_cover.core.options import expected_accuracies


def classes(**names: str) -> tuple[LandCoverClass, ...]:
    """Return classes of ``v3="Rice"``."""
    return tuple(LandCoverClass(int(value[1:]), name, "#123456") for value, name in names.items())


def labels(*items: object) -> Counter[tuple[int | str, str]]:
    return Counter((item, "") for item in items)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("01", 1),
        ("007", 7),
        ("1.0", 1),
        ("1.", 1),
        ("+3", 3),
        ("-3", -3),
        (" 12 ", 12),
        ("0", 0),
        ("1.5", None),
        ("1e3", None),
        ("1,000", None),
        ("1 000", None),
        ("Forest", None),
        ("", None),
        ("9" * 19, None),
        ("²", None),
    ],
)
def test_text_that_reads_as_a_whole_number_is_that_number(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize("other", ["forest", " FOREST ", "Forest\u00a0"])
def test_case_and_blanks_do_not_make_another_name(other):
    assert name_key(other) == name_key("Forest")


def test_words_and_accents_make_another_name():
    assert name_key("Dry  forest") == name_key("dry forest") != name_key("Dryforest")
    # Composed and decomposed letters look the same.
    assert name_key("\u00c1gua") == name_key("A\u0301gua") != name_key("Agua")


@pytest.mark.parametrize(("name", "says_more"), [("Rice", True), ("4", True), ("3", False), ("03", False)])
def test_a_name_says_more_than_the_value(name, says_more):
    assert has_name(3, name) is says_more
    assert not has_name(3, "Class 3") and not has_name(3, " ")


def test_names_that_differ_by_case_or_blanks_are_one_class_by_the_most_frequent_spelling():
    match = match_labels(labels("forest", "Forest", "Forest", "FOREST", "Water"))
    assert match.values == {"forest": 1, "Forest": 1, "FOREST": 1, "Water": 2}
    assert match.names == {1: "Forest", 2: "Water"}
    (warning,) = match.warnings
    assert "'FOREST', 'Forest', 'forest'" in warning and "Correct the spelling" in warning


def test_names_get_one_to_n_and_the_log_says_which():
    match = match_labels(labels("Water", "Forest"))
    assert match.values == {"Forest": 1, "Water": 2}
    (line,) = match.renumbering
    assert line.endswith("Forest → 1, Water → 2.")


def test_text_of_whole_numbers_keeps_them_and_the_log_says_what_they_are():
    match = match_labels(labels("01", "2.0", "11"))
    assert match.values == {"01": 1, "2.0": 2, "11": 11}
    assert match.renumbering[0].endswith("01 → 1, 2.0 → 2.")
    assert match.warnings == ()


def test_two_forms_of_one_number_are_one_class_and_pointed_out():
    match = match_labels(labels("01", "1", "1", "2"))
    assert match.values == {"01": 1, "1": 1, "2": 2}
    assert "'01', '1'" in match.warnings[0]


def test_whole_numbers_among_names_are_names():
    match = match_labels(labels("1", "2", "Water"))
    assert match.values == {"1": 1, "2": 2, "Water": 3}
    assert match_labels(labels("111", "112", "Water")).names == {1: "111", 2: "112", 3: "Water"}


def test_a_value_of_several_names_takes_the_most_frequent_and_the_log_has_all():
    match = match_labels(Counter({(1, "Wood"): 2, (1, "Forest"): 5, (1, ""): 9, (2, ""): 1}))
    assert match.names == {1: "Forest", 2: ""}
    assert "Class 1 has several names: 'Forest', 'Wood'. Forest is used." in match.warnings[0]


def test_two_codes_of_one_name_stay_apart_and_are_pointed_out():
    match = match_labels(Counter({(2, "Forest"): 1, (12, "forest "): 1, (3, "Soil"): 1}))
    assert match.values == {2: 2, 12: 12, 3: 3}
    (note,) = shared_name_notes(classes_for_values(match.names))
    assert "2 Forest, 12 forest" in note


def test_a_reference_by_an_ambiguous_name_is_refused_with_the_classes():
    known = classes(v2="Forest", v12="forest", v3="Soil")
    with pytest.raises(SampleError, match="2 Forest, 12 forest") as caught:
        match_labels(labels("Soil", "FOREST"), known, "points.gpkg")
    assert caught.value.where == "points.gpkg"
    assert match_labels(labels(2, 12), known).values == {2: 2, 12: 12}


def test_a_reference_by_names_is_matched_whatever_the_case():
    known = classes(v5="Dry forest", v9="Water")
    match = match_labels(labels("dry  Forest", "WATER", "Soil"), known)
    assert match.values == {"dry  Forest": 5, "WATER": 9, "Soil": 10}
    assert match.names == {5: "Dry forest", 9: "Water", 10: "Soil"}


def test_numbers_are_names_where_the_classes_are_named_by_numbers():
    known = classes(v1="111", v2="112", v3="Water")
    match = match_labels(labels(111, 112, 3, 7), known)
    assert match.values == {111: 1, 112: 2, 3: 3, 7: 7}
    (line,) = match.renumbering
    assert line.endswith("111 → 1, 112 → 2.")


def test_a_value_whose_class_is_named_by_another_number_is_not_meant():
    # 0, 1 and 2 became 1, 2 and 3 because "x" made names of them.
    known = classes(v1="0", v2="1", v3="2", v4="x")
    assert match_labels(labels(0, 1, 2), known).values == {0: 1, 1: 2, 2: 3}
    # 3 is the value of class "2", but no class is named 3.
    assert match_labels(labels(1, 3), known).values == {1: 2, 3: 5}


def test_a_scheme_is_matched_by_name_then_by_value():
    scheme = ClassIndex(classes(v1="Water", v2="Forest", v3="Class 3"))
    values = {
        (1, "Forest"): 2,
        (2, "FOREST"): 2,
        (2, "Class 2"): 2,
        (3, "Rice"): 3,
        (1, "Rice"): None,
        (9, "Rice"): None,
    }
    for (value, name), expected in values.items():
        same = scheme.same_class(value, name)
        assert (same and same.value) == expected, (value, name)
    disagreeing = scheme.disagreeing(1, "Rice")
    assert disagreeing is not None and disagreeing.name == "Water"
    assert scheme.disagreeing(1, "Forest") is None


def test_the_same_value_decides_among_equal_names():
    scheme = ClassIndex(classes(v2="Forest", v12="forest"))
    same = scheme.same_class(12, "Forest")
    assert same is not None and same.value == 12
    assert scheme.same_class(5, "Forest") is None


def test_samples_and_scheme_that_disagree_are_shown_both():
    scheme = ClassScheme("s", "Scheme", classes(v1="Water", v2="Forest"))
    (note,) = disagreement_notes({1: "Rice", 2: "forest", 3: ""}, scheme)
    assert "Class 1 is Rice in the samples and Water in the scheme Scheme" in note


def test_classes_of_another_map_get_the_values_of_the_first_by_name():
    own = classes(v1="Water", v2="Forest", v3="Soil")
    assert recoding(own, classes(v1="forest", v2="Soil", v3="WATER"), "b") == {1: 2, 2: 3, 3: 1}
    assert recoding(own, classes(v0="Cloud", v11="Water"), "b") == {11: 1}


def test_classes_without_names_or_in_other_words_keep_their_values():
    own = classes(v1="Water", v2="Forest")
    assert recoding(own, classes(v1="Class 1", v2="2"), "b") == {}
    assert recoding(own, classes(v1="Air", v2="Hutan"), "b") == {}
    assert recoding(classes(v1="Class 1"), classes(v1="Water"), "b") == {}


def test_values_of_a_map_are_names_where_the_first_is_named_by_numbers():
    own = classes(v1="111", v2="112")
    assert recoding(own, classes(v111="Class 111", v112="112"), "b") == {111: 1, 112: 2}


def test_classes_that_cannot_be_told_are_refused_with_both_names():
    own = classes(v1="Water", v2="Forest", v3="Soil")
    with pytest.raises(SampleError, match="3 Rice in this source, 3 Soil in the other"):
        recoding(own, classes(v1="Forest", v2="Water", v3="Rice"), "b")
    with pytest.raises(SampleError, match="several classes: 2 Forest, 12 forest"):
        recoding(classes(v2="Forest", v12="forest"), classes(v5="Forest"), "b")


def test_expected_accuracies_know_names_and_values():
    own = classes(v1="Water", v2="Dry forest", v3="Soil")
    assert expected_accuracies("dry  FOREST=0.7, 3=0.6, 0.9", own) == (0.9, 0.7, 0.6)
    with pytest.raises(ParameterError, match="several classes 'forest'"):
        expected_accuracies("Forest=0.5", classes(v2="Forest", v12="forest"))
    assert expected_accuracies("12=0.5", classes(v2="Forest", v12="forest")) == (0.8, 0.5)
