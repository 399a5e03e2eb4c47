"""Parameters of the algorithms: their definitions, values and choices."""
