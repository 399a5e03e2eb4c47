"""Make the core's environment for developers: the plugin's own set-up, then the development tools.

``./dev setup`` runs it, so that the way users get their environment is used every day.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The checkout may have any name; this folder holds it under the package's own.
sys.path.insert(0, str(ROOT / ".dev" / "plugins"))

from deep_land_cover.core.errors import LandCoverError  # noqa: E402
from deep_land_cover.runtime.packages import OPTIONAL_PACKAGES  # noqa: E402
from deep_land_cover.runtime.setup import set_up  # noqa: E402


class Console:
    """A listener that prints."""

    def progress(self, fraction: float, text: str) -> None:
        """Print the stage; the bar itself is for people who watch one."""
        if not text.startswith("Downloading"):
            print(f"[{fraction:4.0%}] {text}", flush=True)

    def log(self, text: str, level: str) -> None:
        """Print warnings; pip's own lines are many."""
        if level != "info":
            print(text, flush=True)

    def is_cancelled(self) -> bool:
        """Never: Ctrl+C ends the process."""
        return False


def main() -> int:
    """Make the environment in the folder given and add the development tools."""
    folder = Path(sys.argv[1])
    try:
        python = set_up(folder, sys.executable, "auto", "", Console(), optional=OPTIONAL_PACKAGES)
    except LandCoverError as error:
        print(error, file=sys.stderr)
        return 1
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tools = project["optional-dependencies"]["dev"]
    return subprocess.run([python, "-m", "pip", "install", "-q", *tools], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
