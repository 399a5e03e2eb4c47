"""Simulations: a known population is sampled with fixed seeds, and what the product promises is counted.

``./dev test tests/simulations`` prints the table at its end, and ``--write-table`` puts it into
docs/assessment.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .rows import Table, write_into_document

HERE = Path(__file__).parent
_LAST = "test_documented_table.py"
_TABLE = pytest.StashKey[Table]()
_IS_WHOLE = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-table",
        action="store_true",
        help="put the table of the simulations into docs/assessment.md",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TABLE] = Table()


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
def table(pytestconfig: pytest.Config) -> Table:
    """Return the table to which a simulation adds its rows."""
    return pytestconfig.stash[_TABLE]


@pytest.fixture
def is_whole(request: pytest.FixtureRequest) -> bool:
    """Return whether all simulations ran, and none of them failed."""
    return request.config.stash[_IS_WHOLE] and not request.session.testsfailed


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    table = config.stash[_TABLE]
    if not table.rows:
        return
    terminalreporter.section("how often the intervals hold")
    terminalreporter.write_line(table.text())
    if config.option.write_table and config.stash[_IS_WHOLE] and not exitstatus:
        write_into_document(table)
    elif config.option.write_table:
        terminalreporter.write_line("Not written: a simulation failed, or was not run.")
