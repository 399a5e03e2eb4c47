"""Fitting a network to patches."""
