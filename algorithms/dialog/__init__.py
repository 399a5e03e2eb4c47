"""The dialog of the tools: groups, presets, and the choices of the last run in a project."""
