"""Calibration, prediction sets and area of applicability."""
