"""Layers: what is read from QGIS, and how results are loaded and styled."""
