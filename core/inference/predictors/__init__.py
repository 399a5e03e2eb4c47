"""Predictors: models as the tile pipeline calls them."""
