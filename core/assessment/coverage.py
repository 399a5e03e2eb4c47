"""How often prediction sets should hold the true class. Light: QGIS imports it."""

from __future__ import annotations

USUAL_COVERAGE = 0.9
LEAST_COVERAGE, MOST_COVERAGE = 0.5, 0.99
