"""The plugin repository's scan of a zip: Bandit, detect-secrets and flake8, with no exception made.

The repository (https://github.com/qgis/QGIS-Plugins-Website, ``qgis-app/plugins/security_scanner.py``,
its rules in ``management/commands/data``) enables most rules of Bandit and detect-secrets and some of
flake8. Here all rules of the first two count, so that a change of its choice changes nothing for us,
and comments that switch a rule off are not heard.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FLAKE8 = (
    "E101,E711,E712,E713,E714,E721,E722,E731,E741,E742,E743,E901,E902,E999,W605,"
    "F402,F403,F404,F405,F811,F821,F822,F823,F831,F901,C901"
)
"""The rules of flake8 that the repository enables (July 2026); the others are style, Ruff's part."""


def gate_findings(path: Path) -> list[str]:
    """Return what the three tools find in the zip at ``path``, a line each.

    Raises:
        RuntimeError: A tool did not run; says what it wrote.
    """
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        return [*_bandit(folder), *_secrets(folder), *_flake8(folder)]


def _bandit(folder: str) -> list[str]:
    report = _json(["bandit", "-r", ".", "-f", "json", "--quiet", "--ignore-nosec"], folder)
    if not report["metrics"]["_totals"]["loc"]:
        raise RuntimeError("Bandit has read nothing")
    unread = [f"{item['filename']}: Bandit cannot read it ({item['reason']})" for item in report["errors"]]
    return unread + [
        f"{item['filename']}:{item['line_number']}: {item['test_id']} {item['issue_text']}"
        for item in report["results"]
    ]


def _secrets(folder: str) -> list[str]:
    # What stands in comments for it (pragma: allowlist secret) is a filter, too.
    allowed = "--disable-filter=detect_secrets.filters.allowlist.is_line_allowlisted"
    report = _json(["detect_secrets", "scan", "--all-files", allowed, "."], folder)
    if not report["plugins_used"]:
        raise RuntimeError("detect-secrets has looked for nothing")
    return [
        f"{file}:{item['line_number']}: {item['type']}"
        for file, items in report["results"].items()
        for item in items
    ]


def _flake8(folder: str) -> list[str]:
    options = ["--isolated", "--disable-noqa", "--max-line-length=120", f"--select={FLAKE8}"]
    done = _run(["flake8", *options, "."], folder)
    return done.stdout.splitlines()


def _json(module: Sequence[str], folder: str) -> dict[str, Any]:
    done = _run(module, folder)
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise RuntimeError(f"{module[0]} gave no report: {done.stdout[-500:]}{done.stderr[-500:]}") from error
    return report


def _run(module: Sequence[str], folder: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", *module], cwd=folder, capture_output=True, text=True, check=False
    )
    # 1 says that there are findings.
    if done.returncode not in (0, 1) or "No module named" in done.stderr:
        raise RuntimeError(f"{module[0]} did not run: {done.stderr.strip()[-500:]}")
    return done
