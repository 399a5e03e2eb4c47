"""What travels between QGIS and the worker: one JSON object a line, UTF-8.

Down go ``run``, ``cancel`` and ``stop``; up come ``ready`` once, then ``progress``, ``log``,
``temporary``, ``result`` and ``error``. All but ``ready`` and ``stop`` carry the run's id.

A text for users (``core.text.Text``) travels as its template and its values, so that QGIS can translate it::

    {"type": "log", "id": "1", "level": "info",
     "text": {"template": "{count:,} samples of {name}", "values": {"count": 1200, "name": "Water"}}}

A value may be such an object, too. A plain string is a text without values.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from .text import packed, unpacked
from .values import from_plain, to_plain

Level = Literal["info", "warning"]
# Fields that may hold texts, or a result that does.
_TEXTS = {"text", "what", "where", "advice", "values"}


@dataclass(frozen=True)
class Run:
    """Do ``task`` (the name of a module in ``core.tasks``) with ``request`` (its plain form).

    ``context`` is the plain form of ``core.provenance.RunContext``.
    """

    id: str
    task: str
    request: dict[str, Any]
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cancel:
    """Stop the run at the next convenient moment."""

    id: str


@dataclass(frozen=True)
class Stop:
    """End the process."""


@dataclass(frozen=True)
class Ready:
    """The worker is listening."""

    pid: int


@dataclass(frozen=True)
class Progress:
    """How far the run is: ``fraction`` from 0 to 1 and a line of text for the progress bar."""

    id: str
    fraction: float
    text: str = ""


@dataclass(frozen=True)
class Log:
    """A line for the log; ``level`` is ``info`` or ``warning``."""

    id: str
    text: str
    level: str = "info"


@dataclass(frozen=True)
class Temporary:
    """A file that the parent removes if the worker dies during this run."""

    id: str
    path: str


@dataclass(frozen=True)
class Result:
    """The run is done; ``values`` is the plain form of the task's result."""

    id: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Error:
    """The run failed. ``details`` is a traceback for the log, empty for a user's error."""

    id: str
    kind: str
    what: str
    where: str = ""
    advice: str = ""
    details: str = ""


Message = Run | Cancel | Stop | Ready | Progress | Log | Temporary | Result | Error
_KINDS: dict[str, type[Message]] = {
    kind.__name__.lower(): kind
    for kind in (Run, Cancel, Stop, Ready, Progress, Log, Temporary, Result, Error)
}


def encode(message: Message) -> bytes:
    """Return the line, newline included, that stands for ``message``."""
    plain = {"type": type(message).__name__.lower(), **to_plain(message)}
    plain.update({name: packed(plain[name]) for name in _TEXTS & plain.keys()})
    # Escapes keep file names that are no valid text (lone surrogates) whole.
    return json.dumps(plain, ensure_ascii=True, allow_nan=True).encode("ascii") + b"\n"


def decode(line: bytes) -> Message:
    """Return the message that ``line`` stands for.

    Raises:
        ValueError: The line is no message.
    """
    try:
        plain = json.loads(line)
        plain.update({name: unpacked(plain[name]) for name in _TEXTS & plain.keys()})
        return from_plain(_KINDS[plain.pop("type")], plain)
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not a message: {line[:200]!r}") from error
