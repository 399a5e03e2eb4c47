"""The plugin's zip: built from git, and held to the plugin repository's rules. Run by ``./dev package``.

The zip is what git has of a commit, so nothing that lies about gets into it, and the reference of the tools.
The repository's rules are in ``qgis-app/plugins/validator.py`` and ``security_scanner.py`` of
https://github.com/qgis/QGIS-Plugins-Website. Its scan is Bandit, detect-secrets and flake8. It enables most
rules of the first two and some of flake8 (``management/commands/data``). Here all rules of the first two
count, so a change of its choice changes nothing for us. Comments that switch a rule off are ignored.
"""

from __future__ import annotations

import argparse
import configparser
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
QGIS_PYTHON = "/usr/bin/python3"
"""The Python that runs Debian's QGIS, as in ``dev``."""

FOLDER = "deep_land_cover"
REFERENCE = f"{FOLDER}/resources/reference"
LARGEST = 25_000_000
"""Bytes of the zip that the repository takes."""

REQUIRED = (
    "name",
    "description",
    "version",
    "qgisMinimumVersion",
    "author",
    "email",
    "about",
    "tracker",
    "repository",
)
LINKS = ("tracker", "repository", "homepage")
KINDS = (
    ".py",
    ".txt",
    ".md",
    ".toml",
    ".json",
    ".css",
    ".js",
    ".html",
    ".svg",
    ".png",
    ".qm",
    ".ts",
    ".model3",
    ".qpt",
    ".qml",
)
"""Endings of files that a plugin of ours is made of; anything else is a mistake, a binary or weights."""

FORBIDDEN = ("tests", "benchmarks", "docs", "tools", "__pycache__", "__MACOSX", ".git")
NEEDED = ("__init__.py", "metadata.txt", "LICENSE", "README.md", "CHANGELOG.md")

FLAKE8 = (
    "E101,E711,E712,E713,E714,E721,E722,E731,E741,E742,E743,E901,E902,E999,W605,"
    "F402,F403,F404,F405,F811,F821,F822,F823,F831,F901,C901"
)
"""The rules of flake8 that the repository enables (July 2026); the others are style, Ruff's part."""


def main() -> int:
    """Build and check the zip; say where it is, or what is wrong with it."""
    parser = argparse.ArgumentParser(prog="./dev package", description=__doc__)
    parser.add_argument(
        "--release", metavar="TAG", help="refuse a version that TAG and CHANGELOG.md do not name"
    )
    options = parser.parse_args()
    changes = _git("status", "--porcelain")
    if changes:
        print(f"The zip is made of what is committed, and this is not:\n{changes}", file=sys.stderr)
        return 1
    metadata = Metadata.parse((ROOT / "metadata.txt").read_text(encoding="utf-8"))
    path = build_zip(ROOT / "build" / f"{FOLDER}-{metadata.get('version')}.zip")
    problems = zip_problems(path) + version_problems(metadata, options.release) + gate_findings(path)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{path} ({path.stat().st_size / 1e6:.1f} MB): {len(problems) or 'no'} findings")
    return 1 if problems else 0


def build_zip(path: Path, commit: str = "HEAD") -> Path:
    """Write what git has of ``commit``, and the reference of the tools; return ``path``.

    ``.gitattributes`` says what is left out.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _git("archive", "--format=zip", f"--prefix={FOLDER}/", f"--output={path}", commit)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        write_reference(Path(folder) / "pages", home=Path(folder))
        time = archive.infolist()[0].date_time
        for page in sorted(Path(folder).glob("pages/*/*.html")):
            item = zipfile.ZipInfo(f"{REFERENCE}/{page.parent.name}/{page.name}", time)
            item.external_attr = 0o100644 << 16
            archive.writestr(item, page.read_bytes(), zipfile.ZIP_DEFLATED)
    return path


def write_reference(folder: Path, home: Path) -> None:
    """Let QGIS write the reference as HTML.

    Args:
        folder: Where a folder of pages is made for each language.
        home: Existing folder for the profile and caches of QGIS.
    """
    environment = os.environ | {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "LC_ALL": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT / ".dev" / "plugins"),
    }
    environment.pop("VIRTUAL_ENV", None)
    command = [QGIS_PYTHON, "-m", "deep_land_cover.tools.make_reference", "--html", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the reference was not written: {done.stderr.strip()[-500:]}")


def tracked_state() -> str:
    """Return a commit of the tracked files as they are now, which no branch knows of; HEAD if unchanged."""
    # A file whose dates changed and whose content did not looks like a change to git until it is read again,
    # and then there is nothing to stash, which is an error. Files that did change make the refresh fail.
    subprocess.run(["git", "-C", str(ROOT), "update-index", "-q", "--refresh"], check=False)
    return _git("stash", "create") or "HEAD"


def version_problems(metadata: Metadata, tag: str | None = None) -> list[str]:
    """Return where the version is told otherwise than in the metadata.

    Args:
        metadata: Of the plugin.
        tag: Of a release: ``v`` and the version, which the changelog must then have a heading for.
    """
    version = metadata.get("version")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = []
    if project != version:
        found.append(f"metadata.txt is of version {version}, pyproject.toml of {project}")
    if tag is not None:
        if tag != f"v{version}":
            found.append(f"the tag {tag} is not that of version {version}, v{version}")
        if f"\n## [{version}] - 20" not in changelog:
            found.append(f"CHANGELOG.md has no heading '## [{version}] - DATE'")
    elif f"\n## [{version}]" not in changelog and "\n## [Unreleased]" not in changelog:
        found.append(
            f"CHANGELOG.md has neither a heading for version {version} nor one for what is unreleased"
        )
    return found


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


class Metadata(dict[str, str]):
    """The entries of ``metadata.txt``."""

    @classmethod
    def parse(cls, text: str) -> Metadata:
        """Read them as the repository does; per cent signs stand for themselves in QGIS, but not there."""
        parser = configparser.ConfigParser()
        parser.optionxform = str
        parser.read_string(text)
        return cls(parser.items("general"))


def zip_problems(path: Path) -> list[str]:
    """Return what is wrong with the zip at ``path``, a sentence each."""
    problems = []
    if path.stat().st_size > LARGEST:
        problems.append(f"the zip has {path.stat().st_size:,} bytes, more than {LARGEST:,}")
    with zipfile.ZipFile(path) as archive:
        names = [item.filename for item in archive.infolist() if not item.is_dir()]
        executable = [item.filename for item in archive.infolist() if _is_executable(item)]
        tops = sorted({name.partition("/")[0] for name in names})
        if tops != [FOLDER]:
            return [*problems, f"the zip has the folders {tops} at its top instead of {FOLDER} alone"]
        problems += [f"{FOLDER}/{name} is missing" for name in NEEDED if f"{FOLDER}/{name}" not in names]
        problems += [f"{name} may be executed" for name in executable]
        for name in names:
            problems += _file_problems(PurePosixPath(name))
        if f"{FOLDER}/metadata.txt" in names:
            text = archive.read(f"{FOLDER}/metadata.txt").decode("utf-8")
            problems += metadata_problems(Metadata.parse(text), names)
    return problems


def metadata_problems(metadata: Metadata, names: list[str]) -> list[str]:
    """Return what is wrong with the metadata of a zip that holds ``names``."""
    problems = [f"metadata.txt lacks {key}" for key in REQUIRED if not metadata.get(key, "").strip()]
    for key in LINKS:
        link = urlsplit(metadata.get(key, ""))
        if not (link.scheme in ("http", "https") and link.netloc):
            problems.append(f"{key} in metadata.txt is no address: {metadata.get(key)!r}")
    if "plugin" in metadata.get("name", "").lower():
        problems.append("the plugin's name contains 'plugin'")
    if "/" in metadata.get("author", ""):
        problems.append("author in metadata.txt has a slash")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", metadata.get("email", "")):
        problems.append(f"email in metadata.txt is none: {metadata.get('email')!r}")
    if not re.fullmatch(r"\d+\.\d+\.\d+([ab]\d+|rc\d+)?", metadata.get("version", "")):
        problems.append(f"version in metadata.txt is none: {metadata.get('version')!r}")
    if metadata.get("qgisMaximumVersion") != "4.99":
        problems.append("without qgisMaximumVersion=4.99 the plugin is not offered to QGIS 4")
    if metadata.get("hasProcessingProvider") != "yes":
        problems.append("without hasProcessingProvider=yes qgis_process does not load the plugin")
    if f"{FOLDER}/{metadata.get('icon')}" not in names:
        problems.append(f"the zip lacks the icon {metadata.get('icon')}")
    return problems


def _file_problems(name: PurePosixPath) -> list[str]:
    problems = []
    if name.suffix not in KINDS and name.name != "LICENSE":
        problems.append(f"{name} is of a kind that does not belong into the zip")
    if any(part in FORBIDDEN or part.startswith(".") for part in name.parts):
        problems.append(f"{name} does not belong into the zip")
    return problems


def _is_executable(item: zipfile.ZipInfo) -> bool:
    return bool((item.external_attr >> 16) & 0o111) and not item.is_dir()


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


if __name__ == "__main__":
    sys.exit(main())
