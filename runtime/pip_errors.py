"""Errors of pip and venv, mapped to messages for users."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from ..core.errors import SetupError
from ..core.text import Text

_NO_NETWORK = (
    "Failed to establish a new connection",
    "Name or service not known",
    "Temporary failure in name resolution",
    "getaddrinfo failed",
    "Network is unreachable",
    "Connection refused",
    "ConnectTimeoutError",
    "Read timed out",
    "Max retries exceeded",
)
_PROXY = ("ProxyError", "Cannot connect to proxy", "407 Proxy Authentication")
_CERTIFICATE = ("CERTIFICATE_VERIFY_FAILED", "SSLError")
_DISK_FULL = ("No space left on device", "not enough space on the disk", "Disk quota exceeded")


def pip_error(text: str, wheels: str = "") -> SetupError:
    """Return the error for a failed ``pip install``.

    Args:
        text: Last lines of the output of pip.
        wheels: Folder of wheels that pip installed from; empty without one.
    """
    if is_disk_full(text):
        return SetupError(
            "The disk is full", advice="Free some space (a CUDA build needs about 8 GB) and run it again."
        )
    missing = re.search(r"No matching distribution found for ([^\s;(]+)", text)
    if wheels and missing:
        return SetupError(
            "The folder of wheels has no wheel of {package} for {system}",
            where=wheels,
            advice=(
                "On a computer with a network and the same system and Python, run pip download "
                '"{package}" and copy the files into the folder.'
            ),
            package=missing[1],
            system=_this_platform(),
        )
    if _contains(text, _PROXY):
        return SetupError(
            "The proxy refused the connection",
            advice="Check the proxy in pip's configuration or HTTPS_PROXY.",
        )
    if _contains(text, _CERTIFICATE):
        return SetupError(
            "The package index's certificate was not accepted",
            advice="Behind a firewall that inspects traffic, set 'cert' in pip's configuration to its "
            "certificate file.",
        )
    if _contains(text, _NO_NETWORK):
        return SetupError(
            "The package index cannot be reached",
            advice="Check the network and pip's proxy or mirror, or install from a folder with WHEELS.",
        )
    if missing:
        return SetupError(
            "The package index has no {package} for this Python",
            advice="The Python may be too new, or a 32-bit one: name another, 64-bit Python in PYTHON.",
            package=missing[1],
        )
    errors = [line for line in text.splitlines() if "error" in line.lower()]
    return SetupError(
        "pip failed: {reason}",
        advice="The log has the whole output of pip.",
        reason=_last(errors or text.splitlines()),
    )


def venv_error(text: str, python: str, folder: Path) -> SetupError:
    """Return the error for a failed ``python -m venv``.

    Args:
        text: Last lines of the output.
        python: Path of the interpreter.
        folder: Folder of the environment.
    """
    if is_disk_full(text):
        return pip_error(text)
    if "ensurepip is not available" in text or "No module named" in text:
        return SetupError(
            "The Python lacks the module venv",
            where=python,
            advice="On Debian and Ubuntu run: sudo apt install python3-venv. Or name another PYTHON.",
        )
    return SetupError(
        "The environment could not be created: {reason}",
        where=str(folder),
        advice="Check that the folder can be written, or choose another Python in PYTHON.",
        reason=_last(text.splitlines()),
    )


def is_disk_full(text: str) -> bool:
    """Return whether the output of a program reports a full disk."""
    return _contains(text, _DISK_FULL)


def _last(lines: Sequence[str]) -> str:
    """Return the last line as the end of a sentence."""
    return lines[-1].strip().rstrip(".") if lines else Text("no reason given")


def _contains(text: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase.lower() in text.lower() for phrase in phrases)


def _this_platform() -> str:
    return {"win32": "Windows", "darwin": "macOS"}.get(sys.platform, "Linux")
