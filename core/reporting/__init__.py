"""Reports: figures and self-contained HTML."""

from __future__ import annotations
