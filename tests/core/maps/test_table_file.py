"""CSV tables as users and spreadsheets write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.maps.table_file import Row, read_table
from deep_land_cover.core.progress import SilentProgress


def read(path: Path, content: bytes, progress: SilentProgress | None = None) -> tuple[Row, ...]:
    path.write_bytes(content)
    return read_table(path, ("from", "to", "share"), ("from|name", "to"), "RULES", progress)


@pytest.mark.parametrize(
    "content",
    [
        b"from,to,share\na b,2,0.5\n\n7, ,\n",
        b"\xef\xbb\xbfFrom;TO;Share\r\n a b ;2;0,5\r\n;;\r\n7;;\r\n",
        b"share\tfrom_value\tto\n0.5\ta b\t2\n\t\t\n\t7\n",
        b'sep=;\nfrom;to;share\n"a b";2;.5\n\n7;;\n',
        b'from,to,share\n"a b",2,"0,5"\n\n7,,,\n',
    ],
)
def test_separators_marks_and_decimal_commas_are_read_alike(tmp_path: Path, content: bytes) -> None:
    first, second = read(tmp_path / "t.csv", content)
    assert (first["from"], first["to"], first.number("share")) == ("a b", "2", 0.5)
    assert (second["from"], second["to"], second.number("share")) == ("7", "", None)
    assert first["none"] == "" and f"line {second.line}" in str(second.place)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"from,share\n1,2\n", "lacks the columns to; it has from, share"),
        (b"", "lacks the columns from/name, to; it has none"),
        (b"from,to\n,\n", "no row"),
        (b"from,to,share\n1,2,0,5\n", "The line has 4 cells, and the table has 3 columns"),
        (b"from,to\n\xff\xfe,2\n", "not a CSV file in UTF-8"),
        ("from,to\n1,2\n".encode("utf-16"), "not a CSV file in UTF-8"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(ParameterError) as error:
        read(tmp_path / "t.csv", content)
    assert words in str(error.value) and "t.csv" in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="cannot be read"):
        read_table(tmp_path / "none.csv", ("from",), ("from",), "RULES")


def test_columns_that_are_not_used_are_named_where_wanted(tmp_path: Path) -> None:
    progress = SilentProgress()
    read(tmp_path / "t.csv", b"from,to,colour\n1,2,red\n", progress)
    ((level, line),) = progress.lines
    assert level == "warning" and "not used: color" in line
