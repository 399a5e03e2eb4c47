"""The demo scene: an invented landscape that looks and behaves like a Sentinel-2 image."""
