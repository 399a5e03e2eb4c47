"""The table of the simulations: a row a promise, written into docs/assessment.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

DRAWS = 1000
"""Samples that are drawn of a population, where nothing else is said."""

LEAST_HELD = 0.93
"""Of 1,000 intervals of 95 %: 2.9 standard errors of a count of 1,000 below 0.95."""

DOCUMENT = Path(__file__).parents[2] / "docs" / "assessment.md"
HEAD = ("figure", "setting", "promised", "held", "draws")
HOW = "./dev test tests/simulations --write-table brings the table up to date"
PROPERTY = "simulation"
BEGIN, END = "<!-- simulations: begin -->", "<!-- simulations: end -->"


@dataclass(frozen=True)
class Row:
    """A promise and what the simulation found of it.

    Attributes:
        figure: Name of what is printed, such as ``user's accuracy, stratified_by_map``.
        setting: Population and sample in a few words and numbers.
        promised: What the product says, such as ``95 %``.
        held: What was found, in the same unit.
        draws: Number of samples drawn.
    """

    figure: str
    setting: str
    promised: str
    held: str
    draws: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What the row is of, apart from the numbers found."""
        return self.figure, self.setting, self.promised

    @property
    def line(self) -> str:
        """The row in Markdown."""
        return f"| {self.figure} | {self.setting} | {self.promised} | {self.held} | {self.draws:,} |"


@dataclass
class Table:
    """Rows of a simulation.

    Attributes:
        properties: The test's, to which each row is added, so that rows of several processes come together.
        is_written: Whether the document is going to be written, so that it need not have the rows yet.
    """

    properties: list[tuple[str, object]]
    is_written: bool = False

    def coverage(
        self,
        figure: str,
        setting: str,
        is_held: npt.ArrayLike,
        promised: float = 0.95,
        least: float | None = LEAST_HELD,
    ) -> float:
        """Record how often an interval or a prediction set holds the truth, and hold it to ``least``.

        Args:
            figure: Name of what is printed.
            setting: Population and sample.
            is_held: Whether it holds the truth, bool, one per draw; draws without an interval left out.
            promised: Share that is promised.
            least: Smallest share that passes; None where the caller checks the share.

        Returns:
            The share.
        """
        found = np.asarray(is_held, dtype=np.float64).ravel()
        share = float(found.mean())
        self.figure(figure, setting, f"{promised:.4g}", f"{share:.3f}", len(found))
        if least is not None:
            assert share >= least, f"{figure}, {setting}: held {share:.3f}, at least {least:g} was expected"
        return share

    def rejections(
        self, figure: str, setting: str, p: npt.ArrayLike, level: float = 0.05, most: float = 0.07
    ) -> float:
        """Record how often a test without an effect finds one, and hold it to ``most``.

        Args:
            figure: Name of the test.
            setting: Population and sample; there is no difference in the population.
            p: p values, one per draw.
            level: A p value below it counts.
            most: Largest share that passes.

        Returns:
            The share.
        """
        found = np.asarray(p, dtype=np.float64).ravel()
        share = float(np.mean(found < level))
        self.figure(figure, setting, f"at most {level:g}", f"{share:.3f}", len(found))
        assert share <= most, (
            f"{figure}, {setting}: {share:.3f} below {level:g}, at most {most:g} was expected"
        )
        return share

    def figure(self, figure: str, setting: str, promised: str, held: str, draws: int) -> None:
        """Record any other promise, such as a standard error; the caller asserts."""
        row = Row(figure, setting, promised, held, draws)
        self.properties.append((PROPERTY, [figure, setting, promised, held, draws]))
        if not self.is_written:
            # Numbers may move a little with the versions of NumPy and SciPy; the rows may not.
            known = {other.key for other in documented()}
            assert row.key in known, f"docs/assessment.md lacks {row.line}: {HOW}"


def documented() -> list[Row]:
    """Return the rows of the table in docs/assessment.md."""
    inside = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    lines = re.findall(r"^\| (.+) \|$", inside, re.M)
    cells = [tuple(cell.strip() for cell in line.split(" | ")) for line in lines]
    return [Row(*row[:4], int(row[4].replace(",", ""))) for row in cells if row != HEAD]


def markdown(rows: list[Row]) -> str:
    """Return the table in Markdown."""
    ordered = sorted(rows, key=lambda row: [_natural(part) for part in row.key])
    return "\n".join([f"| {' | '.join(HEAD)} |", "|" + "---|" * len(HEAD), *(row.line for row in ordered)])


def _natural(text: str) -> list[tuple[int, str]]:
    """Return a key that sorts 5 before 10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", text)]


def write_into_document(rows: list[Row]) -> None:
    """Put the table into docs/assessment.md, in place of the one that is there."""
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{markdown(rows)}\n{END}{after}", encoding="utf-8")
