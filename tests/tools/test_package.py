"""The plugin's zip, and that the checks of it find what they are for."""

from __future__ import annotations

import posixpath
import re
import zipfile

import pytest

from deep_land_cover.tools.make_package import (
    FOLDER,
    REFERENCE,
    ROOT,
    Metadata,
    build_zip,
    gate_findings,
    tracked_state,
    version_problems,
    zip_problems,
)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The zip of the tracked files as they are now."""
    return build_zip(tmp_path_factory.mktemp("package") / "plugin.zip", tracked_state())


@pytest.fixture(scope="module")
def metadata():
    return Metadata.parse((ROOT / "metadata.txt").read_text(encoding="utf-8"))


@pytest.fixture
def changed(package, tmp_path):
    """Return a function that copies the zip with other files: name in the plugin to content, None without."""

    def change(files, prefix=f"{FOLDER}/", mode=0o644):
        path = tmp_path / "changed.zip"
        with zipfile.ZipFile(package) as source, zipfile.ZipFile(path, "w") as target:
            for item in source.infolist():
                if not item.is_dir() and item.filename.removeprefix(f"{FOLDER}/") not in files:
                    target.writestr(item, source.read(item))
            for name, content in files.items():
                if content is not None:
                    item = zipfile.ZipInfo(prefix + name)
                    item.external_attr = (0o100000 | mode) << 16
                    target.writestr(item, content)
        return path

    return change


@pytest.mark.medium
def test_the_zip_is_as_the_repository_wants_it(package):
    assert zip_problems(package) == []


@pytest.mark.medium
def test_the_repositorys_scan_finds_nothing(package):
    assert gate_findings(package) == []


@pytest.mark.medium
def test_the_zip_holds_what_the_plugin_is_made_of_and_nothing_of_its_making(package):
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
    for name in (
        "plugin.py",
        "core/worker.py",
        "resources/schemes/jambi.json",
        "core/reporting/templates/page.html",
    ):
        assert f"{FOLDER}/{name}" in names
    assert not [name for name in names if re.search(r"test_|conftest|/dev$|mkdocs|CONTRIBUTING", name)]


@pytest.mark.medium
def test_the_zip_holds_the_reference_in_both_languages_small_and_without_scripts(package):
    written = [path.read_text(encoding="utf-8") for path in (ROOT / "algorithms").glob("*.py")]
    ids = {found for text in written for found in re.findall(r'^    ID = "(\w+)"$', text, re.MULTILINE)}
    with zipfile.ZipFile(package) as archive:
        names = set(archive.namelist())
        pages = {name: archive.read(name).decode() for name in names if name.startswith(f"{REFERENCE}/")}
    for language in ("en", "id"):
        assert {f"{REFERENCE}/{language}/{name}.html" for name in (*ids, "index")} <= set(pages)
    assert sum(len(text.encode()) for text in pages.values()) < 1_000_000
    for name, text in pages.items():
        assert not re.search(r"<script|javascript:|\bon\w+=|https?://", text, re.IGNORECASE), name
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            assert posixpath.normpath(f"{posixpath.dirname(name)}/{link}") in names, (name, link)
    training = f"{REFERENCE}/{{}}/trainmodel.html"
    assert "<h1>Train a land-cover model</h1>" in pages[training.format("en")]
    assert "<h1>Latih model tutupan lahan</h1>" in pages[training.format("id")]


@pytest.mark.medium
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"LICENSE": None}, "LICENSE is missing"),
        ({"model.safetensors": b"weights"}, "model.safetensors is of a kind"),
        ({"core/fast.so": b"\x7fELF"}, "fast.so is of a kind"),
        ({"tests/test_x.py": b""}, "tests/test_x.py does not belong"),
        ({"core/__pycache__/a.py": b""}, "__pycache__/a.py does not belong"),
        ({".env.txt": b""}, ".env.txt does not belong"),
        ({"resources/icons/icon.svg": None}, "lacks the icon"),
        ({"resources/large.json": bytes(25_000_001)}, "more than 25,000,000"),
    ],
)
def test_a_zip_that_is_not_is_refused(changed, files, said):
    assert any(said in problem for problem in zip_problems(changed(files)))


@pytest.mark.medium
def test_a_second_folder_and_an_executable_file_are_refused(changed):
    assert "at its top" in zip_problems(changed({"a.py": b""}, prefix="other/"))[0]
    assert zip_problems(changed({"a.py": b""}, mode=0o755)) == [f"{FOLDER}/a.py may be executed"]


@pytest.mark.medium
@pytest.mark.parametrize(
    ("line", "other", "said"),
    [
        ("author=", "author=A/B", "has a slash"),
        ("version=", "version=one", "version in metadata.txt is none"),
        ("tracker=", "tracker=bugs", "tracker in metadata.txt is no address"),
        ("about=", "about=", "lacks about"),
        ("name=", "name=Land Plugin", "contains 'plugin'"),
        ("qgisMaximumVersion=", "qgisMaximumVersion=3.99", "QGIS 4"),
    ],
)
def test_wrong_metadata_are_named(changed, line, other, said):
    text = (ROOT / "metadata.txt").read_text(encoding="utf-8")
    # What belongs to an entry is indented.
    text = re.sub(rf"^{line}.*\n(\t.*\n)*", other + "\n", text, flags=re.M)
    problems = zip_problems(changed({"metadata.txt": text}))
    assert len(problems) == 1
    assert said in problems[0]


@pytest.mark.medium(but=("assert True\\n-B101",))
@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("assert True\n", "B101"),
        ("import subprocess  # nosec\n", "B404"),
        ("import pickle\n", "B403"),
        ("value = eval('1')  # nosec B307\n", "B307"),
        ("where = '/tmp/deep'\n", "B108"),
        ("key = 'AKIAIOSFODNN7EXAMPLF'  # pragma: allowlist secret\n", "AWS Access Key"),
        ("value = missing  # noqa: F821\n", "F821"),
        ("def broken(:\n", "E999"),
    ],
)
def test_the_scan_finds_what_it_is_for_whatever_a_comment_says(tmp_path, code, rule):
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{FOLDER}/fine.py", '"""Fine."""\n')
        archive.writestr(f"{FOLDER}/bad.py", code)
    assert any("bad.py" in finding and rule in finding for finding in gate_findings(path))


def test_the_version_is_told_alike(metadata):
    assert version_problems(metadata) == []


def test_a_release_needs_its_tag_and_a_heading_in_the_changelog(metadata):
    other = Metadata({**metadata, "version": "99.0.0"})
    said = " ".join(version_problems(other, "v98.0.0"))
    assert "pyproject.toml of" in said
    assert "v98.0.0" in said
    assert "## [99.0.0]" in said
