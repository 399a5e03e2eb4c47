"""The tile pipeline that turns a raster into classes."""
