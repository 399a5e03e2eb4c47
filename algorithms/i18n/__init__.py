"""Translation of texts to the language of QGIS."""
