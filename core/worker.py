"""Script of the worker process: ``python -I -u -X utf8 core/worker.py``.

It loads the package by its path and calls ``core.loop``. Neither the name of the folder nor other packages on
``sys.path`` (another ``numpy``, an installed older release) therefore change the code that is run.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from pathlib import Path
from typing import BinaryIO

PACKAGE = "deep_land_cover"


def main() -> None:
    """Reserve stdin and stdout for messages, load the package and run the worker loop."""
    # Ctrl+C in a terminal is for QGIS, which then cancels the run or ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    messages_in, messages_out = _take_channels()
    load_package(Path(__file__).absolute().parents[1])
    importlib.import_module(f"{PACKAGE}.core.loop").serve(messages_in, messages_out)


def load_package(root: Path) -> None:
    """Make a package importable under the name ``PACKAGE``, whatever the name of its folder.

    Args:
        root: Folder of the package.

    Raises:
        ImportError: The folder has no package.
    """
    spec = importlib.util.spec_from_file_location(
        PACKAGE, root / "__init__.py", submodule_search_locations=[str(root)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"no package in {root}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = module
    spec.loader.exec_module(module)


def _take_channels() -> tuple[BinaryIO, BinaryIO]:
    """Move stdin and stdout to new descriptors. Output of libraries goes to stderr."""
    messages_in = os.fdopen(os.dup(0), "rb")
    messages_out = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return messages_in, messages_out


if __name__ == "__main__":
    main()
