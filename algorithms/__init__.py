"""The QGIS floor: the Processing provider and one file a tool."""
