"""Messages are one line each and come back as they were."""

from __future__ import annotations

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
