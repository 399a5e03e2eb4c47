"""Class maps after classification: their areas, and what is made of them."""

from __future__ import annotations
