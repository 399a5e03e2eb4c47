"""Project of the demo: its layers with names and notes in the user's language, as the tutorial begins."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from qgis.core import (
    QgsBookmark,
    QgsLayerNotesUtils,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsReferencedRectangle,
    QgsVectorLayer,
)

from ...core.marks import DEMO_PROJECT, kinds_of
from ..i18n.translation import tr
from .project import save_project, set_view

# QGIS does not keep the comment of a zip, so that a project without it was saved by the user.
_COMMENT = b"as written by createdemo"
_MARGIN = 1.05


def is_own_work(path: Path) -> bool:
    """Return whether a demo project was saved again in QGIS, so that it may hold the user's work."""
    if DEMO_PROJECT not in kinds_of(path):
        return False
    try:
        with ZipFile(path) as archive:
            return archive.comment != _COMMENT
    except (OSError, BadZipFile):
        return False


def write_demo_project(path: Path, scene: str, training: str, reference: str) -> None:
    """Write a project with the scene in natural colour, the polygons by class, and the true map switched off.

    Args:
        path: Path of the project (``.qgz``), in the folder of the demo's files.
        scene: Path of the scene.
        training: Path of the training polygons.
        reference: Path of the true map.

    Raises:
        OutputError: The file could not be written.
    """
    project = QgsProject()
    project.setTitle(tr("Demo scene"))
    polygons = QgsVectorLayer(training, tr("Training polygons"))
    image = QgsRasterLayer(scene, tr("Demo scene"))
    truth = QgsRasterLayer(reference, tr("Reference map"))
    notes: list[tuple[QgsMapLayer, str]] = [
        (
            polygons,
            tr(
                "Training polygons in the colours of their classes. The field class has the class value, the "
                "field name its name. Give the layer as training samples to 'Train a land-cover model'."
            ),
        ),
        (
            image,
            tr(
                "An invented scene with ten bands like Sentinel-2 at 20 m, in natural colour. The values are "
                "reflectance × 10,000. The hole is a cloud without data."
            ),
        ),
        (
            truth,
            tr(
                "The true class of each pixel, which is not known of real land. It is switched off: compare "
                "your own map with it, in 'Assess accuracy and area'."
            ),
        ),
    ]
    for layer, text in notes:
        QgsLayerNotesUtils.setLayerNotes(layer, f"<p>{text}</p>")
        project.addMapLayer(layer, False)
    root = project.layerTreeRoot()
    root.addLayer(polygons)
    group = root.addGroup(tr("To compare your map with"))
    group.addLayer(truth).setExpanded(False)
    group.setItemVisibilityChecked(False)
    group.setExpanded(False)
    root.addLayer(image).setExpanded(False)
    extent = image.extent()
    extent.scale(_MARGIN)
    set_view(project, image.crs(), extent)
    bookmark = QgsBookmark()
    bookmark.setName(tr("Demo scene"))
    bookmark.setExtent(QgsReferencedRectangle(extent, image.crs()))
    project.bookmarkManager().addBookmark(bookmark)
    save_project(project, path, DEMO_PROJECT, _COMMENT)
