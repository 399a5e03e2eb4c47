"""The table of the simulations in docs/assessment.md has no other rows than they."""

from __future__ import annotations

import pytest

from .rows import HOW, Row, documented


def test_the_documented_table_has_the_rows_of_the_simulations(
    all_rows: list[Row], pytestconfig: pytest.Config
) -> None:
    if pytestconfig.option.write_table:
        pytest.skip("the table is being written")
    keys = [row.key for row in all_rows]
    assert len(set(keys)) == len(keys)
    assert sorted(keys) == sorted(row.key for row in documented()), HOW
