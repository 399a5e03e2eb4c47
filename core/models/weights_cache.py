"""Cache of downloaded weights: files that are fetched once, checked, and compared with a record ever after.

A file gets its name only when it is complete and its SHA-256 checksum begins as its publisher says. The whole
checksum is recorded beside it (``NAME.json``), so that a later change of the file is found::

    file = WeightsFile(address, "resnet50_sentinel2_all_moco-df8b932e.pth", "df8b932e")
    path = cached_weights(file, folder, progress)

Only HTTP and HTTPS are spoken, and never HTTP after HTTPS. Proxies are those of the environment.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from ..errors import LandCoverError, ModelFileError
from ..files import file_checksum, partial_file, read_text_file
from ..progress import Progress
from ..text import Text
from ..values import from_plain, to_plain

TIMEOUT_SECONDS = 30.0
"""Time without any answer after which a download fails."""
MAX_BYTES = 1 << 30
"""Largest file that is downloaded. The weights of a ResNet101 take 180 MB."""
_CHUNK_BYTES = 1 << 18
_MAX_RECORD_BYTES = 10_000


@dataclass(frozen=True)
class WeightsFile:
    """File of weights on a server.

    Attributes:
        address: Address of the file.
        name: Name of the file in the cache.
        checksum_start: First hexadecimal digits of its SHA-256 checksum, by its publisher.
        sha256: Whole checksum; empty where it is not known.
    """

    address: str
    name: str
    checksum_start: str
    sha256: str = ""


@dataclass(frozen=True)
class _Record:
    """Content of ``NAME.json``: what is known of a file since it came into the cache."""

    address: str
    bytes: int
    sha256: str
    recorded: str


def cached_weights(
    file: WeightsFile, folder: Path, progress: Progress, timeout: float = TIMEOUT_SECONDS
) -> Path:
    """Return the path of a file in the cache, after a download if it is not there.

    A file that someone has put into the folder by hand is recorded when it is first used.

    Args:
        file: File of weights.
        folder: Folder of the cache, which is created.
        progress: Progress reporter.
        timeout: Time without any answer after which the download fails, in seconds.

    Raises:
        ModelFileError: The file cannot be downloaded, is incomplete, is not the published file, or has
            changed since it was recorded.
        OutputError: The disk is full.
        RunCancelled: The user cancelled.
    """
    path = folder / file.name
    if not path.is_file():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _download(file, path, progress, timeout)
        except OSError as error:
            if isinstance(error, LandCoverError):
                raise
            raise _failed(file, path, Text("{reason}", reason=error.strerror or error)) from error
    checksum = file_checksum(path)
    record = _read_record(path)
    if record is not None and record.sha256 != checksum:
        raise ModelFileError(
            "{name} has changed since it was recorded on {date}",
            where=str(path),
            advice="Delete the file, so that it is downloaded again. If you have replaced it on purpose, "
            "delete {record}, too.",
            name=file.name,
            date=record.recorded,
            record=_record_path(path).name,
        )
    _check_published(file, checksum, path)
    if record is None:
        _write_record(file, path, checksum, progress)
    return path


def _check_published(file: WeightsFile, checksum: str, path: Path) -> None:
    expected = file.sha256 or file.checksum_start
    if not checksum.startswith(expected):
        raise ModelFileError(
            "{name} is not the published file: its SHA-256 checksum begins with {found} instead of "
            "{expected}",
            where=str(path),
            advice="Delete the file, so that it is downloaded again, or get a complete copy from {address}.",
            name=file.name,
            found=checksum[: len(expected)],
            expected=expected,
            address=file.address,
        )


def _download(file: WeightsFile, path: Path, progress: Progress, timeout: float) -> None:
    """Download a file, and give it its name if its size and its checksum are right."""
    progress.log("{address} is downloaded to {folder}.", address=file.address, folder=path.parent)
    with partial_file(path, progress) as part:
        try:
            with opener().open(file.address, timeout=timeout) as answer, part.open("wb") as target:
                checksum = _copy(file, path, answer, target, progress)
        except LandCoverError:
            raise
        except HTTPError as error:
            reason = Text("the server answers {code} {reason}", code=error.code, reason=error.reason)
            raise _failed(file, path, reason) from error
        except TimeoutError as error:
            raise _failed(file, path, _silent(timeout)) from error
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise _failed(file, path, _silent(timeout)) from error
            first = error.reason.strerror if isinstance(error.reason, OSError) else error.reason
            raise _failed(file, path, Text("{reason}", reason=first)) from error
        except (http.client.HTTPException, ConnectionError) as error:
            reason = Text("the connection broke ({reason})", reason=str(error) or type(error).__name__)
            raise _failed(file, path, reason) from error
        expected = file.sha256 or file.checksum_start
        if not checksum.startswith(expected):
            reason = Text(
                "the server sent another file, whose SHA-256 checksum begins with {found} instead of "
                "{expected}",
                found=checksum[: len(expected)],
                expected=expected,
            )
            raise _failed(file, path, reason)


def _copy(file: WeightsFile, path: Path, answer: Any, target: IO[bytes], progress: Progress) -> str:
    """Copy the answer of a server into a file, and return its SHA-256 checksum."""
    stated = answer.headers.get("Content-Length")
    total = int(stated) if stated and stated.isdecimal() else None
    digest, count = hashlib.sha256(), 0
    while True:
        progress.check_cancelled()
        piece = answer.read(_CHUNK_BYTES)
        count += len(piece)
        if max(count, total or 0) > MAX_BYTES:
            reason = Text("it is larger than {megabytes:,.0f} MB", megabytes=MAX_BYTES / 1e6)
            raise _failed(file, path, reason)
        if not piece:
            break
        digest.update(piece)
        target.write(piece)
        progress.update(
            count / total if total else 0.0,
            "Downloading {name}: {done:,.1f} MB",
            name=file.name,
            done=count / 1e6,
        )
    if total is not None and count != total:
        reason = Text("it ended after {count:,} of {total:,} bytes", count=count, total=total)
        raise _failed(file, path, reason)
    return digest.hexdigest()


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Redirections to HTTP and HTTPS, but not from HTTPS to HTTP."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """Return the request for the new address."""
        before, after = urlsplit(req.full_url).scheme, urlsplit(newurl).scheme
        if after not in ("http", "https") or (before == "https" and after == "http"):
            raise URLError(Text("it is redirected to {address}, which is not safe", address=newurl))
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def opener() -> urllib.request.OpenerDirector:
    """Return an opener of HTTP and HTTPS addresses only: not of files, FTP or data."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirects(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _silent(timeout: float) -> Text:
    return Text("no answer within {seconds:g} seconds", seconds=timeout)


def _failed(file: WeightsFile, path: Path, reason: Text) -> ModelFileError:
    return ModelFileError(
        "The weights cannot be downloaded: {reason}",
        where=file.address,
        advice="Try again later. Without a network, download {name} from this address on another computer, "
        "copy it to the folder {folder} and run again. Or choose WEIGHTS=none.",
        reason=reason,
        name=file.name,
        folder=path.parent,
    )


def _record_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _read_record(path: Path) -> _Record | None:
    """Return the record of a file, None without a readable one."""
    try:
        return from_plain(_Record, json.loads(read_text_file(_record_path(path), _MAX_RECORD_BYTES)))
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def _write_record(file: WeightsFile, path: Path, checksum: str, progress: Progress) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    record: Mapping[str, Any] = to_plain(_Record(file.address, path.stat().st_size, checksum, now))
    try:
        with partial_file(_record_path(path), progress) as part:
            part.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        progress.log(
            "The checksum of {name} cannot be recorded in {folder} ({reason}), so later changes of the file "
            "are not found.",
            "warning",
            name=path.name,
            folder=path.parent,
            reason=error,
        )
