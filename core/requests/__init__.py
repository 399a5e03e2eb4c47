"""Requests and results of the jobs, with their checks. Light: QGIS imports these modules."""

from __future__ import annotations
