"""Networks and the model file."""

from __future__ import annotations
