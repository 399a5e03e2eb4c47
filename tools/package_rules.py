"""What the plugin's zip must be: the rules of the plugin repository for files and metadata, and our own.

The repository's are in ``qgis-app/plugins/validator.py`` and ``security_scanner.py`` of
https://github.com/qgis/QGIS-Plugins-Website.
"""

from __future__ import annotations

import configparser
import re
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

FOLDER = "deep_land_cover"
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
