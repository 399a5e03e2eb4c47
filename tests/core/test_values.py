"""Frozen dataclasses survive the way through JSON, and what does not fit is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deep_land_cover.core.values import from_plain, left_out_if, to_plain


@dataclass(frozen=True)
class Band:
    name: str
    scale: float = 1.0


@dataclass(frozen=True)
class Card:
    title: str
    bands: tuple[Band, ...] = ()
    corner: tuple[float, float] | None = None
    counts: dict[str, int] = field(default_factory=dict)
    nodata: float | None = None
    is_open: bool = False
    more: dict[str, Any] = field(default_factory=dict)


numbers = st.floats(allow_nan=False)
cards = st.builds(
    Card,
    title=st.text(),
    bands=st.lists(st.builds(Band, st.text(), numbers)).map(tuple),
    corner=st.none() | st.tuples(numbers, numbers),
    counts=st.dictionaries(st.text(), st.integers()),
    nodata=st.none() | numbers,
    is_open=st.booleans(),
)


@given(cards)
def test_a_value_comes_back_from_json_as_it_was(card):
    assert from_plain(Card, json.loads(json.dumps(to_plain(card)))) == card


def test_missing_keys_take_the_default_and_unknown_ones_are_ignored():
    assert from_plain(Card, {"title": "a", "from_the_future": 1}) == Card("a")


def test_a_whole_number_serves_as_a_float():
    value = from_plain(Band, {"name": "B2", "scale": 2}).scale
    assert value == 2.0 and isinstance(value, float)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({}, "title"),
        ({"title": 5}, "Card.title"),
        ({"title": "a", "bands": [{"name": 3}]}, r"Card.bands\[0\].name"),
        ({"title": "a", "bands": {}}, "Card.bands: a list"),
        ({"title": "a", "corner": [1.0]}, "Card.corner: 2 items"),
        ({"title": "a", "counts": {"x": True}}, "Card.counts.x"),
        ({"title": "a", "counts": []}, "Card.counts: an object"),
        ({"title": "a", "is_open": 1}, "Card.is_open"),
        ([], "Card: an object"),
        (None, "Card: an object"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(data, place):
    with pytest.raises(TypeError, match=place):
        from_plain(Card, data)


def test_what_has_no_plain_form_is_refused():
    with pytest.raises(TypeError, match="object has no plain form"):
        to_plain({"a": object()})


def test_dataclasses_with_a_form_of_their_own_take_it_at_any_depth() -> None:
    card = Card("a", bands=(Band("red", 2.0), Band("nir")))
    plain = to_plain({"cards": [card]}, {Band: lambda band: band.name.upper()})
    assert plain["cards"][0]["bands"] == ["RED", "NIR"]
    assert plain["cards"][0]["title"] == "a"


@dataclass(frozen=True)
class WithOptional:
    """A value with a field that older files do not have."""

    name: str
    parent: str = left_out_if("")


def test_a_field_that_is_left_out_is_read_as_its_default() -> None:
    assert to_plain(WithOptional("a")) == {"name": "a"}
    assert to_plain(WithOptional("a", "b")) == {"name": "a", "parent": "b"}
    for value in (WithOptional("a"), WithOptional("a", "b")):
        assert from_plain(WithOptional, to_plain(value)) == value
