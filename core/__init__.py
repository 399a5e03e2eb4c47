"""The workshop: everything that computes. It knows no QGIS."""
