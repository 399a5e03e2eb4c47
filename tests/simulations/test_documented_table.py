"""The table of the simulations in docs/assessment.md is that of this run."""

from __future__ import annotations

import pytest

from .rows import Table, documented


def test_the_documented_table_has_the_rows_of_the_simulations(
    table: Table, is_whole: bool, pytestconfig: pytest.Config
) -> None:
    """Numbers may move a little with the versions of NumPy and SciPy; the rows may not."""
    if pytestconfig.option.write_table:
        pytest.skip("the table is being written")
    if not table.rows:
        pytest.skip("no simulation ran")
    known = {row.key: row.draws for row in documented()}
    now = {row.key: row.draws for row in table.rows}
    if not is_whole:
        known = {key: draws for key, draws in known.items() if key in now}
    assert now == known, "./dev test tests/simulations --write-table brings the table up to date"
