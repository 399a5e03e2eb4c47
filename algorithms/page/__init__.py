"""Printed page of a map: layout, legend, maps and texts."""
