"""Fitting a network to patches."""

from __future__ import annotations
