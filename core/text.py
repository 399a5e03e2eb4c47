"""Numbers and durations as text."""

from __future__ import annotations


def signed(value: float, digits: int) -> str:
    """Return ``+1.2``, ``-0.3`` or, for what rounds to nothing, ``0.0``."""
    text = f"{value:+.{digits}f}"
    return text if float(text) else text[1:]


def format_duration(seconds: float) -> str:
    """Return ``seconds`` as ``h:mm:ss``."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def typeset(value: float, digits: int) -> str:
    """Return ``+1.2``, ``−0.3`` or ``0.0``, with a minus of the plus's width."""
    return signed(value, digits).replace("-", "−")


def counted(number: int, noun: str) -> str:
    """Return ``1 polygon`` or ``1,200 polygons``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
