"""Build the plugin's zip from git and hold it to the plugin repository's rules: run by ``./dev package``.

The zip is what git has of a commit, so nothing that lies about gets into it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
from pathlib import Path

from deep_land_cover.tools.package_rules import FOLDER, Metadata, zip_problems
from deep_land_cover.tools.repository_gate import gate_findings

ROOT = Path(__file__).resolve().parent.parent


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
    """Write what git has of ``commit``, without what ``.gitattributes`` leaves out, and return ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _git("archive", "--format=zip", f"--prefix={FOLDER}/", f"--output={path}", commit)
    return path


def tracked_state() -> str:
    """Return a commit of the tracked files as they are now, which no branch knows of; HEAD if unchanged."""
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


if __name__ == "__main__":
    sys.exit(main())
