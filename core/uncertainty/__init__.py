"""Calibration, prediction sets and area of applicability."""

from __future__ import annotations
