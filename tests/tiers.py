"""Pytest plugin for the tiers of ``./dev test`` and for what a run leaves out.

``--tier fast`` runs neither ``medium`` nor ``slow`` tests, ``--tier default`` no ``slow`` ones,
``--tier all`` everything. Without the option everything that is named runs.

``@pytest.mark.medium(but=("north up-3",))`` marks all cases of a parametrised test except those with these
ids, and ``slow`` alike: a few cases of a contract stay in the quicker tier, the others repeat them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

LEFT_OUT = {"fast": ("medium", "slow"), "default": ("slow",), "all": ()}
# The slower first: a test may have both.
WAY_TO_RUN = {"slow": "./dev test --all", "medium": "./dev test"}
# Seconds of one test, on two idle cores.
MAX_SECONDS = {"fast": 5.0, "default": 30.0}


def add_options(parser: pytest.Parser) -> None:
    """Add ``--tier``."""
    parser.addoption("--tier", choices=tuple(LEFT_OUT), help="tests to run, by their markers")


class Tier:
    """Selection of the tests of a tier, and counts of those it leaves out.

    Processes of pytest-xdist select on their own, all the same tests, and report their counts to the
    process that prints them.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.tier: str | None = config.getoption("--tier")
        self.left_out: Counter[str] = Counter()
        self.slow = 0
        self.seconds: Counter[str] = Counter()
        # Ids that a marker excepts and that no case has had so far, by test and marker.
        self.unknown: dict[tuple[str, str], set[str]] = {}

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        # The markers of a module are the module's and have no exceptions.
        case = item.callspec.id if hasattr(item, "callspec") else ""
        test = item.nodeid.partition("[")[0]
        for marker in list(item.own_markers):
            excepted = marker.kwargs.get("but", ()) if marker.name in WAY_TO_RUN else ()
            if excepted:
                self.unknown.setdefault((test, marker.name), set(excepted)).discard(case)
            if case in excepted:
                item.own_markers.remove(marker)

    # After the selection by -k and -m, whose others are not left out by the tier.
    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        # A case that is named alone is collected without the others.
        if self.tier and not any("::" in argument for argument in self.config.args):
            for (test, marker), cases in self.unknown.items():
                if cases:
                    raise pytest.UsageError(f"{test} has no case {sorted(cases)}, which {marker} excepts.")
        markers = LEFT_OUT[self.tier or "all"]
        kept, others = [], []
        for item in items:
            marker = next((name for name in WAY_TO_RUN if item.get_closest_marker(name)), "")
            if marker in markers:
                self.left_out[marker] += 1
                others.append(item)
            else:
                kept.append(item)
                self.slow += marker == "slow"
        if others:
            self.config.hook.pytest_deselected(items=others)
            items[:] = kept

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self) -> None:
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["tier"] = dict(self.left_out), self.slow

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        # One that crashed has said nothing.
        counts = getattr(node, "workeroutput", {}).get("tier", (self.left_out, self.slow))
        self.left_out, self.slow = Counter(counts[0]), counts[1]

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for line in self.lines():
            terminalreporter.write_line(line)

    def lines(self) -> Iterator[str]:
        for marker, count in sorted(self.left_out.items()):
            yield f"Left out: {count} tests marked {marker} ({WAY_TO_RUN[marker]} runs them)."
        if self.slow and not self.tier:
            yield f"Named and so run: {self.slow} tests marked slow, which ./dev test leaves out."
        limit = MAX_SECONDS.get(self.tier or "")
        long = [
            (name, seconds) for name, seconds in self.seconds.most_common(10) if limit and seconds > limit
        ]
        if long:
            yield f"Longer than {limit:.0f} s, the limit for a test of this tier on two idle cores:"
        for name, seconds in long:
            yield f"{seconds:6.0f} s  {name}"
