"""Feeds: how networks of each kind are given their samples."""
