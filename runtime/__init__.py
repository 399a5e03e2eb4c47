"""Runtime between QGIS and the core: the Python environment, its set-up, and the worker process. No Qt."""
