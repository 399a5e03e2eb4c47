"""Tables that users write, as CSV files: renamings, recodings, crosswalks, groups, rules and estimates.

A table is a text file in UTF-8, with or without byte-order mark, whose first line names the columns. Commas,
semicolons or tabs separate them, whichever the first line has most of. With semicolons or tabs, numbers may
have a decimal comma, as spreadsheets write them in many countries.

>>> for row in read_table(path, ("from", "to", "probability"), ("from", "to"), "RULES"):
...     row["from"], row.number("probability"), row.place

Light: QGIS imports this module.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import ParameterError
from ..files import read_text_file
from ..progress import Progress
from ..text import Text

_MAX_BYTES = 16_000_000
_DELIMITERS = ",;\t"
# Other names of columns.
_ALIASES = {"colour": "color", "from_value": "from", "to_value": "to", "to_name": "name", "new_name": "name"}


@dataclass(frozen=True)
class Row:
    """Row of a table.

    Attributes:
        line: Number of the line in the file.
        place: File and number of the line, for errors.
        cells: Text of each known column, without blanks around it; empty where the table lacks the column.
    """

    line: int
    place: Text
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def number(self, column: str) -> float | None:
        """Return the number of a cell, which may have a decimal comma; None where it is none."""
        text = self[column]
        try:
            return float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
        except ValueError:
            return None


def read_table(
    path: Path,
    known: Sequence[str],
    required: Sequence[str],
    parameter: str,
    progress: Progress | None = None,
) -> tuple[Row, ...]:
    """Return the rows of a table that are not empty.

    Args:
        path: Path of the file.
        known: Names of the columns that are read, in lower case.
        required: Groups of columns, separated by a bar (``value|old_name``), of which one must be there.
        parameter: Name of the parameter that gives the file, for errors.
        progress: Progress reporter, which is told of other columns; None ignores them.

    Raises:
        ParameterError: The file cannot be read, is not such a table, or has no row.
    """
    form = ",".join(known)
    lines = _cells(path, parameter, form)
    _, head = next(lines, (0, []))
    names = [name.casefold() for name in head]
    names = [_ALIASES.get(name, name) if name not in known else name for name in names]
    missing = [group for group in required if not set(group.split("|")) & set(names)]
    if missing:
        raise ParameterError(
            "The table lacks the columns {missing}; it has {columns}",
            where=Text("{parameter}, {path}", parameter=parameter, path=path),
            advice="Write the names of the columns into its first line: {form}.",
            missing=", ".join(group.replace("|", "/") for group in missing),
            columns=", ".join(filter(None, names)) or Text("none"),
            form=form,
        )
    foreign = [name for name in names if name and name not in known]
    if foreign and progress is not None:
        progress.log(
            "These columns of the table are not used: {columns}. Columns that are used: {known}.",
            "warning",
            columns=", ".join(foreign),
            known=form,
        )
    rows = []
    for number, cells in lines:
        if not any(cells):
            continue
        place = Text("{path}, line {number}", path=path, number=number)
        if any(cells[len(names) :]):
            raise ParameterError(
                "The line has {cells} cells, and the table has {columns} columns",
                where=place,
                advice="Put cells that hold the separator in quotation marks, and write numbers with a point "
                "where commas separate the columns.",
                cells=len(cells),
                columns=len(names),
            )
        texts = dict(zip(names, cells, strict=False))
        rows.append(Row(number, place, {name: texts.get(name, "") for name in known}))
    if not rows:
        raise ParameterError(
            "The table has no row below its head",
            where=Text("{parameter}, {path}", parameter=parameter, path=path),
            advice="Write one line per class.",
        )
    return tuple(rows)


def _cells(path: Path, parameter: str, form: str) -> Iterator[tuple[int, list[str]]]:
    """Return an iterator of each line's number and cells, without blanks around them."""
    try:
        text = read_text_file(path, _MAX_BYTES)
        head = text.partition("\n")[0].strip()
        first = 0
        if head.lower().startswith("sep=") and len(head) == len("sep=") + 1:
            # Spreadsheets write the separator there.
            delimiter, first = head[-1], 1
        else:
            delimiter = max(_DELIMITERS, key=head.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
        return iter(lines[first:])
    except OSError as error:
        raise ParameterError(
            "The table cannot be read: {reason}",
            where=Text("{parameter}, {path}", parameter=parameter, path=path),
            advice="Choose another file.",
            reason=error.strerror,
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ParameterError(
            "The table is not a CSV file in UTF-8",
            where=Text("{parameter}, {path}", parameter=parameter, path=path),
            advice="Save it as CSV in UTF-8 with the columns {columns}.",
            columns=form,
        ) from error
