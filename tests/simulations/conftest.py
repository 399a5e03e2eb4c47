"""Simulations: a known population is sampled with fixed seeds, and what the product promises is counted.

``./dev test tests/simulations`` prints the table at its end, and ``--write-table`` puts it into
docs/assessment.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .rows import PROPERTY, Row, Table, markdown, write_into_document

HERE = Path(__file__).parent
_LAST = "test_documented_table.py"
_ROWS = pytest.StashKey[list[Row]]()
_IS_WHOLE = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-table",
        action="store_true",
        help="put the table of the simulations into docs/assessment.md",
    )


class _Collector:
    """Collects the rows of all tests, also of those that ran in another process."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown":
            self._rows += [Row(*value) for name, value in report.user_properties if name == PROPERTY]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_ROWS] = []
    config.pluginmanager.register(_Collector(config.stash[_ROWS]))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the simulations as slow; the comparison with the document comes after all of them."""
    for item in items:
        if HERE in item.path.parents and item.path.name != _LAST:
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.path.name == _LAST)


def pytest_collection_finish(session: pytest.Session) -> None:
    modules = {path.name for path in HERE.glob("test_*.py")}
    asked = {item.path.name for item in session.items if HERE in item.path.parents}
    narrowed = session.config.option.keyword or any("::" in part for part in session.config.args)
    session.config.stash[_IS_WHOLE] = modules == asked and not narrowed


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Table:
    """Return the table to which a simulation adds its rows."""
    return Table(request.node.user_properties, request.config.option.write_table)


@pytest.fixture
def all_rows(pytestconfig: pytest.Config) -> list[Row]:
    """Return the rows of all simulations, or skip where some have not run in this process."""
    if not pytestconfig.stash[_IS_WHOLE] or hasattr(pytestconfig, "workerinput"):
        pytest.skip("not all simulations ran")
    return pytestconfig.stash[_ROWS]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    rows = config.stash[_ROWS]
    if not rows:
        return
    terminalreporter.section("how often the intervals hold")
    terminalreporter.write_line(markdown(rows))
    if config.option.write_table and config.stash.get(_IS_WHOLE, False) and not exitstatus:
        write_into_document(rows)
    elif config.option.write_table:
        terminalreporter.write_line("Not written: a simulation failed, or was not run.")
