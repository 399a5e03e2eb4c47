"""What the documentation quotes is what the sources say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from deep_land_cover.core.assessment.bootstrap import COVERAGE_PERCENT
from deep_land_cover.core.classes import load_scheme, shipped_schemes
from deep_land_cover.runtime.packages import OPTIONAL_PACKAGES, PACKAGES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
HEADS = ("message", "warning", "---")


def quoted_messages():
    rows = re.findall(r"^\| (.+?) \| .+ \|$", (DOCS / "messages.md").read_text(encoding="utf-8"), re.M)
    return [row for row in rows if row not in HEADS]


@pytest.fixture(scope="module")
def texts():
    """All string literals of the shipped modules; what an f-string inserts is a gap."""
    found = []
    for folder in ("core", "runtime", "algorithms"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.append(node.value)
                elif isinstance(node, ast.JoinedStr):
                    parts = [item.value if isinstance(item, ast.Constant) else "…" for item in node.values]
                    found.append("".join(parts))
    return found


def test_there_are_messages():
    assert len(quoted_messages()) > 80


@pytest.mark.parametrize("message", quoted_messages())
def test_every_quoted_message_is_in_the_sources(message, texts):
    pieces = [piece.strip() for piece in message.split("…") if len(piece.strip()) > 3]
    assert pieces
    for piece in pieces:
        assert any(piece in text for text in texts), piece


def test_the_administrators_list_is_that_of_the_set_up():
    listed = re.search(r"### The packages\n\n```\n(.+?)```", (DOCS / "administrators.md").read_text(), re.S)
    assert listed
    assert listed[1].split() == [item.requirement for item in (*PACKAGES, *OPTIONAL_PACKAGES)]


def test_the_shares_that_reports_print_of_few_clusters_are_those_of_the_table():
    text = (DOCS / "assessment.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| ([\d.]+) % \| ([\d.]+) % \| ([\d.]+) % \| ([\d.]+) % \|$", text, re.M)
    shares = {int(row[0]): [float(cell) for cell in row[1:]] for row in rows}
    assert list(shares) == list(COVERAGE_PERCENT)
    for number, row in shares.items():
        assert COVERAGE_PERCENT[number] == pytest.approx((min(row), max(row)), abs=0.5)


def test_the_cartographers_table_has_every_shipped_scheme():
    text = (DOCS / "cartographers.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (?:`(\w+)`|–) \| (\d+) \| (.+) \|$", text, re.M)
    assert {name for row in rows for name in row[:2] if name} == set(shipped_schemes())
    for name, _safe, classes, title in rows:
        scheme = load_scheme(shipped_schemes()[name])
        assert (len(scheme.classes), scheme.title) == (int(classes), title)
