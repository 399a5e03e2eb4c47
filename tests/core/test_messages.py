"""Messages are one line each and come back as they were."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deep_land_cover.core.messages import (
    Cancel,
    Error,
    Log,
    Progress,
    Ready,
    Result,
    Run,
    Stop,
    Temporary,
    decode,
    encode,
)
from deep_land_cover.core.text import Text

text = st.text(st.characters())
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | text,
    lambda inner: st.lists(inner) | st.dictionaries(text, inner),
    max_leaves=10,
)
values = st.dictionaries(text, plain)
messages = st.one_of(
    st.builds(Run, text, text, values),
    st.builds(Cancel, text),
    st.just(Stop()),
    st.builds(Ready, st.integers()),
    st.builds(Progress, text, st.floats(0, 1), text),
    st.builds(Log, text, text, st.sampled_from(["info", "warning"])),
    st.builds(Temporary, text, text),
    st.builds(Result, text, values),
    st.builds(Error, text, text, text, text, text, text),
)


@given(messages)
def test_every_message_comes_back_as_it_was_from_one_line(message):
    line = encode(message)
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert decode(line) == message


def test_a_file_name_that_is_no_valid_text_survives():
    path = b"/data/caf\xe9.tif".decode("utf-8", errors="surrogateescape")
    assert decode(encode(Temporary("1", path))).path == path


def test_a_text_travels_as_template_and_values():
    said = Text("{count:,} {unit}s of {name}", count=1200, unit=Text("tile"), name="{x}.tif")
    line = encode(Log("1", said))
    assert json.loads(line)["text"] == {
        "template": "{count:,} {unit}s of {name}",
        "values": {"count": 1200, "unit": {"template": "tile", "values": {}}, "name": "{x}.tif"},
    }
    again = decode(line).text
    assert again == said == "1,200 tiles of {x}.tif"
    assert again.translated(lambda template: template.replace("tile", "petak")) == "1,200 petaks of {x}.tif"


@pytest.mark.parametrize(
    "message",
    [
        Progress("1", 0.5, Text("{n} tiles", n=2)),
        Error("1", "RasterError", Text("{n} bands", n=2), Text("row {n}", n=3), Text("Try {n}.", n=4)),
        Result("1", {"sentence": Text("{n} tiles", n=2), "rows": [{"text": Text("a")}]}),
    ],
)
def test_texts_of_all_messages_arrive_as_texts(message):
    again = decode(encode(message))
    assert again == message
    assert encode(again) == encode(message)


def test_a_text_whose_values_do_not_fit_is_refused():
    with pytest.raises(ValueError, match="not a message"):
        decode(b'{"type": "log", "id": "1", "text": {"template": "{a}", "values": {"b": 1}}}\n')


def test_nan_travels():
    assert math.isnan(decode(encode(Result("1", {"accuracy": math.nan}))).values["accuracy"])


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"hello\n",
        b"[]\n",
        b"17\n",
        b"null\n",
        b"{}\n",
        b'{"type": "nosuch"}\n',
        b'{"type": 5}\n',
        b'{"type": []}\n',
        b'{"type": "cancel"}\n',
        b'{"type": "cancel", "id": 5}\n',
        b"\xff\xfe\n",
    ],
)
def test_a_line_that_is_no_message_is_refused(line):
    with pytest.raises(ValueError, match="not a message"):
        decode(line)
