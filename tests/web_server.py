"""A web server on this machine for rasters: it answers range requests, and fails where it is told to.

It is a process of its own, because rasterio holds Python's lock while it waits for some answers.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

# A folder of this name answers all requests with that number, or not at all.
_FAILING = re.compile(r"/(late-)?(\d{3}|silence)(?=/)")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@dataclass(frozen=True)
class WebServer:
    """A server that runs; it listens on ``port`` of 127.0.0.1 and writes what is asked into ``log``."""

    port: int
    log: Path

    def vsicurl(self, path: str) -> str:
        """Return how GDAL names the file ``path`` of the folder.

        Below ``404/`` (or any other number) it answers with that number, below ``silence/`` not at
        all; below ``late-404/`` and the like from the second part of a file on.
        """
        return f"/vsicurl/http://127.0.0.1:{self.port}/{path}"

    @property
    def requests(self) -> list[str]:
        """Method and path of all that was asked."""
        return self.log.read_text(encoding="utf-8").splitlines()


@contextmanager
def serve(folder: Path, log: Path) -> Iterator[WebServer]:
    """Serve the files of ``folder``."""
    command = [sys.executable, __file__, str(folder), str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield WebServer(int(process.stdout.readline()), log)
        finally:
            process.kill()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path
    log: Path

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{self.command} {path}\n")
        wanted = _RANGE.fullmatch(self.headers.get("Range", ""))
        first = int(wanted[1]) if wanted else 0
        fails = _FAILING.match(path)
        if fails and (first or not fails[1]):
            if fails[2] == "silence":
                time.sleep(3600)
            self._send(int(fails[2]), b"")
            return
        file = self.folder / _FAILING.sub("", path).lstrip("/")
        if not file.is_file():
            self._send(404, b"")
            return
        content = file.read_bytes()
        if not wanted:
            self._send(200, content)
            return
        last = min(int(wanted[2] or len(content)), len(content) - 1)
        if first > last:
            self._send(416, b"")
            return
        self._send(206, content[first : last + 1], f"bytes {first}-{last}/{len(content)}")

    def _send(self, code: int, content: bytes, content_range: str = "") -> None:
        self.send_response(code)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(content)))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)


def _main(folder: str, log: str) -> None:
    _Handler.folder, _Handler.log = Path(folder), Path(log)
    _Handler.log.touch()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    _main(*sys.argv[1:])
