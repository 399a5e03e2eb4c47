"""Accuracy figures of predicted against reference classes."""

from __future__ import annotations
