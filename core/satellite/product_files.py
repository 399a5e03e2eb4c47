"""Files of a satellite product in a folder, a zip or a tar archive, and the reader of its XML metadata.

An archive is not extracted: GDAL reads its images through ``/vsizip/`` and ``/vsitar/``.

>>> files = open_files("S2A_MSIL2A_20240110T051121_N0510_R019_T43PHM_20240110T081009.zip")
>>> files.names                        # ("S2A_….SAFE/MTD_MSIL2A.xml", …)
>>> xml = read_xml(files.text("S2A_….SAFE/MTD_MSIL2A.xml"), "MTD_MSIL2A.xml")
>>> xml.first("PROCESSING_BASELINE")   # "05.10"

Names come from the listing alone, so that a reference in the metadata cannot lead out of the product.
"""

from __future__ import annotations

import os
import re
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..errors import RasterError

# A product has up to a few hundred files; a folder with more is that of many products, or a whole disk.
_MAX_FILES, _MAX_DEPTH = 5000, 8
_MAX_TEXT_BYTES = 16_000_000
_MAX_ELEMENT_DEPTH = 100
_METADATA_SUFFIXES = (".xml", ".txt", ".json")
_ZIP, _TAR = ".zip", ".tar"
PRODUCT_SUFFIXES = (_ZIP, _TAR, *_METADATA_SUFFIXES)
"""Endings of files that stand for a product: archives, and the metadata in its folder."""
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z_][\w:.\-]*)"
    r"(?P<attributes>(?:\s+[\w:.\-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(?P<empty>/?)>"
)
_ATTRIBUTE = re.compile(r"([\w:.\-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_CHARACTER = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(lt|gt|amp|quot|apos));")
_NAMED_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


@dataclass(frozen=True)
class ProductFiles:
    """Files of a product.

    Attributes:
        root: Path of the folder or archive.
        names: Names within it, with ``/`` between folders, sorted.
        metadata: Name of the metadata file that the user chose; empty where he chose the whole product.
    """

    root: Path
    names: tuple[str, ...]
    metadata: str = ""

    @property
    def is_archive(self) -> bool:
        """Whether the files are in a zip or tar archive."""
        return self.root.is_file()

    @property
    def disk_files(self) -> tuple[str, ...]:
        """Paths of all files on the disk, which no output may replace."""
        return (str(self.root),) if self.is_archive else tuple(str(self.root / name) for name in self.names)

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Return the names that a regular expression matches as a whole, in upper or lower case."""
        expression = re.compile(pattern, re.IGNORECASE)
        return tuple(name for name in self.names if expression.fullmatch(name))

    def place(self, name: str) -> str:
        """Return where a file is, for messages."""
        return str(self.root / name)

    def dataset(self, name: str) -> str:
        """Return the name by which GDAL opens a file."""
        if not self.is_archive:
            return str(self.root / name)
        system = "vsitar" if self.root.suffix.lower() == _TAR else "vsizip"
        # Braces end the archive's name whatever its ending is.
        return f"/{system}/{{{self.root}}}/{name}"

    def text(self, name: str) -> str:
        """Return the text of a metadata file.

        Raises:
            RasterError: The file cannot be read, is larger than 16 MB, or is not UTF-8 text.
        """
        try:
            content = self._start(name)
            if len(content) > _MAX_TEXT_BYTES:
                raise RasterError(
                    "The metadata file of the product is larger than {megabytes:g} MB",
                    where=self.place(name),
                    advice="Download the product again.",
                    megabytes=_MAX_TEXT_BYTES / 1e6,
                )
            return content.decode("utf-8-sig")
        except RasterError:
            raise
        except (
            OSError,
            EOFError,
            ValueError,
            RuntimeError,
            KeyError,
            StopIteration,
            *_ARCHIVE_ERRORS,
        ) as error:
            raise RasterError(
                "The metadata file of the product cannot be read: {reason}",
                where=self.place(name),
                advice="Download the product again.",
                reason=str(error) or type(error).__name__,
            ) from error

    def _start(self, name: str) -> bytes:
        """Return the first bytes of a file, one more than a metadata file may have."""
        if not self.is_archive:
            with (self.root / name).open("rb") as file:
                return file.read(_MAX_TEXT_BYTES + 1)
        if self.root.suffix.lower() == _ZIP:
            with zipfile.ZipFile(self.root) as archive, archive.open(name) as member:
                return member.read(_MAX_TEXT_BYTES + 1)
        with tarfile.open(self.root, "r:") as tar:
            # Some programs put the present folder before each name.
            stored = next(item for item in tar.getmembers() if item.name.removeprefix("./") == name)
            stream = tar.extractfile(stored)
            return stream.read(_MAX_TEXT_BYTES + 1) if stream else b""


_ARCHIVE_ERRORS = (zipfile.BadZipFile, tarfile.TarError, NotImplementedError)


def open_files(path: str) -> ProductFiles:
    """Return the files of a product.

    Args:
        path: Path of a folder, of a .zip or .tar archive, or of a metadata file (.xml, .txt, .json) in the
            product's folder.

    Raises:
        RasterError: There is no such file or folder, it is no product, or an archive is damaged.
    """
    root, suffix = Path(path), Path(path).suffix.lower()
    if not root.exists():
        raise RasterError("There is no such product", where=path, advice="Check the path.")
    if root.is_dir():
        return ProductFiles(root, _of_folder(root))
    if suffix in (_ZIP, _TAR):
        return ProductFiles(root, _of_archive(root))
    if suffix in _METADATA_SUFFIXES:
        return ProductFiles(root.parent, _of_folder(root.parent), root.name)
    if root.name.lower().endswith((".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".7z", ".rar")):
        raise RasterError(
            "Archives of this kind cannot be read in place",
            where=path,
            advice="Extract it, and choose the folder.",
        )
    raise RasterError(
        "The file is not a satellite product",
        where=path,
        advice="Choose the product's folder, its .zip or .tar archive, or its metadata file (MTD_MSIL2A.xml, "
        "MTD_MSIL1C.xml, …_MTL.txt or …_MTL.json).",
    )


def _of_folder(folder: Path) -> tuple[str, ...]:
    names: list[str] = []
    for place, folders, files in os.walk(folder):
        relative = Path(place).relative_to(folder)
        if len(relative.parts) >= _MAX_DEPTH:
            folders.clear()
        names += [(relative / name).as_posix() for name in files]
        if len(names) > _MAX_FILES:
            raise RasterError(
                "The folder holds more than {count:,} files, so it is not that of one product",
                where=str(folder),
                advice="Choose the folder of a single product.",
                count=_MAX_FILES,
            )
    return tuple(sorted(names))


def _of_archive(path: Path) -> tuple[str, ...]:
    try:
        if path.suffix.lower() == _ZIP:
            with zipfile.ZipFile(path) as archive:
                names = [item.filename for item in archive.infolist() if not item.is_dir()]
        else:
            with tarfile.open(path, "r:") as tar:
                names = [item.name for item in tar if item.isfile()]
    except (OSError, EOFError, ValueError, *_ARCHIVE_ERRORS) as error:
        raise RasterError(
            "The archive cannot be read: {reason}",
            where=str(path),
            advice="Download the product again.",
            reason=str(error),
        ) from error
    inner = (name.removeprefix("./") for name in names)
    return tuple(sorted(name for name in inner if _is_inside(name)))


def _is_inside(name: str) -> bool:
    """Return whether a name of an archive lies below its root."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith(("/", "\\")) and ".." not in parts and ":" not in parts[0]


@dataclass(frozen=True)
class Element:
    """Element of an XML document.

    Attributes:
        path: Names from the root to the element, without their namespaces.
        attributes: Attributes by name.
        text: Text before the first child.
    """

    path: tuple[str, ...]
    attributes: dict[str, str]
    text: str

    @property
    def name(self) -> str:
        """Name without its namespace."""
        return self.path[-1]


@dataclass(frozen=True)
class XmlDocument:
    """Elements of an XML document in their order.

    Attributes:
        elements: All elements.
    """

    elements: tuple[Element, ...]

    def all(self, *names: str) -> tuple[Element, ...]:
        """Return the elements with one of these names."""
        return tuple(element for element in self.elements if element.name in names)

    def first(self, *names: str) -> str:
        """Return the text of the first element with one of these names; empty without one."""
        return next((element.text for element in self.all(*names)), "")


def read_xml(text: str, where: str) -> XmlDocument:
    """Return the elements of an XML document that nobody has checked.

    A document type is refused, and with it all entities but the five of XML itself, so that neither other
    files are read nor texts multiplied.

    Args:
        text: Text of the document.
        where: Place of the document, for errors.

    Raises:
        RasterError: The text is not XML, has a document type, or is nested more than 100 deep.
    """
    elements: list[Element] = []
    # Place of each open element in ``elements``, and its texts.
    opened: list[int] = []
    for tag, before in _tags(text, where):
        if opened and before.strip():
            element = elements[opened[-1]]
            if not element.text:
                elements[opened[-1]] = Element(element.path, element.attributes, before.strip())
        name = tag["name"].rpartition(":")[2]
        if tag["end"]:
            if not opened or elements[opened.pop()].name != name:
                raise _not_xml(where)
            continue
        path = (*(elements[opened[-1]].path if opened else ()), name)
        if len(path) > _MAX_ELEMENT_DEPTH:
            raise _not_xml(where)
        attributes = {key: _unescaped(one or two) for key, one, two in _ATTRIBUTE.findall(tag["attributes"])}
        elements.append(Element(path, attributes, ""))
        if not tag["empty"]:
            opened.append(len(elements) - 1)
    if opened or not elements:
        raise _not_xml(where)
    return XmlDocument(tuple(elements))


def _tags(text: str, where: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield each tag with the text before it."""
    place, before = 0, ""
    while (start := text.find("<", place)) >= 0:
        before += _unescaped(text[place:start])
        if text.startswith(("<?", "<!--"), start):
            close = "?>" if text[start + 1] == "?" else "-->"
            end = text.find(close, start)
            place = end + len(close)
        elif text.startswith("<![CDATA[", start):
            end = text.find("]]>", start)
            before += text[start + len("<![CDATA[") : end]
            place = end + len("]]>")
        else:
            tag = _TAG.match(text, start)
            if tag is None:
                raise _not_xml(where)
            yield tag, before
            end, place, before = start, tag.end(), ""
        if end < 0:
            raise _not_xml(where)


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        if match[3]:
            return _NAMED_CHARACTERS[match[3]]
        code = int(match[1]) if match[1] else int(match[2], 16)
        return chr(code) if code <= 0x10FFFF else match[0]

    return _CHARACTER.sub(character, text)


def _not_xml(where: str) -> RasterError:
    return RasterError(
        "The metadata file of the product is damaged, or has a form that is not read",
        where=where,
        advice="Download the product again.",
    )
