"""The project of a page: a file that QGIS opens with all layers and the page, or the project that is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsPrintLayout,
    QgsProcessingContext,
    QgsProcessingUtils,
    QgsProject,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
)

from ...core.errors import OutputError, ParameterError
from ...core.files import partial_file
from ...core.marks import PROJECT, mark
from ...core.progress import SilentProgress
from ...core.text import untranslated
from ..layers.rasters import listed
from .layout import Page, PageContent

SCOPE, KEY = untranslated("DeepLandCover"), "output"
Fill = Callable[[QgsPrintLayout, QgsProject, PageContent], Page]


def given_layers(name: str, parameters: dict[str, Any], context: QgsProcessingContext) -> list[QgsMapLayer]:
    """Return the layers that a parameter for several means, in their order.

    Raises:
        ParameterError: One cannot be opened.
    """
    layers = []
    for item in listed(name, parameters):
        is_layer = isinstance(item, QgsMapLayer)
        layer = item if is_layer else QgsProcessingUtils.mapLayerFromString(str(item), context)
        if layer is None or not layer.isValid():
            raise ParameterError(
                "The layer cannot be opened", where=str(item), advice="Choose another layer or file."
            )
        layers.append(layer)
    return layers


def write_project(
    path: Path, content: PageContent, others: Iterable[QgsMapLayer], name: str, fill: Fill
) -> list[str]:
    """Write a project with the maps, other layers and the page.

    Args:
        path: Of the project (``.qgz``). Layers are stored with paths relative to it.
        content: Of the page; its layers are copied.
        others: Other layers of the project, which then belong to it.
        name: Of the page in the Layout Manager, and title of the project.
        fill: Fills a layout.

    Returns:
        What could not be placed on the page, whole sentences.

    Raises:
        OutputError: The file could not be written.
    """
    project = QgsProject()
    maps = [layer.clone() for layer in content.layers]
    layers = list(others)
    vectors = [layer for layer in layers if isinstance(layer, QgsVectorLayer)]
    rasters = [layer for layer in layers if not isinstance(layer, QgsVectorLayer)]
    project.setTitle(name)
    set_view(project, maps[0].crs(), maps[0].extent())
    for layer in (*vectors, *maps, *rasters):
        project.addMapLayer(layer, False)
        node = project.layerTreeRoot().addLayer(layer)
        node.setExpanded(layer is maps[0])
    page = _add_page(project, content, maps, name, fill)
    save_project(project, path, PROJECT)
    return page.notes


def save_project(project: QgsProject, path: Path, kind: str, comment: bytes = b"") -> None:
    """Write a project with a mark, and with relative paths.

    Args:
        project: Project to write.
        path: Path of the file (``.qgz``), in the folder of the layers' files or near it.
        kind: Kind of the output, one of ``core.marks``.
        comment: Comment of the zip, which is gone when QGIS writes the project again; empty for none.

    Raises:
        OutputError: The file could not be written.
    """
    project.writeEntry(SCOPE, KEY, mark(kind))
    project.setFilePathStorage(Qgis.FilePathType.Relative)
    with partial_file(path, SilentProgress(), untranslated(".part.qgz")) as part:
        # As where it will lie, for paths are relative to it.
        if not project.write(str(part)):
            raise OutputError(
                "The project could not be written: {reason}",
                where=str(path),
                advice="Free some space or choose another folder.",
                reason=project.error(),
            )
        if comment:
            with ZipFile(part, "a") as archive:
                archive.comment = comment


def add_to_project(project: QgsProject, content: PageContent, name: str, fill: Fill) -> tuple[str, list[str]]:
    """Add the page to a project, and the maps that it lacks.

    Returns:
        Name of the page in the Layout Manager, and what could not be placed.
    """
    maps = []
    known = {layer.source(): layer for layer in project.mapLayers().values()}
    for layer in content.layers:
        there = project.mapLayer(layer.id()) or known.get(layer.source())
        maps.append(there if there is not None else project.addMapLayer(layer.clone()))
    page = _add_page(project, content, maps, _free_name(project, name), fill)
    project.setDirty(True)
    return page.layout.name(), page.notes


def _add_page(
    project: QgsProject, content: PageContent, maps: Sequence[QgsMapLayer], name: str, fill: Fill
) -> Page:
    over = [layer.clone() for layer in content.over]
    locator = [layer.clone() for layer in content.locator]
    for layer in (*over, *locator):
        layer.setFlags(layer.flags() | QgsMapLayer.LayerFlag.Private)
        project.addMapLayer(layer, False)
    layout = QgsPrintLayout(project)
    layout.setName(name)
    project.layoutManager().addLayout(layout)
    return fill(layout, project, replace(content, layers=maps, over=over, locator=locator))


def _free_name(project: QgsProject, name: str) -> str:
    taken = {layout.name() for layout in project.layoutManager().layouts()}
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def set_view(project: QgsProject, crs: QgsCoordinateReferenceSystem, extent: QgsRectangle) -> None:
    """Give a project a CRS, and the extent that it opens with."""
    project.setCrs(crs, True)
    project.viewSettings().setDefaultViewExtent(QgsReferencedRectangle(extent, crs))
