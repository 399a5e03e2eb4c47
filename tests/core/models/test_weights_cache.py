"""Weights are downloaded once, whole and as published, and never change unnoticed."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request

import pytest

from deep_land_cover.core.errors import ModelFileError, RunCancelled
from deep_land_cover.core.models import weights_cache
from deep_land_cover.core.models.weights_cache import MAX_BYTES, WeightsFile, cached_weights
from deep_land_cover.core.progress import SilentProgress

CONTENT = bytes(range(256)) * 4096
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NAME = f"resnet18_test-{SHA256[:8]}.pth"


class Handler(BaseHTTPRequestHandler):
    """A server whose behaviour is the first part of the path."""

    asked: list[str]
    silence: threading.Event

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        self.asked.append(kind)
        if kind in ("silent", "stalling"):
            if kind == "stalling":
                self._send(200, CONTENT[:1000], len(CONTENT))
                self.wfile.flush()
            self.silence.wait(20)
        elif kind == "redirected":
            self._redirect(f"/good/{NAME}")
        elif kind == "to-a-file":
            self._redirect("file:///etc/hostname")
        elif kind == "missing":
            self._send(404, b"no such file")
        elif kind == "truncated":
            self._send(200, CONTENT[:1000], len(CONTENT))
        elif kind == "huge":
            self._send(200, b"", MAX_BYTES + 1)
        elif kind == "other":
            self._send(200, b"<html>Please log in to this network</html>")
        else:
            self._send(200, CONTENT)

    def _redirect(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, code: int, content: bytes, length: int | None = None) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def server() -> Iterator[str]:
    """Address of a server on this machine."""
    Handler.asked, Handler.silence = [], threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        Handler.silence.set()
        running.shutdown()
        thread.join()


def file_at(server: str, kind: str) -> WeightsFile:
    return WeightsFile(f"{server}/{kind}/{NAME}", NAME, SHA256[:8])


def fetch(server: str, kind: str, folder: Path, timeout: float = 10.0) -> Path:
    return cached_weights(file_at(server, kind), folder, SilentProgress(), timeout)


@pytest.mark.parametrize("kind", ["good", "redirected"])
def test_a_file_is_fetched_once_and_its_whole_checksum_kept(server: str, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "new" / "cache"
    path = fetch(server, kind, folder)
    assert path.read_bytes() == CONTENT
    asked = len(Handler.asked)
    assert fetch(server, kind, folder) == path
    assert len(Handler.asked) == asked
    record = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))
    assert (record["sha256"], record["bytes"]) == (SHA256, len(CONTENT))
    assert sorted(item.name for item in folder.iterdir()) == [NAME, f"{NAME}.json"]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("truncated", "1,000 of 1,048,576 bytes"),
        ("other", "another file"),
        ("missing", "404"),
        ("huge", "larger than"),
        ("to-a-file", "not allowed"),
        ("silent", "no answer within 0.3 seconds"),
        ("stalling", "no answer within 0.3 seconds"),
    ],
)
def test_a_download_that_fails_leaves_nothing_and_says_what_to_do(
    server: str, tmp_path: Path, kind: str, word: str
) -> None:
    started = time.monotonic()
    with pytest.raises(ModelFileError) as caught:
        fetch(server, kind, tmp_path, timeout=0.3 if "no answer" in word else 10.0)
    assert time.monotonic() - started < 5
    assert word in caught.value.what
    assert caught.value.where == f"{server}/{kind}/{NAME}"
    assert NAME in caught.value.advice and str(tmp_path) in caught.value.advice
    assert not list(tmp_path.iterdir())


def test_without_a_server_the_reason_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="refused"):
        fetch("http://127.0.0.1:9", "good", tmp_path)


def test_a_file_that_changes_later_is_refused(server: str, tmp_path: Path) -> None:
    path = fetch(server, "good", tmp_path)
    # Of the same length, and by chance also with the digits of its name, which says nothing of the rest.
    path.write_bytes(CONTENT[::-1])
    with pytest.raises(ModelFileError, match="has changed since it was recorded on 20") as caught:
        fetch(server, "good", tmp_path)
    assert caught.value.where == str(path)
    path.unlink()
    # The record stays: a file of the same checksum is taken again, and no other.
    assert fetch(server, "good", tmp_path).read_bytes() == CONTENT


def test_the_record_finds_a_change_that_the_digits_of_the_name_do_not(server: str, tmp_path: Path) -> None:
    # A publisher's prefix that any file has.
    file = WeightsFile(f"{server}/good/any.pth", "any.pth", "")
    path = cached_weights(file, tmp_path, SilentProgress())
    path.write_bytes(CONTENT + b"0")
    with pytest.raises(ModelFileError, match="has changed"):
        cached_weights(file, tmp_path, SilentProgress())


def test_a_file_that_was_copied_into_the_cache_is_checked_and_recorded(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(CONTENT)
    assert fetch("http://127.0.0.1:9", "good", tmp_path) == path
    assert json.loads((tmp_path / f"{NAME}.json").read_text(encoding="utf-8"))["sha256"] == SHA256
    wrong = tmp_path / "offline"
    wrong.mkdir()
    (wrong / NAME).write_bytes(CONTENT[:-1])
    with pytest.raises(ModelFileError, match="not the published file"):
        fetch("http://127.0.0.1:9", "good", wrong)


def test_a_whole_checksum_is_compared_where_it_is_known(server: str, tmp_path: Path) -> None:
    known = SHA256[:8] + "0" * 56
    file = WeightsFile(f"{server}/good/{NAME}", NAME, SHA256[:8], known)
    with pytest.raises(ModelFileError, match=known):
        cached_weights(file, tmp_path, SilentProgress())
    assert not list(tmp_path.iterdir())


def test_a_cancelled_download_leaves_nothing(server: str, tmp_path: Path) -> None:
    class Impatient(SilentProgress):
        def check_cancelled(self) -> None:
            if self.lines:
                raise RunCancelled

    with pytest.raises(RunCancelled):
        cached_weights(file_at(server, "good"), tmp_path, Impatient())
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_named(server: str, tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("no folder")
    with pytest.raises(ModelFileError) as caught:
        fetch(server, "good", taken / "cache")
    assert "directory" in caught.value.what


def test_https_is_never_left_for_http() -> None:
    redirects = next(
        handler for handler in weights_cache.opener().handlers if hasattr(handler, "redirect_request")
    )
    request = Request("https://example.org/weights.pth")
    with pytest.raises(URLError, match="not safe"):
        redirects.redirect_request(request, None, 302, "Found", {}, "http://example.org/weights.pth")
    followed = redirects.redirect_request(request, None, 302, "Found", {}, "https://cdn.example.org/w.pth")
    assert followed.full_url == "https://cdn.example.org/w.pth"
    # Files and FTP are not spoken at all.
    assert {name for name in weights_cache.opener().handle_open} == {"http", "https", "unknown"}
