"""Icons, by path."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "resources" / "icons"
PROVIDER_ICON = str(_FOLDER / "icon.svg")


def icon_path(algorithm_id: str) -> str:
    """Return the icon of an algorithm; the provider's where it has none of its own."""
    own = _FOLDER / f"{algorithm_id}.svg"
    return str(own) if own.exists() else PROVIDER_ICON
