"""Accuracy figures of predicted against reference classes."""
