"""Many rasters: chosen one by one, or by a folder and a pattern."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from ...core.errors import ParameterError
from ..i18n.translation import tr
from ..layers.rasters import listed
from .common import Described, is_given
from .outputs import absolute

INPUTS, INPUT_FOLDER, PATTERN = "INPUTS", "INPUT_FOLDER", "PATTERN"
DEFAULT_PATTERN = "*.tif; *.tiff"
# Endings of files that GDAL, QGIS and others keep beside rasters, of documents and of vector layers.
_SIDECARS = (
    *(".aux.xml", ".ovr", ".msk", ".aux", ".rrd", ".enp", ".tfw", ".tifw", ".wld", ".jgw", ".pgw", ".j2w"),
    *(
        ".prj",
        ".qml",
        ".qmd",
        ".sld",
        ".clr",
        ".lyr",
        ".lyrx",
        ".qgs",
        ".qgz",
        ".cpg",
        ".dbf",
        ".shp",
        ".shx",
    ),
    *(".geojson", ".csv", ".md", ".html", ".htm", ".docx", ".xlsx", ".log", ".sha256", ".md5"),
    *(".skops", ".safetensors", ".journal", ".part", ".checkpoint"),
)
_AMBIGUOUS = (".hdr", ".json", ".pdf", ".txt", ".xml", ".zip")


def list_parameters(
    label: str = "Rasters to classify",
    help: str = "Multi-band rasters with the bands of the model; instead of a folder, or besides it.",
    folder_help: str = "Folder whose files that match the pattern are classified.",
) -> list[Described]:
    """Return the parameters for rasters, a folder and a pattern.

    Args:
        label: Label of the list, which is translated here.
        help: Tooltip of the list.
        folder_help: Tooltip of the folder.
    """
    return [
        Described(
            QgsProcessingParameterMultipleLayers(
                INPUTS, tr(label), Qgis.ProcessingSourceType.Raster, optional=True
            ),
            help,
        ),
        Described(
            QgsProcessingParameterFile(
                INPUT_FOLDER,
                tr("Raster folder"),
                Qgis.ProcessingFileParameterBehavior.Folder,
                optional=True,
            ),
            folder_help,
        ),
        Described(
            QgsProcessingParameterString(PATTERN, tr("File name pattern"), DEFAULT_PATTERN),
            "Patterns of file names, separated by semicolons: <code>*</code> is any text, <code>?</code> any "
            "character. <code>**/*.tif</code> also searches subfolders.",
            details="Upper and lower case make no difference. Sidecar files such as .aux.xml, .ovr and .qml "
            "are left out.",
        ),
    ]


def listed_rasters(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    without: Path | None,
) -> list[QgsMapLayer | str]:
    """Return the layers and paths that the parameters mean, each once, still unopened.

    Args:
        algorithm: Has the parameters.
        parameters: Of the run.
        context: Of the run.
        without: Folder whose files are not taken from the folder of rasters.

    Raises:
        ParameterError: There is none, the folder is missing, or the pattern is none.
    """
    items = listed(INPUTS, parameters)
    if is_given(parameters, INPUT_FOLDER):
        folder = Path(absolute(algorithm.parameterAsString(parameters, INPUT_FOLDER, context)))
        pattern = algorithm.parameterAsString(parameters, PATTERN, context)
        matching = [path for path in _matching(folder, pattern) if without not in path.resolve().parents]
        found = [path for path in matching if not is_sidecar(path)]
        if not found and not items:
            raise ParameterError(
                "No file in the folder fits the pattern {pattern!r}",
                where=str(folder),
                advice="Check the folder, or write for example *.img, or **/*.tif for folders inside.",
                pattern=pattern,
            )
        items += map(str, found)
    if not items:
        raise ParameterError(
            "No raster was given", where=f"{INPUTS}, {INPUT_FOLDER}", advice="Choose rasters or a folder."
        )
    return list({item if isinstance(item, QgsMapLayer) else str(item): item for item in items}.values())


def is_sidecar(path: Path) -> bool:
    """Return whether a file stands beside a raster and is none: styles, overviews, tables, documents.

    A damaged raster is one all the same, so that the run tells of it.
    """
    name = path.name.lower()
    if name.endswith(_SIDECARS):
        return True
    # An ending such as .xml is that of rasters, too, and of what describes them.
    return name.endswith(_AMBIGUOUS) and gdal.IdentifyDriverEx(str(path), gdal.OF_RASTER) is None


def _matching(folder: Path, patterns: str) -> list[Path]:
    if not folder.is_dir():
        raise ParameterError(
            "There is no such folder of rasters", where=str(folder), advice="Check the path."
        )
    try:
        return sorted(
            {path for pattern in _parts(patterns) for path in folder.glob(pattern) if path.is_file()}
        )
    except (ValueError, NotImplementedError) as error:
        raise ParameterError(
            "The pattern {pattern!r} cannot be used: {error}",
            where=PATTERN,
            advice="Write for example *.tif, or **/*.tif for folders inside.",
            pattern=patterns,
            error=error,
        ) from error


def _parts(patterns: str) -> Iterator[str]:
    for pattern in patterns.split(";"):
        text = pattern.strip()
        # Brackets are the user's own sets of letters.
        if text and "[" not in text:
            text = "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in text)
        if text:
            yield text
