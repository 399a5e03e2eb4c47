"""Jobs of the worker, one module each: ``run(request, progress)`` connects the engines."""

from __future__ import annotations
