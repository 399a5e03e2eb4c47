"""A difference as text: its sign, and nought without one."""

from __future__ import annotations


def signed(value: float, digits: int) -> str:
    """Return ``+1.2``, ``-0.3`` or, for what rounds to nothing, ``0.0``."""
    text = f"{value:+.{digits}f}"
    return text if float(text) else text[1:]
