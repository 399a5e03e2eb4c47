"""Requests and results of the jobs, and the checks of requests.

QGIS imports these modules in its own process, so they import no heavy package.
"""

from __future__ import annotations
